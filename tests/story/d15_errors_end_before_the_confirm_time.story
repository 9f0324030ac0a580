# D15: 90 s of errors and then none, before the time to confirm is over: nothing moves, and it begins anew.
set zone_errors_s=100
traffic a good=100
traffic b good=20
run-for 15s
traffic a good=70 bad=30
run-for 90s
traffic a good=100
run-for 20s
traffic a good=70 bad=30
run-for 90s

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
  15.6s story    traffic a good=70 bad=30
  20.0s verdict  zone a is degraded: users get many errors here, and not elsewhere
  20.0s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 100 s)
 105.6s story    traffic a good=100
 116.0s veto     none holds; no trouble
 117.4s verdict  zone a is none: nothing is the matter with it
 125.6s story    traffic a good=70 bad=30
 125.7s verdict  zone a is degraded: users get many errors here, and not elsewhere
 125.7s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 100 s)
 215.6s stopped  
