# D18: the only backup zone answers worse than the primary's, or nobody knows how: held, by name.
traffic a good=1000
traffic b good=3
traffic c good=200
run-for 15s
traffic a good=700 bad=300
traffic b good=1 bad=2
run-for 20s
traffic b good=0
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
   0.6s story    traffic a good=1000
   0.6s story    traffic b good=3
   0.6s story    traffic c good=200
  15.6s story    traffic a good=700 bad=300
  15.6s story    traffic b good=1 bad=2
  20.0s verdict  zone a is degraded: users get many errors here, and not elsewhere
  20.0s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
  25.4s veto     zone a fails its users: backup_not_ready (zone b fails about as many: a move would not help)
  35.6s story    traffic b good=0
  55.6s stopped  
