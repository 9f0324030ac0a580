# Two acknowledgements of two replicas: without one of them commits wait for nothing
# that can come, so durability is given up on record, and earned again by both.
set engine=mysql
set replicas=2
set acks=2
kill c
run-for 8
heal c
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
   4.0s story    kill c
   4.0s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   4.2s verdict  database db-c is down: connection refused
   4.2s verdict  origin c is down: connection refused
   4.2s verdict  redis c is down: connection refused
   4.2s verdict  zone c is zone_lost: neither database nor services answer
   4.2s veto     origin of zone c is down; redis of zone c is down; replica db-c is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
   5.6s veto     none holds; writes stall for 1.6 s: not 2 ackers answer
   5.6s started  restore epoch=3 at degrade: a replica of db-a in none: writes stall for 1.6 s: not 2 ackers answer
   5.6s intent   degrade
   5.6s outcome  degrade done
   5.6s intent   provision
   5.6s outcome  provision refused: no healthy zone is free for a new replica
   5.6s ended    restore under_replicated: provision: no healthy zone is free for a new replica
   6.6s veto     unprotected: Writes wait for a replica that is gone; recorded, then released.: no_spare_zone (no healthy zone is free for a replica)
  12.0s story    heal c
  12.2s verdict  database db-c is ok: answers
  12.2s verdict  origin c is ok: answers
  12.2s verdict  redis c is ok: answers
  12.2s veto     none holds; unprotected: Writes wait for a replica that is gone; recorded, then released.
  12.2s started  restore epoch=4 at register: a replica of db-a in db-c: unprotected: Writes wait for a replica that is gone; recorded, then released.
  12.2s intent   register
  12.2s outcome  register done
  12.2s intent   attach
  12.2s outcome  attach done
  12.2s intent   protect
  13.4s verdict  zone c is none: nothing is the matter with it
  14.0s outcome  protect done acker=db-c
  14.0s intent   verify_end
  14.0s outcome  verify_end done
  14.0s ended    restore completed
  22.0s stopped  
