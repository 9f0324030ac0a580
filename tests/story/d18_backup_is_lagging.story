# D18: the backup lacks more than it may: held, and moved once it has caught up.
set lag_max=3
traffic a good=100
traffic b good=20
lag b
run-for 15s
traffic a good=70 bad=30
run-for 20s
catch-up b
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
   0.6s story    lag b
  15.6s story    traffic a good=70 bad=30
  20.0s verdict  zone a is degraded: users get many errors here, and not elsewhere
  20.0s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
  25.4s veto     zone a fails its users: target_lagging (db-b lacks 73 transactions, the limit is 3: writes would wait for them)
  35.6s story    catch-up b
  35.6s veto     none holds; zone a fails its users
  35.6s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: 304 of 1012 failed, surely above 27.3%; 100% of all failures; p 8.3e-29
  35.6s intent   confirm
  35.6s outcome  confirm done
  35.6s intent   hold
  35.6s outcome  hold done
  35.6s intent   close
  35.6s outcome  close done proof=sql
  35.6s intent   catch_up
  35.6s outcome  catch_up done
  35.6s intent   freeze
  35.6s outcome  freeze done
  35.6s intent   verify
  35.6s outcome  verify done
  35.6s intent   invalidate
  35.6s outcome  invalidate done
  35.6s intent   repoint
  35.6s outcome  repoint refused: no other replica exists
  35.6s intent   unprotect
  35.6s outcome  unprotect done
  35.6s intent   open
  35.6s outcome  open done
  35.6s intent   canary
  35.6s outcome  canary done
  35.6s intent   reroute
  35.6s outcome  reroute done
  35.6s intent   release
  35.6s outcome  release done
  35.6s intent   retire
  35.6s outcome  retire done proof=process
  35.6s intent   compare
  35.6s outcome  compare done told=nothing the successor lacks
  35.6s intent   resume
  35.6s outcome  resume done
  35.6s intent   register
  35.6s outcome  register done
  35.6s intent   attach
  35.6s outcome  attach done
  35.6s intent   protect
  36.6s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  37.6s outcome  protect done acker=db-a
  37.6s intent   verify_end
  37.6s outcome  verify_end done
  37.6s ended    switchover completed
  45.6s stopped  
