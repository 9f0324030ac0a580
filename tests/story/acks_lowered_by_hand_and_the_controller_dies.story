# The one that acknowledges is lost with the primary, the other was deaf: the next
# controller has nobody to ask, and does not promote what may lack writes.
set engine=mysql
set replicas=2
set acks=2
tell a 1
block a b
run-for 2
freeze a
freeze c
crash
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
   4.0s story    tell a 1
   4.0s story    block a b
   4.0s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   4.0s serving  db-a was told by hand to wait for 1 acks
   4.0s started  widen epoch=3 at protect: one more replica of db-a in db-c: commits waited for 1 and shall for 2
   4.0s intent   protect
   6.0s story    freeze a
   6.0s story    freeze c
   6.0s story    crash
   6.0s started  mode=auto
   9.2s verdict  database db-a is down: no answer within 0.4 s
   9.2s verdict  database db-c is down: no answer within 0.4 s
   9.2s verdict  origin a is down: connection refused
   9.2s verdict  redis a is down: connection refused
   9.2s verdict  origin c is down: connection refused
   9.2s verdict  redis c is down: connection refused
   9.2s verdict  zone a is zone_lost: neither database nor services answer
   9.2s verdict  zone c is zone_lost: no service answers
   9.2s veto     primary db-a in zone a is lost: acker_unseen (db-c may have acknowledged writes and does not answer)
   9.2s outcome  protect unknown: the controller stopped before it
   9.2s intent   protect
  11.9s outcome  protect refused: db-c does not answer
  12.1s intent   protect attempt 2
  14.7s outcome  protect refused: db-c does not answer
  14.9s intent   protect attempt 3
  16.8s stopped  
