# The controller dies while the primary is opened again, before and after the order to
# open took effect: it begins anew with what it reads, and OPEN is not sent twice.
on earn effect crash
on open effect crash
restart a
run-for 12s

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
   0.6s story    on earn effect crash
   0.6s story    on open effect crash
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
   3.8s started  mode=auto
   4.0s verdict  database db-c is down: connection refused
   4.0s outcome  earn unknown: the controller stopped before it
   4.0s restarted reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
   4.0s intent   confirm
   4.0s outcome  confirm done
   4.0s intent   follow
   4.0s outcome  follow done
   4.0s intent   enable
   4.0s outcome  enable done
   4.0s intent   earn
   4.0s outcome  earn done acker=db-b
   4.0s intent   open
   4.1s serving  db-a takes writes, process db-a-boot-2
   4.2s started  mode=auto
   4.4s verdict  database db-c is down: connection refused
   4.4s outcome  open unknown: the controller stopped before it
   4.4s restarted reopen epoch=4 at confirm: db-a: db-a restarted in place and is read-only
   4.4s intent   confirm
   4.4s outcome  confirm refused: primary_answers: db-a takes writes
   4.4s ended    reopen abandoned: confirm: primary_answers: db-a takes writes
  12.6s stopped  
