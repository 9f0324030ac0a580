# The primary restarts while no acker answers: to open it unprotected is for a person.
block controller b
run-for 3s
restart a
run-for 4s
mend controller b
run-for 4s

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
   0.6s story    block controller b
   2.3s verdict  database db-b is down: no answer within 0.4 s
   2.3s verdict  zone b is database_only: its database does not answer, and this does: origin, redis
   2.3s veto     replica db-b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
   3.9s story    restart a
   4.3s veto     primary db-a in zone a takes no writes: no_acker (no acker answers: only a person may open it unprotected, by hand)
   8.3s story    mend controller b
   8.5s verdict  database db-b is ok: answers
   8.5s veto     none holds; primary db-a in zone a takes no writes
   8.5s started  reopen epoch=2 at confirm: db-a: db-a restarted in place and is read-only
   8.5s intent   confirm
   8.5s outcome  confirm done
   8.5s intent   follow
   8.5s outcome  follow done
   8.5s intent   enable
   8.5s outcome  enable done
   8.5s intent   earn
   8.5s outcome  earn done acker=db-b
   8.5s intent   open
   8.5s outcome  open done
   8.5s intent   canary
   8.5s outcome  canary done acker=db-b
   8.5s intent   verify_end
   8.5s outcome  verify_end done
   8.5s ended    reopen completed
  10.0s verdict  zone b is none: nothing is the matter with it
  12.3s stopped  
