# A frozen broker keeps votes: they are stale when it thaws, whatever time they come.
set observers=daemon,b,c
set without_quorum=hold
run-for 5s
broker freezes
run-for 10s
kill a
run-for 10s
broker thaws
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
   5.6s story    broker freezes
   9.0s veto     no trouble: no_quorum (1 of 3 expected observers count, 2 are needed: b: stale: 5.2 s old; c: stale: 5.2 s old)
  15.6s story    kill a
  15.8s verdict  database db-a is down: connection refused
  15.8s verdict  origin a is down: connection refused
  15.8s verdict  redis a is down: connection refused
  15.8s verdict  zone a is zone_lost: neither database nor services answer
  15.8s veto     primary db-a in zone a is lost: no_quorum (1 of 3 observers see it down, 2 are needed (down: daemon; not counted: b, c); broker: our own words do not come back)
  25.6s story    broker thaws
  25.6s veto     none holds; primary db-a in zone a is lost
  25.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  25.6s intent   confirm
  25.6s outcome  confirm done
  25.6s intent   hold
  25.6s outcome  hold done
  25.6s intent   freeze
  25.6s outcome  freeze done
  25.6s intent   fence
  25.6s outcome  fence done proof=process
  25.6s intent   drain
  25.6s outcome  drain done
  25.6s intent   verify
  25.6s outcome  verify done
  25.6s intent   invalidate
  25.6s outcome  invalidate done
  25.6s intent   repoint
  25.6s outcome  repoint refused: no other replica exists
  25.6s intent   unprotect
  25.6s outcome  unprotect done
  25.6s intent   open
  25.6s outcome  open done
  25.6s intent   canary
  25.6s outcome  canary done
  25.6s intent   reroute
  25.6s outcome  reroute done
  25.6s intent   release
  25.6s outcome  release done
  25.6s intent   provision
  26.6s outcome  provision done
  26.6s intent   seed
  26.6s outcome  seed done
  26.6s intent   register
  26.6s outcome  register done
  26.6s intent   attach
  26.6s outcome  attach done
  26.6s intent   protect
  28.6s verdict  database db-c is ok: answers
  28.6s outcome  protect done acker=db-c
  28.6s intent   verify_end
  28.6s outcome  verify_end done
  28.6s ended    failover completed
  29.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  35.6s stopped  
