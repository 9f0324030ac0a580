# OPEN took effect and nobody said so; then the old primary thaws. Once both are seen
# to take writes, the old one is closed; a person moves the site to the new one.
set proofs=acks_revoked,sql
freeze a
order b open lost-after
on open effect block controller b
run-for 8s
heal a
run-for 4s
mend controller b
run-for 4s
resume
run-for 2s
failover b db-b was opened +primary_answers +unprotected +cooldown
run-for 8s
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
   0.6s story    order b open lost-after
   0.6s story    on open effect block controller b
   2.3s verdict  database db-a is down: no answer within 0.4 s
   2.3s verdict  origin a is down: connection refused
   2.3s verdict  redis a is down: connection refused
   2.3s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost
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
   2.9s outcome  open unknown: no answer in 0.4 s
   3.8s intent   open attempt 2
   3.8s outcome  open refused: not sent, the connection is silent: timed out
   4.7s intent   open attempt 3
   4.7s outcome  open refused: not sent, the connection is silent: timed out
   5.6s intent   open attempt 4
   5.6s outcome  open refused: not sent, the connection is silent: timed out
   6.5s intent   open attempt 5
   6.5s outcome  open refused: not sent, the connection is silent: timed out
   6.5s ended    failover halted: open: not sent, the connection is silent: timed out
   7.6s verdict  database db-b is down: no answer within 0.4 s
   7.6s veto     halted: halted (open: not sent, the connection is silent: timed out; db-b may accept writes and counts as a primary: see which server does, then `sitedr resume`)
   8.6s story    heal a
  10.0s verdict  database db-a is ok: answers
  10.0s verdict  origin a is ok: answers
  10.0s verdict  redis a is ok: answers
  10.0s serving  db-a takes writes, process db-a-boot-1
  13.0s story    mend controller b
  13.2s verdict  database db-b is ok: answers
  13.2s started  retire epoch=3 at retire: db-a: db-a takes writes beside db-b, which was opened
  13.2s intent   retire
  13.2s outcome  retire done proof=sql
  13.2s ended    retire completed
  17.0s story    resume
  17.0s resumed  what=halted
  17.0s veto     primary db-a in zone a takes no writes: primary_fenced (db-a was ended for good (proof: sql). Open it by hand, or `sitedr failover --to` another zone); open_in_doubt (db-b may accept writes since an unanswered OPEN); acker_ahead (db-a executed 00000001-0000-4000-8000-000000000000:1-20 and lacks what others have: db-b (received nothing, executed 00000001-0000-4000-8000-000000000000:1-11,00000002-0000-4000-8000-000000000000:1). It lost writes that may have been acknowledged: `sitedr failover --to` their zone)
  19.0s story    failover b db-b was opened +primary_answers +unprotected +cooldown
  19.0s wish     to=b, why=db-b was opened, overrides=['primary_answers', 'unprotected', 'cooldown']
  19.0s veto     none holds; a failover to zone b was asked for
  19.0s started  failover epoch=4 at confirm: db-a to db-b, spare db-c: db-b was opened
  19.0s intent   confirm
  19.0s outcome  confirm done
  19.0s intent   hold
  19.0s outcome  hold done
  19.0s intent   freeze
  19.0s outcome  freeze done
  19.0s intent   fence
  19.0s outcome  fence done proof=sql
  19.0s intent   drain
  19.0s outcome  drain done
  19.0s intent   verify
  19.0s outcome  verify done
  19.0s intent   invalidate
  19.0s outcome  invalidate done
  19.0s intent   repoint
  19.0s outcome  repoint refused: no other replica exists
  19.0s intent   unprotect
  19.0s outcome  unprotect done
  19.0s intent   open
  19.0s outcome  open done ids=no counter to raise
  19.0s intent   canary
  19.0s outcome  canary done
  19.0s intent   reroute
  19.0s outcome  reroute done
  19.0s intent   release
  19.0s outcome  release done
  19.0s intent   provision
  20.0s outcome  provision done
  20.0s intent   seed
  20.0s outcome  seed done
  20.0s intent   register
  20.0s outcome  register done
  20.0s intent   attach
  20.0s outcome  attach done
  20.0s intent   protect
  22.0s outcome  protect done acker=db-c
  22.0s intent   verify_end
  22.0s outcome  verify_end done
  22.0s ended    failover completed
  23.0s verdict  database db-c is ok: answers
  23.1s started  examine epoch=5 at retire: db-a: db-a was primary: does db-b have all of it?
  23.1s intent   retire
  23.1s outcome  retire done proof=process
  23.1s intent   compare
  23.1s outcome  compare refused: 9 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:12 to 00000001-0000-4000-8000-000000000000:20
  23.1s intent   save
  23.1s outcome  save done archive=lost-writes/db-a.1 transactions=9 acknowledged=perhaps
  23.1s intent   report
  23.1s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=perhaps transactions=9 canaries=1 rows=8 tables=cms.rows insert 8
  23.1s ended    examine completed
  23.4s verdict  database db-a is down: connection refused
  27.0s stopped  
