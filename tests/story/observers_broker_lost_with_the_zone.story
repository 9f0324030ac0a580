# The broker dies with the primary's zone: nobody can vote, a second vantage will do.
set observers=daemon,a,b,c
run-for 5s
kill a
broker dies
run-for 15s
broker returns
run-for 5s
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
   5.6s story    kill a
   5.6s story    broker dies
   5.8s verdict  database db-a is down: connection refused
   5.8s verdict  origin a is down: connection refused
   5.8s verdict  redis a is down: connection refused
   5.8s verdict  zone a is zone_lost: neither database nor services answer
   5.8s veto     primary db-a in zone a is lost: no_quorum (most see it up: 1 of 4 observers see it down, 3 are needed (down: daemon; up: a, b, c))
   9.2s veto     none holds; primary db-a in zone a is lost
   9.2s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   9.2s intent   confirm
   9.2s outcome  confirm done
   9.2s intent   hold
   9.2s outcome  hold done
   9.2s intent   freeze
   9.2s outcome  freeze done
   9.2s intent   fence
   9.2s outcome  fence done proof=process
   9.2s intent   drain
   9.2s outcome  drain done
   9.2s intent   verify
   9.2s outcome  verify done
   9.2s intent   invalidate
   9.2s outcome  invalidate done
   9.2s intent   repoint
   9.2s outcome  repoint refused: no other replica exists
   9.2s intent   unprotect
   9.2s outcome  unprotect done
   9.2s intent   open
   9.2s outcome  open done
   9.2s intent   canary
   9.2s outcome  canary done
   9.2s intent   reroute
   9.2s outcome  reroute done
   9.2s intent   release
   9.2s outcome  release done
   9.2s intent   provision
  10.2s outcome  provision done
  10.2s intent   seed
  10.2s outcome  seed done
  10.2s intent   register
  10.2s outcome  register done
  10.2s intent   attach
  10.2s outcome  attach done
  10.2s intent   protect
  12.2s verdict  database db-c is ok: answers
  12.2s outcome  protect done acker=db-c
  12.2s intent   verify_end
  12.2s outcome  verify_end done
  12.2s ended    failover completed
  13.2s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  20.6s story    broker returns
  20.6s veto     redis of zone a is down; no failover would begin by itself: primary_unaffected (the primary db-b serves and is protected: nothing is moved); no_quorum (1 of 4 expected observers count, 3 are needed: a: stale: 16.8 s old; b: stale: 15.8 s old; c: stale: 15.8 s old)
  20.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  25.6s stopped  
