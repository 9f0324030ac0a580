# What only it had is saved; a person starts it and writes there: compared and saved anew.
cut a
run-for 8
heal a
run-for 12
start a
errant a
run-for 4
kill c
run-for 20
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
   0.6s story    cut a
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
   6.6s verdict  database db-c is ok: answers
   6.6s started  retire epoch=3 at retire: db-a: db-a in zone a is no member any more
   6.6s intent   retire
   7.0s outcome  retire unknown: process: zone a does not answer; sql: no answer in 0.4 s
   7.2s intent   retire attempt 2
   7.6s outcome  retire unknown: process: zone a does not answer; sql: timed out
   7.8s intent   retire attempt 3
   8.2s outcome  retire unknown: process: zone a does not answer; sql: timed out
   8.2s ended    retire abandoned: retire: process: zone a does not answer; sql: timed out
   9.0s story    heal a
   9.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   9.2s verdict  database db-a is ok: answers
   9.2s verdict  origin a is ok: answers
   9.2s verdict  redis a is ok: answers
   9.2s veto     none holds; no trouble
  10.6s verdict  zone a is none: nothing is the matter with it
  10.6s started  retire epoch=4 at retire: db-a: db-a in zone a is no member any more
  10.6s intent   retire
  10.6s outcome  retire done proof=process
  10.6s ended    retire completed
  11.7s started  examine epoch=5 at retire: db-a: db-a was primary: does db-b have all of it?
  11.7s intent   retire
  11.7s outcome  retire done proof=process
  11.7s intent   compare
  11.7s outcome  compare refused: 11 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:12 to 00000001-0000-4000-8000-000000000000:22
  11.7s intent   save
  11.7s outcome  save done archive=lost-writes/db-a.1 transactions=11 acknowledged=nobody
  11.7s intent   report
  11.7s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=nobody transactions=11 canaries=0 rows=11 tables=cms.rows insert 11
  11.7s ended    examine completed
  11.8s verdict  database db-a is down: connection refused
  21.0s story    start a
  21.0s story    errant a
  21.0s started  examine epoch=6 at retire: db-a: db-a was primary: does db-b have all of it?
  21.0s intent   retire
  21.0s outcome  retire done proof=process
  21.0s intent   compare
  21.0s outcome  compare refused: 12 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:12 to 00000001-0000-4000-8000-000000000000:23
  21.0s intent   save
  21.0s outcome  save done archive=lost-writes/db-a.2 transactions=12 acknowledged=nobody
  21.0s intent   report
  21.0s outcome  report done report=lost-writes/db-a.2/report.json acknowledged=nobody transactions=12 canaries=0 rows=12 tables=cms.rows insert 12
  21.0s ended    examine completed
  25.0s story    kill c
  25.2s verdict  database db-c is down: connection refused
  25.2s verdict  origin c is down: connection refused
  25.2s verdict  redis c is down: connection refused
  25.2s verdict  zone c is zone_lost: neither database nor services answer
  25.2s veto     origin of zone c is down; redis of zone c is down; replica db-c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  25.6s veto     none holds; writes stall for 0.6 s: no acker answers
  25.6s started  restore epoch=7 at degrade: a replica of db-b in db-a: writes stall for 0.6 s: no acker answers
  25.6s intent   degrade
  25.6s outcome  degrade done
  25.6s intent   provision
  26.6s outcome  provision done
  26.6s intent   seed
  26.6s outcome  seed done
  26.6s intent   register
  26.6s outcome  register done
  26.6s intent   attach
  26.6s outcome  attach done
  26.6s intent   protect
  28.6s outcome  protect done acker=db-a
  28.6s intent   verify_end
  28.6s outcome  verify_end done
  28.6s ended    restore completed
  29.6s verdict  database db-a is ok: answers
  29.7s started  leave epoch=8 at retire: db-c, db-a stays: db-c in zone c is no member any more
  29.7s intent   retire
  29.7s outcome  retire done proof=process
  29.7s intent   protect
  29.7s outcome  protect done acker=db-a
  29.7s ended    leave completed
  29.8s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  45.0s stopped  
