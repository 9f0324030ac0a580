# A primary that restarts again within the cool-down is not opened again and again.
set cooldown_s=20
restart a
run-for 5s
restart a
run-for 25s

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
   5.6s story    restart a
   5.6s veto     primary db-a in zone a takes no writes: cooldown (it was opened again recently; 17 s left)
  23.0s veto     none holds; primary db-a in zone a takes no writes
  23.0s started  reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
  23.0s intent   confirm
  23.0s outcome  confirm done
  23.0s intent   follow
  23.0s outcome  follow done
  23.0s intent   enable
  23.0s outcome  enable done
  23.0s intent   earn
  23.0s outcome  earn done acker=db-b
  23.0s intent   open
  23.0s outcome  open done
  23.0s intent   canary
  23.0s outcome  canary done acker=db-b
  23.0s intent   verify_end
  23.0s outcome  verify_end done
  23.0s ended    reopen completed
  30.6s stopped  
