# Zone a freezes and nobody can look inside: the fence is the acks it cannot get.
set proofs=acks_revoked,sql
freeze a
run-for 8s
heal a
run-for 6s
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
   0.6s story    freeze a
   2.3s verdict  database db-a is down: no answer within 0.4 s
   2.3s verdict  origin a is down: connection refused
   2.3s verdict  redis a is down: connection refused
   2.3s verdict  zone a is zone_lost: neither database nor services answer
   2.3s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   2.3s intent   confirm
   2.5s outcome  confirm done
   2.5s intent   hold
   2.5s outcome  hold done
   2.5s intent   freeze
   2.5s outcome  freeze done
   2.5s intent   fence
   2.5s outcome  fence done proof=acks_revoked
   2.5s intent   drain
   2.5s outcome  drain done
   2.5s intent   verify
   2.5s outcome  verify done
   2.5s intent   invalidate
   2.5s outcome  invalidate done
   2.5s intent   repoint
   2.5s outcome  repoint refused: no other replica exists
   2.5s intent   unprotect
   2.5s outcome  unprotect done
   2.5s intent   open
   2.5s outcome  open done
   2.5s intent   canary
   2.5s outcome  canary done
   2.5s intent   reroute
   2.5s outcome  reroute done
   2.5s intent   release
   2.5s outcome  release done
   2.5s intent   provision
   3.5s outcome  provision done
   3.5s intent   seed
   3.5s outcome  seed done
   3.5s intent   register
   3.5s outcome  register done
   3.5s intent   attach
   3.5s outcome  attach done
   3.5s intent   protect
   5.5s outcome  protect done acker=db-c
   5.5s intent   verify_end
   5.5s outcome  verify_end done
   5.5s ended    failover completed
   6.1s veto     redis of zone a is down; replica db-c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   6.6s verdict  database db-c is ok: answers
   9.0s story    heal a
   9.2s verdict  database db-a is ok: answers
   9.2s verdict  origin a is ok: answers
   9.2s verdict  redis a is ok: answers
   9.2s veto     none holds; db-a in zone a is no member any more
   9.2s started  retire epoch=3 at retire: db-a: db-a in zone a is no member any more
   9.2s intent   retire
   9.2s outcome  retire done proof=process
   9.2s ended    retire completed
   9.4s started  examine epoch=4 at retire: db-a: db-a was primary: does db-b have all of it?
   9.4s intent   retire
   9.4s outcome  retire done proof=process
   9.4s intent   compare
   9.4s outcome  compare refused: 12 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:12 to 00000001-0000-4000-8000-000000000000:23
   9.4s intent   save
   9.4s outcome  save done archive=lost-writes/db-a.1 transactions=12 acknowledged=nobody
   9.4s intent   report
   9.4s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=nobody transactions=12 canaries=0 rows=12 tables=cms.rows insert 12
   9.4s ended    examine completed
   9.5s verdict  database db-a is down: connection refused
  10.9s verdict  zone a is none: nothing is the matter with it
  15.0s stopped  
