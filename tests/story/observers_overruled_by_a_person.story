# A person overrules the missing majority by name; nobody overrules the fence.
set observers=daemon,b,c
run-for 5s
observer b dies
observer c dies
run-for 8s
kill a
run-for 2s
failover b +no_quorum +recent_attempt zone a burns, I can see it
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
   5.6s story    observer b dies
   5.6s story    observer c dies
   9.0s veto     no trouble: no_quorum (1 of 3 expected observers count, 2 are needed: b: stale: 5.2 s old; c: stale: 5.2 s old)
  13.6s story    kill a
  13.8s verdict  database db-a is down: connection refused
  13.8s verdict  origin a is down: connection refused
  13.8s verdict  redis a is down: connection refused
  13.8s verdict  zone a is zone_lost: neither database nor services answer
  13.8s veto     primary db-a in zone a is lost: no_quorum (1 of 3 observers see it down, 2 are needed (down: daemon; not counted: b, c))
  15.6s story    failover b +no_quorum +recent_attempt zone a burns, I can see it
  15.6s wish     to=b, why=zone a burns, I can see it, overrides=['no_quorum', 'recent_attempt']
  15.6s veto     none holds; primary db-a in zone a is lost
  15.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: zone a burns, I can see it
  15.6s intent   confirm
  15.6s outcome  confirm done
  15.6s intent   hold
  15.6s outcome  hold done
  15.6s intent   freeze
  15.6s outcome  freeze done
  15.6s intent   fence
  15.6s outcome  fence done proof=process
  15.6s intent   drain
  15.6s outcome  drain done
  15.6s intent   verify
  15.6s outcome  verify done
  15.6s intent   invalidate
  15.6s outcome  invalidate done
  15.6s intent   repoint
  15.6s outcome  repoint refused: no other replica exists
  15.6s intent   unprotect
  15.6s outcome  unprotect done
  15.6s intent   open
  15.6s outcome  open done
  15.6s intent   canary
  15.6s outcome  canary done
  15.6s intent   reroute
  15.6s outcome  reroute done
  15.6s intent   release
  15.6s outcome  release done
  15.6s intent   provision
  16.6s outcome  provision done
  16.6s intent   seed
  16.6s outcome  seed done
  16.6s intent   register
  16.6s outcome  register done
  16.6s intent   attach
  16.6s outcome  attach done
  16.6s intent   protect
  16.6s veto     no trouble: no_quorum (1 of 3 expected observers count, 2 are needed: b: stale: 12.8 s old; c: stale: 12.8 s old)
  18.6s outcome  protect done acker=db-c
  18.6s intent   verify_end
  18.6s outcome  verify_end done
  18.6s ended    failover completed
  19.6s verdict  database db-c is ok: answers
  19.6s veto     redis of zone a is down; no failover would begin by itself: primary_unaffected (the primary db-b serves and is protected: nothing is moved); no_quorum (1 of 3 expected observers count, 2 are needed: b: stale: 15.8 s old; c: stale: 15.8 s old)
  25.6s stopped  
