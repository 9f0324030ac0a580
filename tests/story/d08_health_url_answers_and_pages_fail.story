# D8: the health URL answers, all real pages are errors: what users get wins.
traffic a good=100
traffic b good=20
run-for 15s
traffic a bad=100
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
   0.6s story    traffic b good=20
  15.6s story    traffic a bad=100
  17.0s verdict  zone a is degraded: users get many errors here, and not elsewhere
  17.0s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
  22.4s veto     none holds; zone a fails its users
  22.4s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: 680 of 1040 failed, surely above 62.4%; 100% of all failures; p 7.9e-83
  22.4s intent   confirm
  22.4s outcome  confirm done
  22.4s intent   hold
  22.4s outcome  hold done
  22.4s intent   close
  22.4s outcome  close done proof=sql
  22.4s intent   catch_up
  22.4s outcome  catch_up done
  22.4s intent   freeze
  22.4s outcome  freeze done
  22.4s intent   verify
  22.4s outcome  verify done
  22.4s intent   invalidate
  22.4s outcome  invalidate done
  22.4s intent   repoint
  22.4s outcome  repoint refused: no other replica exists
  22.4s intent   unprotect
  22.4s outcome  unprotect done
  22.4s intent   open
  22.4s outcome  open done
  22.4s intent   canary
  22.4s outcome  canary done
  22.4s intent   reroute
  22.4s outcome  reroute done
  22.4s intent   release
  22.4s outcome  release done
  22.4s intent   retire
  22.4s outcome  retire done proof=process
  22.4s intent   compare
  22.4s outcome  compare done told=nothing the successor lacks
  22.4s intent   resume
  22.4s outcome  resume done
  22.4s intent   register
  22.4s outcome  register done
  22.4s intent   attach
  22.4s outcome  attach done
  22.4s intent   protect
  23.4s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  24.4s outcome  protect done acker=db-a
  24.4s intent   verify_end
  24.4s outcome  verify_end done
  24.4s ended    switchover completed
  35.6s stopped  
