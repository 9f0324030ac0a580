# Asked for while paused: it does not fire when somebody resumes after a long lunch.
pause lunch
failover b +primary_answers +still_receiving +no_second_vantage drill
run-for 90s
resume
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
   0.6s story    pause lunch
   0.6s paused   what=nothing, why=lunch
   0.6s story    failover b +primary_answers +still_receiving +no_second_vantage drill
   0.6s wish     to=b, why=drill, overrides=['primary_answers', 'still_receiving', 'no_second_vantage']
   0.6s veto     a failover to zone b was asked for: paused (paused: lunch)
  61.0s veto     none holds; no trouble
  90.6s story    resume
  90.6s resumed  what=nothing
  95.6s stopped  
