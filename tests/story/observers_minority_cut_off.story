# Another zone's observer is cut off with its zone and sees the primary down: a minority.
set observers=daemon,a,b,c
set replicas=2
run-for 5s
block c a
run-for 10s
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
   0.5s started  widen epoch=2 at provision: one more replica of db-a in db-c: 1 of 2 replicas of db-a acknowledge
   0.5s intent   provision
   1.5s outcome  provision done
   1.5s intent   seed
   1.5s outcome  seed done
   1.5s intent   register
   3.5s outcome  register done
   3.5s intent   attach
   3.5s outcome  attach done
   3.5s intent   protect
   3.5s outcome  protect done acker=db-c
   3.5s intent   verify_end
   3.5s outcome  verify_end done
   3.5s ended    widen completed
   3.8s verdict  database db-c is ok: answers
   9.0s story    block c a
  10.4s veto     observers see primary db-a down, and it answers us: observers_disagree (1 of 4 observers see it down, 3 are needed (down: c; up: daemon, a, b))
  19.0s stopped  
