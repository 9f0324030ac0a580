# it is history, and keeps its successor from being opened: ended
set proofs=acks_revoked,sql
freeze a
run-for 10s
block controller c
run-for 3s
restart b
run-for 3s
heal a
run-for 3s
mend controller c
run-for 120s
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
  11.0s story    block controller c
  14.2s verdict  database db-c is down: no answer within 0.4 s
  14.2s verdict  zone c is database_only: its database does not answer, and this does: origin, redis
  14.3s story    restart b
  15.1s veto     primary db-b in zone b takes no writes: no_acker (no acker answers: only a person may open it unprotected, by hand)
  17.9s story    heal a
  19.3s verdict  database db-a is ok: answers
  19.3s verdict  origin a is ok: answers
  19.3s verdict  redis a is ok: answers
  19.3s veto     primary db-b in zone b takes no writes; db-a in zone a is no member any more: another_writable (db-a accepts writes too: end all but one by hand); no_acker (no acker answers: only a person may open it unprotected, by hand)
  19.3s started  retire epoch=3 at retire: db-a: db-a in zone a is no member any more
  19.3s intent   retire
  19.3s outcome  retire done proof=process
  19.3s ended    retire completed
  20.3s verdict  zone a is none: nothing is the matter with it
  20.8s verdict  database db-a is down: connection refused
  20.8s veto     primary db-b in zone b takes no writes: no_acker (no acker answers: only a person may open it unprotected, by hand)
  20.9s story    mend controller c
  21.1s verdict  database db-c is ok: answers
  21.1s veto     none holds; primary db-b in zone b takes no writes
  21.1s started  reopen epoch=4 at confirm: db-b: db-b restarted in place and is read-only
  21.1s intent   confirm
  21.1s outcome  confirm done
  21.1s intent   follow
  21.1s outcome  follow done
  21.1s intent   enable
  21.1s outcome  enable done
  21.1s intent   earn
  21.1s outcome  earn done acker=db-c
  21.1s intent   open
  21.1s outcome  open done
  21.1s intent   canary
  21.1s outcome  canary done acker=db-c
  21.1s intent   verify_end
  21.1s outcome  verify_end done
  21.1s ended    reopen completed
  21.3s started  examine epoch=5 at retire: db-a: db-a was primary: does db-b have all of it?
  21.3s intent   retire
  21.3s outcome  retire done proof=process
  21.3s intent   compare
  21.3s outcome  compare refused: 20 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:12 to 00000001-0000-4000-8000-000000000000:31
  21.3s intent   save
  21.3s outcome  save done archive=lost-writes/db-a.1 transactions=20 acknowledged=nobody
  21.3s intent   report
  21.3s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=nobody transactions=20 canaries=0 rows=20 tables=cms.rows insert 20
  21.3s ended    examine completed
  22.8s verdict  zone c is none: nothing is the matter with it
 140.9s stopped  
