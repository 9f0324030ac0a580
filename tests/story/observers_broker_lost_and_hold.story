# The same where policy asks for the vote: held until the broker is back, then left.
set observers=daemon,b,c
set without_quorum=hold
run-for 5s
kill a
broker dies
run-for 10s
broker returns
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
   5.6s story    kill a
   5.6s story    broker dies
   5.8s verdict  database db-a is down: connection refused
   5.8s verdict  origin a is down: connection refused
   5.8s verdict  redis a is down: connection refused
   5.8s verdict  zone a is zone_lost: neither database nor services answer
   5.8s veto     primary db-a in zone a is lost: no_quorum (most see it up: 1 of 3 observers see it down, 2 are needed (down: daemon; up: b, c))
  15.6s story    broker returns
  15.9s veto     none holds; primary db-a in zone a is lost
  15.9s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  15.9s intent   confirm
  15.9s outcome  confirm done
  15.9s intent   hold
  15.9s outcome  hold done
  15.9s intent   freeze
  15.9s outcome  freeze done
  15.9s intent   fence
  15.9s outcome  fence done proof=process
  15.9s intent   drain
  15.9s outcome  drain done
  15.9s intent   verify
  15.9s outcome  verify done
  15.9s intent   invalidate
  15.9s outcome  invalidate done
  15.9s intent   repoint
  15.9s outcome  repoint refused: no other replica exists
  15.9s intent   unprotect
  15.9s outcome  unprotect done
  15.9s intent   open
  15.9s outcome  open done
  15.9s intent   canary
  15.9s outcome  canary done
  15.9s intent   reroute
  15.9s outcome  reroute done
  15.9s intent   release
  15.9s outcome  release done
  15.9s intent   provision
  16.9s outcome  provision done
  16.9s intent   seed
  16.9s outcome  seed done
  16.9s intent   register
  16.9s outcome  register done
  16.9s intent   attach
  16.9s outcome  attach done
  16.9s intent   protect
  18.9s outcome  protect done acker=db-c
  18.9s intent   verify_end
  18.9s outcome  verify_end done
  18.9s ended    failover completed
  19.0s verdict  database db-c is ok: answers
  19.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  25.6s stopped  
