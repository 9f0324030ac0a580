# Nothing in the lost zone answers: the operator's command is the only proof (e).
set proofs=process,external
set durability=none
cut a
run-for 4s
heal a
run-for 3s
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s started  restore epoch=1 at register: a replica of db-a in db-b: no replica follows the primary, as far as is known
   0.3s intent   register
   0.3s outcome  register done
   0.3s intent   attach
   0.3s outcome  attach done
   0.3s intent   protect
   0.3s outcome  protect done
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.6s story    cut a
   2.3s verdict  database db-a is down: no answer within 0.4 s
   2.3s verdict  origin a is down: connection refused
   2.3s verdict  redis a is down: connection refused
   2.3s verdict  zone a is zone_lost: neither database nor services answer
   2.3s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; durability none: acknowledged writes may be in one zone only; zone lost: neither database nor services answer
   2.3s intent   confirm
   2.5s outcome  confirm done
   2.5s intent   hold
   2.5s outcome  hold done
   2.5s intent   freeze
   2.5s outcome  freeze done
   2.5s intent   fence
   2.5s outcome  fence done proof=external
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
   2.5s outcome  open done ids=no counter to raise
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
   3.5s outcome  protect done
   3.5s intent   verify_end
   3.5s outcome  verify_end done
   3.5s ended    failover completed
   4.7s veto     redis of zone a is down; replica db-c is down: primary_unaffected (the primary db-b serves: nothing is moved)
   4.8s story    heal a
   4.9s verdict  database db-c is ok: answers
   5.0s verdict  origin a is ok: answers
   5.0s verdict  redis a is ok: answers
   5.0s veto     none holds; db-a was primary: does db-b have all of it?
   5.0s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
   5.0s intent   retire
   5.0s outcome  retire done proof=process
   5.0s intent   compare
   5.0s outcome  compare refused: 4 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:12 to 00000001-0000-4000-8000-000000000000:15
   5.0s intent   save
   5.0s outcome  save done archive=lost-writes/db-a.1 transactions=4 acknowledged=perhaps
   5.0s intent   report
   5.0s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=perhaps transactions=4 canaries=0 rows=4 tables=cms.rows insert 4
   5.0s ended    examine completed
   6.5s verdict  zone a is none: nothing is the matter with it
   7.8s stopped  
