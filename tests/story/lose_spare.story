# The spare zone dies: nothing moves, and it says so.
kill c
run-for 4s
heal c
run-for 2s
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
   0.6s story    kill c
   0.8s verdict  origin c is down: connection refused
   0.8s verdict  redis c is down: connection refused
   0.8s verdict  zone c is zone_lost: no service answers
   0.8s veto     redis of zone c is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
   4.6s story    heal c
   4.8s verdict  origin c is ok: answers
   4.8s verdict  redis c is ok: answers
   4.8s veto     none holds; no trouble
   6.2s verdict  zone c is none: nothing is the matter with it
   6.6s stopped  
