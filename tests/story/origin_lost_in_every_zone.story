# No zone has an origin: a common cause, and no move would help.
run-for 5s
origin primary dies
origin replica dies
run-for 20s

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
   5.6s story    origin primary dies
   5.6s story    origin replica dies
   5.8s verdict  origin a is down: connection refused
   5.8s verdict  origin b is down: connection refused
   5.8s verdict  site is everything: no zone (a, b) has a working origin
   5.8s verdict  zone a is degraded: origin down, its database is not
   5.8s verdict  zone b is degraded: origin down, its database is not
   5.8s veto     zone a fails its users; origin of zone a is down; origin of zone b is down: everything_down (no zone (a, b) has a working origin: look at our own network and at what all share); elevated_errors (zone a has no working origin; left when that has surely been so for 5 s); primary_unaffected (the primary db-a serves and is protected: nothing is moved)
  11.2s veto     zone a fails its users; origin of zone a is down; origin of zone b is down: everything_down (no zone (a, b) has a working origin: look at our own network and at what all share); backup_not_ready (zone b is not known to have a working origin: connection refused); candidate_zone_down (zone b has no working origin: connection refused); primary_unaffected (the primary db-a serves and is protected: nothing is moved)
  25.6s stopped  
