# Errors of one zone by policy for a person, who switches over.
set zone_errors=hold
traffic a good=70 bad=30
traffic b good=20
run-for 20s
switchover b users get errors
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
   0.6s story    traffic a good=70 bad=30
   0.6s story    traffic b good=20
   0.9s verdict  zone a is one_site: users get many errors, and nothing says that elsewhere they would not
   0.9s veto     zone a fails its users: not_zonal (zone a fails many, but nothing says that another zone would not: they fail too, or nobody asks them)
   2.3s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary answers, and `zone_errors.action` is hold, so that is a person's decision: `sitedr switchover --to` another zone)
   3.7s verdict  zone a is degraded: users get many errors here, and not elsewhere
  20.6s story    switchover b users get errors
  20.6s wish     to=b, why=users get errors, planned=True
  20.6s veto     none holds; a switchover to zone b was asked for: users get errors
  20.6s started  switchover epoch=2 at confirm: db-a to db-b: users get errors
  20.6s intent   confirm
  20.6s outcome  confirm done
  20.6s intent   hold
  20.6s outcome  hold done
  20.6s intent   close
  20.6s outcome  close done proof=sql
  20.6s intent   catch_up
  20.6s outcome  catch_up done
  20.6s intent   freeze
  20.6s outcome  freeze done
  20.6s intent   verify
  20.6s outcome  verify done
  20.6s intent   invalidate
  20.6s outcome  invalidate done
  20.6s intent   repoint
  20.6s outcome  repoint refused: no other replica exists
  20.6s intent   unprotect
  20.6s outcome  unprotect done
  20.6s intent   open
  20.6s outcome  open done
  20.6s intent   canary
  20.6s outcome  canary done
  20.6s intent   reroute
  20.6s outcome  reroute done
  20.6s intent   release
  20.6s outcome  release done
  20.6s intent   retire
  20.6s outcome  retire done proof=process
  20.6s intent   compare
  20.6s outcome  compare done told=nothing the successor lacks
  20.6s intent   resume
  20.6s outcome  resume done
  20.6s intent   register
  20.6s outcome  register done
  20.6s intent   attach
  20.6s outcome  attach done
  20.6s intent   protect
  21.6s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  22.6s outcome  protect done acker=db-a
  22.6s intent   verify_end
  22.6s outcome  verify_end done
  22.6s ended    switchover completed
  30.6s stopped  
