# Two of two, and one goes deaf while a run waits for its own canary: the stall is seen
# beside it, and ended in seconds, not when the run's time is over.
set engine=mysql
set replicas=2
set acks=2
tell a 1
block a b
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
   6.2s outcome  protect unknown: preempted: writes stall for 2.1 s: not 2 ackers answer
   6.2s ended    widen under_replicated: protect: preempted: writes stall for 2.1 s: not 2 ackers answer
   6.2s started  restore epoch=4 at degrade: a replica of db-a in none: writes stall for 2.1 s: not 2 ackers answer
   6.2s intent   degrade
   6.2s outcome  degrade done
   6.2s intent   provision
   6.2s outcome  provision refused: no healthy zone is free for a new replica
   6.2s ended    restore under_replicated: provision: no healthy zone is free for a new replica
   7.3s started  restore epoch=5 at register: a replica of db-a in db-b: unprotected: Writes wait for a replica that is gone; recorded, then released.
   7.3s intent   register
   7.3s outcome  register done
   7.3s intent   attach
   7.3s outcome  attach done
   7.3s intent   protect
  14.0s stopped  
