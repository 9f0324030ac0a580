# The daemon gets no time to run: it misses every answer, nobody is lost, nothing moves.
run-for 5s
starve 5s
run-for 5s
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
   5.6s story    starve 5s
   6.8s veto     no trouble: unfit_observer (our own loop stood still for 0.50 s: what failed then is no evidence, and every verdict is earned anew; 1.5 s left. If it goes on, the daemon gets too little of this machine)
  13.7s veto     none holds; no trouble
  16.7s stopped  
