# One zone's HTTP 503: its database is well, users can neither read nor write there.
run-for 5s
origin primary dies
run-for 20s
origin a returns
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
   5.8s verdict  origin a is down: connection refused
   5.8s verdict  zone a is degraded: origin down, its database is not
   5.8s veto     zone a fails its users; origin of zone a is down: elevated_errors (zone a has no working origin; left when that has surely been so for 5 s); primary_unaffected (the primary db-a serves and is protected: nothing is moved)
  11.2s veto     none holds; zone a fails its users
  11.2s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: its origin answers neither us (connection refused) nor any edge
  11.2s intent   confirm
  11.2s outcome  confirm done
  11.2s intent   hold
  11.2s outcome  hold done
  11.2s intent   close
  11.2s outcome  close done proof=sql
  11.2s intent   catch_up
  11.2s outcome  catch_up done
  11.2s intent   freeze
  11.2s outcome  freeze done
  11.2s intent   verify
  11.2s outcome  verify done
  11.2s intent   invalidate
  11.2s outcome  invalidate done
  11.2s intent   repoint
  11.2s outcome  repoint refused: no other replica exists
  11.2s intent   unprotect
  11.2s outcome  unprotect done
  11.2s intent   open
  11.2s outcome  open done
  11.2s intent   canary
  11.2s outcome  canary done
  11.2s intent   reroute
  11.2s outcome  reroute done
  11.2s intent   release
  11.2s outcome  release done
  11.2s intent   retire
  11.2s outcome  retire done proof=process
  11.2s intent   compare
  11.2s outcome  compare done told=nothing the successor lacks
  11.2s intent   resume
  11.2s outcome  resume done
  11.2s intent   register
  11.2s outcome  register done
  11.2s intent   attach
  11.2s outcome  attach done
  11.2s intent   protect
  13.2s outcome  protect done acker=db-a
  13.2s intent   verify_end
  13.2s outcome  verify_end done
  13.2s ended    switchover completed
  14.2s veto     origin of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  25.6s story    origin a returns
  25.8s verdict  origin a is ok: answers
  25.8s veto     none holds; no trouble
  27.2s verdict  zone a is none: nothing is the matter with it
  45.6s stopped  
