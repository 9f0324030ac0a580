# Two of two, and a person tells the primary to wait for one: on record, and set again,
# so that whoever starts from the journal leaves no acker out.
set engine=mysql
set replicas=2
set acks=2
tell a 1
run-for 4
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
   4.0s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   4.0s serving  db-a was told by hand to wait for 1 acks
   4.0s started  widen epoch=3 at protect: one more replica of db-a in db-c: commits waited for 1 and shall for 2
   4.0s intent   protect
   4.0s outcome  protect done acker=db-c
   4.0s intent   verify_end
   4.0s outcome  verify_end done
   4.0s ended    widen completed
   8.0s stopped  
