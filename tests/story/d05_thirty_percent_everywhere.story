# D5: 30 % of all answers of all zones are errors: a common cause, nothing moves.
traffic a good=100
traffic b good=100
traffic c good=100
run-for 15s
traffic a good=70 bad=30
traffic b good=70 bad=30
traffic c good=70 bad=30
run-for 30s

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
   0.6s story    traffic b good=100
   0.6s story    traffic c good=100
  15.6s story    traffic a good=70 bad=30
  15.6s story    traffic b good=70 bad=30
  15.6s story    traffic c good=70 bad=30
  20.0s verdict  zone a is one_site: users get many errors, and nothing says that elsewhere they would not
  20.0s verdict  zone b is one_site: users get many errors, and nothing says that elsewhere they would not
  20.0s verdict  zone c is one_site: users get many errors, and nothing says that elsewhere they would not
  20.0s veto     zone c fails its users; zone b fails its users; zone a fails its users: not_zonal (zone c fails many, but nothing says that another zone would not: they fail too, or nobody asks them); not_zonal (zone b fails many, but nothing says that another zone would not: they fail too, or nobody asks them); not_zonal (zone a fails many, but nothing says that another zone would not: they fail too, or nobody asks them)
  45.6s stopped  
