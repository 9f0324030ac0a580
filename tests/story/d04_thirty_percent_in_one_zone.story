# D4: 30 % of one zone's answers are errors, hardly any elsewhere: a planned move.
traffic a good=100
traffic b good=20
traffic c good=20
run-for 15s
traffic a good=70 bad=30
run-for 20s
traffic a good=0
traffic b good=120
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
   0.6s story    traffic b good=20
   0.6s story    traffic c good=20
  15.6s story    traffic a good=70 bad=30
  20.0s verdict  zone a is degraded: users get many errors here, and not elsewhere
  20.0s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
  25.4s veto     none holds; zone a fails its users
  25.4s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: 294 of 980 failed, surely above 27.2%; 100% of all failures; p 2.6e-50
  25.4s intent   confirm
  25.4s outcome  confirm done
  25.4s intent   hold
  25.4s outcome  hold done
  25.4s intent   close
  25.4s outcome  close done proof=sql
  25.4s intent   catch_up
  25.4s outcome  catch_up done
  25.4s intent   freeze
  25.4s outcome  freeze done
  25.4s intent   verify
  25.4s outcome  verify done
  25.4s intent   invalidate
  25.4s outcome  invalidate done
  25.4s intent   repoint
  25.4s outcome  repoint refused: no other replica exists
  25.4s intent   unprotect
  25.4s outcome  unprotect done
  25.4s intent   open
  25.4s outcome  open done
  25.4s intent   canary
  25.4s outcome  canary done
  25.4s intent   reroute
  25.4s outcome  reroute done
  25.4s intent   release
  25.4s outcome  release done
  25.4s intent   retire
  25.4s outcome  retire done proof=process
  25.4s intent   compare
  25.4s outcome  compare done told=nothing the successor lacks
  25.4s intent   resume
  25.4s outcome  resume done
  25.4s intent   register
  25.4s outcome  register done
  25.4s intent   attach
  25.4s outcome  attach done
  25.4s intent   protect
  26.4s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  27.4s outcome  protect done acker=db-a
  27.4s intent   verify_end
  27.4s outcome  verify_end done
  27.4s ended    switchover completed
  35.6s story    traffic a good=0
  35.6s story    traffic b good=120
  46.0s veto     none holds; no trouble
  47.4s verdict  zone a is none: nothing is the matter with it
  65.6s stopped  
