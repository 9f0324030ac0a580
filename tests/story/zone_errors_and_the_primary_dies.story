# Errors of one zone end with the zone's death in the middle of the graceful move: it is failed over.
traffic a good=70 bad=30
traffic b good=20
on catch_up intent kill a
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
   0.6s story    traffic a good=70 bad=30
   0.6s story    traffic b good=20
   0.6s story    on catch_up intent kill a
   0.9s verdict  zone a is one_site: users get many errors, and nothing says that elsewhere they would not
   0.9s veto     zone a fails its users: not_zonal (zone a fails many, but nothing says that another zone would not: they fail too, or nobody asks them)
   2.3s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
   3.7s verdict  zone a is degraded: users get many errors here, and not elsewhere
   8.1s veto     none holds; zone a fails its users
   8.1s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: 224 of 748 failed, surely above 26.8%; 100% of all failures; p 1.7e-21
   8.1s intent   confirm
   8.1s outcome  confirm done
   8.1s intent   hold
   8.1s outcome  hold done
   8.1s intent   close
   8.1s outcome  close done proof=sql
   8.1s intent   catch_up
  10.1s outcome  catch_up refused: db-a does not answer
  10.1s intent   unfreeze
  10.1s outcome  unfreeze done
  10.1s intent   reopen
  10.1s outcome  reopen refused: not sent, the connection is silent: connection refused
  10.6s intent   reopen attempt 2
  10.6s outcome  reopen refused: not sent, the connection is silent: connection refused
  11.1s verdict  database db-a is down: connection refused
  11.1s verdict  origin a is down: connection refused
  11.1s verdict  redis a is down: connection refused
  11.1s ended    switchover abandoned: reopen: preempted: db-a in zone a is lost; zone lost: no service answers
  11.1s started  failover epoch=3 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: no service answers
  11.1s intent   confirm
  11.1s outcome  confirm done
  11.1s intent   hold
  11.1s outcome  hold done
  11.1s intent   freeze
  11.1s outcome  freeze done
  11.1s intent   fence
  11.1s outcome  fence done proof=process
  11.1s intent   drain
  11.1s outcome  drain done
  11.1s intent   verify
  11.1s outcome  verify done
  11.1s intent   invalidate
  11.1s outcome  invalidate done
  11.1s intent   repoint
  11.1s outcome  repoint refused: no other replica exists
  11.1s intent   unprotect
  11.1s outcome  unprotect done
  11.1s intent   open
  11.1s outcome  open done
  11.1s intent   canary
  11.1s outcome  canary done
  11.1s intent   reroute
  11.1s outcome  reroute done
  11.1s intent   release
  11.1s outcome  release done
  11.1s intent   provision
  12.1s outcome  provision done
  12.1s intent   seed
  12.1s outcome  seed done
  12.1s intent   register
  12.1s outcome  register done
  12.1s intent   attach
  12.1s outcome  attach done
  12.1s intent   protect
  12.1s verdict  zone a is zone_lost: no service answers
  12.1s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help)
  14.1s outcome  protect done acker=db-c
  14.1s intent   verify_end
  14.1s outcome  verify_end done
  14.1s ended    failover completed
  15.1s verdict  database db-c is ok: answers
  15.1s veto     zone a fails its users; redis of zone a is down: elevated_errors (zone a fails many, and others do not; the primary is not there, so no move would help); primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  30.6s stopped  
