# Too few observers vote: said before there is need of them, and a loss is held.
set observers=daemon,b,c
run-for 5s
observer b dies
observer c dies
run-for 10s
kill a
run-for 5s
observer b returns
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
  15.6s story    kill a
  15.8s verdict  database db-a is down: connection refused
  15.8s verdict  origin a is down: connection refused
  15.8s verdict  redis a is down: connection refused
  15.8s verdict  zone a is zone_lost: neither database nor services answer
  15.8s veto     primary db-a in zone a is lost: no_quorum (1 of 3 observers see it down, 2 are needed (down: daemon; not counted: b, c))
  20.6s story    observer b returns
  20.8s veto     none holds; primary db-a in zone a is lost
  20.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  20.8s intent   confirm
  20.8s outcome  confirm done
  20.8s intent   hold
  20.8s outcome  hold done
  20.8s intent   freeze
  20.8s outcome  freeze done
  20.8s intent   fence
  20.8s outcome  fence done proof=process
  20.8s intent   drain
  20.8s outcome  drain done
  20.8s intent   verify
  20.8s outcome  verify done
  20.8s intent   invalidate
  20.8s outcome  invalidate done
  20.8s intent   repoint
  20.8s outcome  repoint refused: no other replica exists
  20.8s intent   unprotect
  20.8s outcome  unprotect done
  20.8s intent   open
  20.8s outcome  open done
  20.8s intent   canary
  20.8s outcome  canary done
  20.8s intent   reroute
  20.8s outcome  reroute done
  20.8s intent   release
  20.8s outcome  release done
  20.8s intent   provision
  21.8s outcome  provision done
  21.8s intent   seed
  21.8s outcome  seed done
  21.8s intent   register
  21.8s outcome  register done
  21.8s intent   attach
  21.8s outcome  attach done
  21.8s intent   protect
  23.8s outcome  protect done acker=db-c
  23.8s intent   verify_end
  23.8s outcome  verify_end done
  23.8s ended    failover completed
  24.0s verdict  database db-c is ok: answers
  24.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  30.6s stopped  
