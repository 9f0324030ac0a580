# Two failovers; the second old primary was left after the present primary was laid, so
# it can follow on its own data when the replica is lost, and no copy is made.
set cooldown_s=1
kill a
run-for 8s
heal a
run-for 5s
kill b
run-for 8s
heal b
run-for 5s
kill a
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
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   0.8s intent   confirm
   0.8s outcome  confirm done
   0.8s intent   hold
   0.8s outcome  hold done
   0.8s intent   freeze
   0.8s outcome  freeze done
   0.8s intent   fence
   0.8s outcome  fence done proof=process
   0.8s intent   drain
   0.8s outcome  drain done
   0.8s intent   verify
   0.8s outcome  verify done
   0.8s intent   invalidate
   0.8s outcome  invalidate done
   0.8s intent   repoint
   0.8s outcome  repoint refused: no other replica exists
   0.8s intent   unprotect
   0.8s outcome  unprotect done
   0.8s intent   open
   0.8s outcome  open done
   0.8s intent   canary
   0.8s outcome  canary done
   0.8s intent   reroute
   0.8s outcome  reroute done
   0.8s intent   release
   0.8s outcome  release done
   0.8s intent   provision
   1.8s outcome  provision done
   1.8s intent   seed
   1.8s outcome  seed done
   1.8s intent   register
   1.8s outcome  register done
   1.8s intent   attach
   1.8s outcome  attach done
   1.8s intent   protect
   3.8s outcome  protect done acker=db-c
   3.8s intent   verify_end
   3.8s outcome  verify_end done
   3.8s ended    failover completed
   4.0s verdict  database db-c is ok: answers
   4.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   8.6s story    heal a
   8.8s verdict  origin a is ok: answers
   8.8s verdict  redis a is ok: answers
   8.8s veto     none holds; db-a was primary: does db-b have all of it?
   8.8s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
   8.8s intent   retire
   8.8s outcome  retire done proof=process
   8.8s intent   compare
   8.8s outcome  compare done told=nothing the successor lacks
   8.8s ended    examine completed
  10.3s verdict  zone a is none: nothing is the matter with it
  13.6s story    kill b
  13.8s verdict  database db-b is down: connection refused
  13.8s verdict  origin b is down: connection refused
  13.8s verdict  redis b is down: connection refused
  13.8s verdict  zone b is zone_lost: neither database nor services answer
  13.8s started  failover epoch=4 at confirm: db-b to db-c, spare db-a: db-b in zone b is lost; zone lost: neither database nor services answer
  13.8s intent   confirm
  13.8s outcome  confirm done
  13.8s intent   hold
  13.8s outcome  hold done
  13.8s intent   freeze
  13.8s outcome  freeze done
  13.8s intent   fence
  13.8s outcome  fence done proof=process
  13.8s intent   drain
  13.8s outcome  drain done
  13.8s intent   verify
  13.8s outcome  verify done
  13.8s intent   invalidate
  13.8s outcome  invalidate done
  13.8s intent   repoint
  13.8s outcome  repoint refused: no other replica exists
  13.8s intent   unprotect
  13.8s outcome  unprotect done
  13.8s intent   open
  13.8s outcome  open done
  13.8s intent   canary
  13.8s outcome  canary done
  13.8s intent   reroute
  13.8s outcome  reroute done
  13.8s intent   release
  13.8s outcome  release done
  13.8s intent   provision
  14.8s outcome  provision done
  14.8s intent   seed
  14.8s outcome  seed done
  14.8s intent   register
  14.8s outcome  register done
  14.8s intent   attach
  14.8s outcome  attach done
  14.8s intent   protect
  16.8s outcome  protect done acker=db-a
  16.8s intent   verify_end
  16.8s outcome  verify_end done
  16.8s ended    failover completed
  17.0s verdict  database db-a is ok: answers
  17.0s veto     redis of zone b is down: primary_unaffected (the primary db-c serves and is protected: nothing is moved)
  21.6s story    heal b
  21.8s verdict  origin b is ok: answers
  21.8s verdict  redis b is ok: answers
  21.8s veto     none holds; db-b was primary: does db-c have all of it?
  21.8s started  examine epoch=5 at retire: db-b: db-b was primary: does db-c have all of it?
  21.8s intent   retire
  21.8s outcome  retire done proof=process
  21.8s intent   compare
  21.8s outcome  compare done told=nothing the successor lacks
  21.8s ended    examine completed
  23.3s verdict  zone b is none: nothing is the matter with it
  26.6s story    kill a
  26.8s verdict  database db-a is down: connection refused
  26.8s verdict  origin a is down: connection refused
  26.8s verdict  redis a is down: connection refused
  26.8s verdict  zone a is zone_lost: neither database nor services answer
  26.8s veto     origin of zone a is down; redis of zone a is down; replica db-a is down: primary_unaffected (the primary db-c serves and is protected: nothing is moved)
  27.2s veto     none holds; writes stall for 0.6 s: no acker answers
  27.2s started  rejoin epoch=6 at degrade: db-b, a replica of db-c: writes stall for 0.6 s: no acker answers
  27.2s intent   degrade
  27.2s outcome  degrade done
  27.2s intent   retire
  27.2s outcome  retire done proof=process
  27.2s intent   compare
  27.2s outcome  compare done told=nothing the successor lacks
  27.2s intent   resume
  27.2s outcome  resume done
  27.2s intent   register
  27.2s outcome  register done
  27.2s intent   attach
  27.2s outcome  attach done
  27.2s intent   protect
  29.2s outcome  protect done acker=db-b
  29.2s intent   verify_end
  29.2s outcome  verify_end done
  29.2s ended    rejoin completed
  30.2s verdict  database db-b is ok: answers
  30.3s started  leave epoch=7 at retire: db-a, db-b stays: db-a in zone a is no member any more
  30.3s intent   retire
  30.3s outcome  retire done proof=process
  30.3s intent   protect
  30.3s outcome  protect done acker=db-b
  30.3s ended    leave completed
  30.4s veto     redis of zone a is down: primary_unaffected (the primary db-c serves and is protected: nothing is moved)
  36.6s stopped  
