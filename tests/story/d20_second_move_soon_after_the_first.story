# D20: two minutes after a move the next one is wanted: refused until the cooldown has passed.
set cooldown_s=180
traffic a good=70 bad=30
traffic b good=20
traffic c good=20
run-for 20s
traffic a good=20
traffic b good=70 bad=30
run-for 200s

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
  20.6s story    traffic a good=20
  20.6s story    traffic b good=70 bad=30
  23.0s verdict  zone b is one_site: users get many errors, and nothing says that elsewhere they would not
  23.0s veto     zone b fails its users; zone a fails its users: not_zonal (zone b fails many, but nothing says that another zone would not: they fail too, or nobody asks them); elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  28.4s veto     zone b fails its users; zone a fails its users: elevated_errors (zone b fails many, and others do not; left when that has surely been so for 5 s); elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  29.8s verdict  zone b is degraded: users get many errors here, and not elsewhere
  31.2s veto     zone b fails its users: elevated_errors (zone b fails many, and others do not; left when that has surely been so for 5 s)
  32.6s verdict  zone a is none: nothing is the matter with it
  34.0s veto     zone b fails its users: backup_not_ready (zone a fails its users too); cooldown (a move ended, or was undone, recently; 155 s left)
  52.4s veto     zone b fails its users: cooldown (a move ended, or was undone, recently; 137 s left)
 189.8s veto     none holds; zone b fails its users
 189.8s started  switchover epoch=3 at confirm: db-b to db-a: zone b fails its users: 300 of 1000 failed, surely above 27.2%; 100% of all failures; p 2.6e-51
 189.8s intent   confirm
 189.8s outcome  confirm done
 189.8s intent   hold
 189.8s outcome  hold done
 189.8s intent   close
 189.8s outcome  close done proof=sql
 189.8s intent   catch_up
 189.8s outcome  catch_up done
 189.8s intent   freeze
 189.8s outcome  freeze done
 189.8s intent   verify
 189.8s outcome  verify done
 189.8s intent   invalidate
 189.8s outcome  invalidate done
 189.8s intent   repoint
 189.8s outcome  repoint refused: no other replica exists
 189.8s intent   unprotect
 189.8s outcome  unprotect done
 189.8s intent   open
 189.8s outcome  open done
 189.8s intent   canary
 189.8s outcome  canary done
 189.8s intent   reroute
 189.8s outcome  reroute done
 189.8s intent   release
 189.8s outcome  release done
 189.8s intent   retire
 189.8s outcome  retire done proof=process
 189.8s intent   compare
 189.8s outcome  compare done told=nothing the successor lacks
 189.8s intent   resume
 189.8s outcome  resume done
 189.8s intent   register
 189.8s outcome  register done
 189.8s intent   attach
 189.8s outcome  attach done
 189.8s intent   protect
 190.8s veto     zone b fails its users: elevated_errors (zone b fails many, and others do not; the primary is not there, so no move would help)
 191.8s outcome  protect done acker=db-b
 191.8s intent   verify_end
 191.8s outcome  verify_end done
 191.8s ended    switchover completed
 220.6s stopped  
