# D9: only our probe of the health URL fails, users are served: nothing moves, the probe is named.
traffic a good=100
traffic b good=20
run-for 15s
probe a origin fails
run-for 20s
probe a origin answers
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
   0.6s story    traffic a good=100
   0.6s story    traffic b good=20
  15.6s story    probe a origin fails
  15.8s verdict  origin a is down: connection refused
  15.8s verdict  zone a is observer_cut_off: its origin does not answer our probe, and users are served
  15.8s veto     our probe of zone a's origin fails; origin of zone a is down: probe_doubted (users of zone a are served, by the edges' counters: what is between us and its health URL? (connection refused)); primary_unaffected (the primary db-a serves and is protected: nothing is moved)
  35.6s story    probe a origin answers
  35.8s verdict  origin a is ok: answers
  35.8s veto     none holds; no trouble
  37.2s verdict  zone a is none: nothing is the matter with it
  45.6s stopped  
