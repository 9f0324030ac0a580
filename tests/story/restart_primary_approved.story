# A person is asked before the primary is opened again, and says yes.
set mode=approve
restart a
run-for 3s
approve
run-for 4s

----
   0.0s started  mode=approve
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
   0.6s veto     primary db-a in zone a takes no writes: awaiting_approval (run `sitedr approve` to open it again)
   3.6s story    approve
   3.6s approved what=primary db-a in zone a takes no writes
   3.6s veto     none holds; primary db-a in zone a takes no writes
   3.6s started  reopen epoch=2 at confirm: db-a: db-a restarted in place and is read-only
   3.6s intent   confirm
   3.6s outcome  confirm done
   3.6s intent   follow
   3.6s outcome  follow done
   3.6s intent   enable
   3.6s outcome  enable done
   3.6s intent   earn
   3.6s outcome  earn done acker=db-b
   3.6s intent   open
   3.6s outcome  open done
   3.6s intent   canary
   3.6s outcome  canary done acker=db-b
   3.6s intent   verify_end
   3.6s outcome  verify_end done
   3.6s ended    reopen completed
   7.6s stopped  
