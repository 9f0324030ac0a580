# The primary's process is restarted in place, before anybody calls it down: it comes
# up read-only and without semi-sync, earns an acknowledgement and is opened again.
restart a
run-for 6s

----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s started  restore epoch=1 at register: a replica of db-a in db-b: unprotected: nothing proven yet
   0.3s intent   register
   0.3s outcome  register done
   0.3s intent   attach
   0.3s outcome  attach done
   0.3s intent   protect
   0.3s outcome  protect done acker=db-b
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.6s story    restart a
   0.6s started  reopen epoch=2 at confirm: db-a: db-a restarted in place and is read-only
   0.6s intent   confirm
   0.6s outcome  confirm unknown: db-b may not be read since the restart
   0.9s intent   confirm attempt 2
   0.9s outcome  confirm done
   0.9s intent   follow
   0.9s outcome  follow done
   0.9s intent   enable
   0.9s outcome  enable done
   0.9s intent   earn
   2.6s outcome  earn done acker=db-b
   2.6s intent   open
   2.6s outcome  open done
   2.6s intent   canary
   2.6s outcome  canary done acker=db-b
   2.6s intent   verify_end
   2.6s outcome  verify_end done
   2.6s ended    reopen completed
   6.6s stopped  
