# D13: a zone answers well for 20 s and badly for 20 s, again and again: one move, and then it stays.
traffic a good=70 bad=30
traffic b good=20
traffic c good=20
run-for 20s
traffic a good=100
run-for 20s
traffic a good=70 bad=30
run-for 20s
traffic a good=100
run-for 20s
traffic a good=70 bad=30
run-for 20s
traffic a good=100
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
   0.6s story    traffic a good=70 bad=30
   0.6s story    traffic b good=20
   0.6s story    traffic c good=20
   0.9s verdict  zone a is one_site: users get many errors, and nothing says that elsewhere they would not
   0.9s veto     zone a fails its users: not_zonal (zone a fails many, but nothing says that another zone would not: they fail too, or nobody asks them)
   1.2s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
   2.6s verdict  zone a is degraded: users get many errors here, and not elsewhere
   7.0s veto     none holds; zone a fails its users
   7.0s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: 192 of 640 failed, surely above 26.6%; 100% of all failures; p 4.3e-33
   7.0s intent   confirm
   7.0s outcome  confirm done
   7.0s intent   hold
   7.0s outcome  hold done
   7.0s intent   close
   7.0s outcome  close done proof=sql
   7.0s intent   catch_up
   7.0s outcome  catch_up done
   7.0s intent   freeze
   7.0s outcome  freeze done
   7.0s intent   verify
   7.0s outcome  verify done
   7.0s intent   invalidate
   7.0s outcome  invalidate done
   7.0s intent   repoint
   7.0s outcome  repoint refused: no other replica exists
   7.0s intent   unprotect
   7.0s outcome  unprotect done
   7.0s intent   open
   7.0s outcome  open done
   7.0s intent   canary
   7.0s outcome  canary done
   7.0s intent   reroute
   7.0s outcome  reroute done
   7.0s intent   release
   7.0s outcome  release done
   7.0s intent   retire
   7.0s outcome  retire done proof=process
   7.0s intent   compare
   7.0s outcome  compare done told=nothing the successor lacks
   7.0s intent   resume
   7.0s outcome  resume done
   7.0s intent   register
   7.0s outcome  register done
   7.0s intent   attach
   7.0s outcome  attach done
   7.0s intent   protect
   8.0s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
   9.0s outcome  protect done acker=db-a
   9.0s intent   verify_end
   9.0s outcome  verify_end done
   9.0s ended    switchover completed
  20.6s story    traffic a good=100
  31.0s veto     none holds; no trouble
  32.4s verdict  zone a is none: nothing is the matter with it
  40.6s story    traffic a good=70 bad=30
  40.7s verdict  zone a is degraded: users get many errors here, and not elsewhere
  40.7s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  60.6s story    traffic a good=100
  71.0s veto     none holds; no trouble
  72.4s verdict  zone a is none: nothing is the matter with it
  80.6s story    traffic a good=70 bad=30
  80.7s verdict  zone a is degraded: users get many errors here, and not elsewhere
  80.7s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
 100.6s story    traffic a good=100
 111.0s veto     none holds; no trouble
 112.4s verdict  zone a is none: nothing is the matter with it
 120.6s stopped  
