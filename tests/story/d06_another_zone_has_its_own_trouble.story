# D6: a serves 55 %, b 98 % for a reason of its own: a is left, and b is where to.
traffic a good=100
traffic b good=98 bad=2
traffic c good=100
run-for 15s
traffic a good=55 bad=45
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
   0.6s story    traffic a good=100
   0.6s story    traffic b good=98 bad=2
   0.6s story    traffic c good=100
  15.6s story    traffic a good=55 bad=45
  19.0s verdict  zone a is degraded: users get many errors here, and not elsewhere
  19.0s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
  24.4s veto     none holds; zone a fails its users
  24.4s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: 396 of 1040 failed, surely above 35.2%; 95% of all failures; p 1.1e-184
  24.4s intent   confirm
  24.4s outcome  confirm done
  24.4s intent   hold
  24.4s outcome  hold done
  24.4s intent   close
  24.4s outcome  close done proof=sql
  24.4s intent   catch_up
  24.4s outcome  catch_up done
  24.4s intent   freeze
  24.4s outcome  freeze done
  24.4s intent   verify
  24.4s outcome  verify done
  24.4s intent   invalidate
  24.4s outcome  invalidate done
  24.4s intent   repoint
  24.4s outcome  repoint refused: no other replica exists
  24.4s intent   unprotect
  24.4s outcome  unprotect done
  24.4s intent   open
  24.4s outcome  open done
  24.4s intent   canary
  24.4s outcome  canary done
  24.4s intent   reroute
  24.4s outcome  reroute done
  24.4s intent   release
  24.4s outcome  release done
  24.4s intent   retire
  24.4s outcome  retire done proof=process
  24.4s intent   compare
  24.4s outcome  compare done told=nothing the successor lacks
  24.4s intent   resume
  24.4s outcome  resume done
  24.4s intent   register
  24.4s outcome  register done
  24.4s intent   attach
  24.4s outcome  attach done
  24.4s intent   protect
  25.4s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  26.4s outcome  protect done acker=db-a
  26.4s intent   verify_end
  26.4s outcome  verify_end done
  26.4s ended    switchover completed
  35.6s stopped  
