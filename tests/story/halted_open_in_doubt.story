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
   7.6s verdict  site is everything: the databases of all zones (a, b) look lost at once
   7.6s verdict  zone b is database_only: its database does not answer, and this does: origin, redis
   7.6s veto     halted: everything_down (the databases of all zones (a, b) look lost at once: look at our own network and at what all share); halted (open: not sent, the connection is silent: timed out; db-b may accept writes and counts as a primary: see which server does, then `sitedr resume`)
   8.6s story    heal a
   9.0s veto     halted: halted (open: not sent, the connection is silent: timed out; db-b may accept writes and counts as a primary: see which server does, then `sitedr resume`)
  10.0s verdict  database db-a is ok: answers
  10.0s verdict  origin a is ok: answers
  10.0s verdict  redis a is ok: answers
  10.0s serving  db-a takes writes, process db-a-boot-1
  10.0s verdict  site is none: nothing is the matter with it
  11.0s verdict  zone a is none: nothing is the matter with it
  12.6s story    mend controller b
  12.8s verdict  database db-b is ok: answers
  12.8s started  retire epoch=3 at retire: db-a: db-a takes writes beside db-b, which was opened
  12.8s intent   retire
  12.8s outcome  retire done proof=sql
  12.8s ended    retire completed
  14.3s verdict  zone b is none: nothing is the matter with it
  16.6s story    resume
  16.6s resumed  what=halted
  16.6s veto     primary db-a in zone a takes no writes: primary_fenced (db-a was ended for good (proof: sql). Open it by hand, or `sitedr failover --to` another zone); open_in_doubt (db-b may accept writes since an unanswered OPEN); acker_ahead (db-a executed 00000001-0000-4000-8000-000000000000:1-20 and lacks what others have: db-b (received nothing, executed 00000001-0000-4000-8000-000000000000:1-11,00000002-0000-4000-8000-000000000000:1). It lost writes that may have been acknowledged: `sitedr failover --to` their zone)
  18.6s story    failover b db-b was opened +primary_answers +unprotected +cooldown
  18.6s wish     to=b, why=db-b was opened, overrides=['primary_answers', 'unprotected', 'cooldown']
  18.6s veto     none holds; a failover to zone b was asked for
  18.6s started  failover epoch=4 at confirm: db-a to db-b, spare db-c: db-b was opened
  18.6s intent   confirm
  18.6s outcome  confirm done
  18.6s intent   hold
  18.6s outcome  hold done
  18.6s intent   freeze
  18.6s outcome  freeze done
  18.6s intent   fence
  18.6s outcome  fence done proof=sql
  18.6s intent   drain
  18.6s outcome  drain done
  18.6s intent   verify
  18.6s outcome  verify done
  18.6s intent   invalidate
  18.6s outcome  invalidate done
  18.6s intent   repoint
  18.6s outcome  repoint refused: no other replica exists
  18.6s intent   unprotect
  18.6s outcome  unprotect done
  18.6s intent   open
  18.6s outcome  open done ids=no counter to raise
  18.6s intent   canary
  18.6s outcome  canary done
  18.6s intent   reroute
  18.6s outcome  reroute done
  18.6s intent   release
  18.6s outcome  release done
  18.6s intent   provision
  19.6s outcome  provision done
  19.6s intent   seed
  19.6s outcome  seed done
  19.6s intent   register
  19.6s outcome  register done
  19.6s intent   attach
  19.6s outcome  attach done
  19.6s intent   protect
  21.6s outcome  protect done acker=db-c
  21.6s intent   verify_end
  21.6s outcome  verify_end done
  21.6s ended    failover completed
  22.6s verdict  database db-c is ok: answers
  22.7s started  examine epoch=5 at retire: db-a: db-a was primary: does db-b have all of it?
  22.7s intent   retire
  22.7s outcome  retire done proof=process
  22.7s intent   compare
  22.7s outcome  compare refused: 9 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:12 to 00000001-0000-4000-8000-000000000000:20
  22.7s intent   save
  22.7s outcome  save done archive=lost-writes/db-a.1 transactions=9 acknowledged=perhaps
  22.7s intent   report
  22.7s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=perhaps transactions=9 canaries=1 rows=8 tables=cms.rows insert 8
  22.7s ended    examine completed
  23.0s verdict  database db-a is down: connection refused
  26.6s stopped  
