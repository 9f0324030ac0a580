# Two of two: the acker that did not restart holds all that was acknowledged, so the
# primary is proven complete and opened again.
set engine=mysql
set replicas=2
set acks=2
restart c
restart a
run-for 10
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s findings warning relay_log_recovery on db-a: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart; warning relay_log_recovery on db-b: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   0.3s started  restore epoch=1 at register: a replica of db-a in db-b: unprotected: nothing proven yet
   0.3s intent   register
   0.3s outcome  register done
   0.3s intent   attach
   0.3s outcome  attach done
   0.3s intent   protect
   0.3s outcome  protect done
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.5s started  restore epoch=2 at provision: a replica of db-a in db-c: unprotected: nothing proven yet
   0.5s intent   provision
   1.5s outcome  provision done
   1.5s intent   seed
   1.5s outcome  seed done
   1.5s intent   register
   1.5s outcome  register done
   1.5s intent   attach
   1.5s outcome  attach done
   1.5s intent   protect
   3.5s outcome  protect done acker=db-c
   3.5s intent   verify_end
   3.5s outcome  verify_end done
   3.5s ended    restore completed
   3.8s verdict  database db-c is ok: answers
   4.0s story    restart c
   4.0s story    restart a
   4.0s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   4.0s started  reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
   4.0s intent   confirm
   4.0s outcome  confirm unknown: db-b, db-c may not be read since the restart
   4.3s intent   confirm attempt 2
   4.3s outcome  confirm done
   4.3s intent   follow
   4.3s outcome  follow done
   4.3s intent   enable
   4.3s outcome  enable done
   4.3s intent   earn
   6.0s outcome  earn done acker=db-b
   6.0s intent   open
   6.0s outcome  open done
   6.0s intent   canary
   6.0s outcome  canary done acker=db-b
   6.0s intent   verify_end
   6.0s outcome  verify_end done
   6.0s ended    reopen completed
  14.0s stopped  
