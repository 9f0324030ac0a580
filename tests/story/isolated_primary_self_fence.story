# Zone a is cut off and its database lives, with its own clients. Nobody waits for
# acknowledgements and nothing outside answers: proof (d) alone. Its agent ends it
# before the wait is over; when the zone is back it stays down.
set proofs=self_fence
set durability=none
set self_fence_s=6
run-for 3s
cut a
run-for 25s
heal a
run-for 4s
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s armed    zone=a, ttl_s=6.0, boot=db-a-boot-1
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
   3.6s story    cut a
   5.3s verdict  database db-a is down: no answer within 0.4 s
   5.3s verdict  origin a is down: connection refused
   5.3s verdict  redis a is down: connection refused
   5.3s verdict  zone a is zone_lost: neither database nor services answer
   5.3s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; durability none: acknowledged writes may be in one zone only; zone lost: neither database nor services answer
   5.3s intent   confirm
   5.5s outcome  confirm done
   5.5s intent   hold
   5.5s outcome  hold done
   5.5s intent   freeze
   5.5s outcome  freeze done
   5.5s intent   fence
  14.4s outcome  fence done proof=self_fence
  14.4s intent   drain
  14.4s outcome  drain done
  14.4s intent   verify
  14.4s outcome  verify done
  14.4s intent   invalidate
  14.4s outcome  invalidate done
  14.4s intent   repoint
  14.4s outcome  repoint refused: no other replica exists
  14.4s intent   unprotect
  14.4s outcome  unprotect done
  14.4s intent   open
  14.4s outcome  open done ids=no counter to raise
  14.4s intent   canary
  14.4s outcome  canary done
  14.4s intent   reroute
  14.4s outcome  reroute done
  14.4s intent   release
  14.4s outcome  release done
  14.4s intent   provision
  15.4s outcome  provision done
  15.4s intent   seed
  15.4s outcome  seed done
  15.4s intent   register
  15.4s outcome  register done
  15.4s intent   attach
  15.4s outcome  attach done
  15.4s intent   protect
  15.4s outcome  protect done
  15.4s intent   verify_end
  15.4s outcome  verify_end done
  15.4s ended    failover completed
  16.1s armed    zone=b, ttl_s=6.0, boot=db-b-boot-1
  16.1s veto     redis of zone a is down; replica db-c is down: primary_unaffected (the primary db-b serves: nothing is moved)
  17.1s verdict  database db-c is ok: answers
  29.0s story    heal a
  29.0s armed    zone=a, ttl_s=0.0, why=it says so
  29.2s verdict  origin a is ok: answers
  29.2s verdict  redis a is ok: answers
  29.2s veto     none holds; db-a was primary: does db-b have all of it?
  29.2s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
  29.2s intent   retire
  29.2s outcome  retire done proof=process
  29.2s intent   compare
  29.2s outcome  compare refused: 8 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:22 to 00000001-0000-4000-8000-000000000000:29
  29.2s intent   save
  29.2s outcome  save done archive=lost-writes/db-a.1 transactions=8 acknowledged=perhaps
  29.2s intent   report
  29.2s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=perhaps transactions=8 canaries=0 rows=8 tables=cms.rows insert 8
  29.2s ended    examine completed
  30.7s verdict  zone a is none: nothing is the matter with it
  33.0s stopped  
