# c follows the new primary already and is cut off before OPEN: nobody can read it
# again, so writes stay closed; when it is back, a person says resume.
set proofs=acks_revoked
set cooldown_s=1
freeze b
run-for 8s
provisioner off
heal b
run-for 1s
on repoint effect cut c
cut a
run-for 25s
heal c
run-for 2s
resume
run-for 3s
provisioner on
heal a
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
   0.6s story    freeze b
   2.3s verdict  database db-b is down: no answer within 0.4 s
   2.3s verdict  origin b is down: connection refused
   2.3s verdict  redis b is down: connection refused
   2.3s verdict  zone b is zone_lost: neither database nor services answer
   2.3s started  restore epoch=2 at degrade: a replica of db-a in db-c: writes stall for 1.3 s: no acker answers
   2.3s intent   degrade
   2.3s outcome  degrade done
   2.3s intent   provision
   3.3s outcome  provision done
   3.3s intent   seed
   3.3s outcome  seed done
   3.3s intent   register
   3.3s outcome  register done
   3.3s intent   attach
   3.3s outcome  attach done
   3.3s intent   protect
   5.3s outcome  protect done acker=db-c
   5.3s intent   verify_end
   5.3s outcome  verify_end done
   5.3s ended    restore completed
   6.1s verdict  database db-c is ok: answers
   6.1s veto     origin of zone b is down; redis of zone b is down; replica db-b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
   9.0s story    provisioner off
   9.0s story    heal b
   9.2s verdict  database db-b is ok: answers
   9.2s verdict  origin b is ok: answers
   9.2s verdict  redis b is ok: answers
   9.2s veto     none holds; db-b in zone b is no member any more
   9.2s started  leave epoch=3 at retire: db-b, db-c stays: db-b in zone b is no member any more
   9.2s intent   retire
   9.2s outcome  retire unknown: process: zone b does not answer
   9.4s intent   retire attempt 2
   9.4s outcome  retire unknown: process: zone b does not answer
   9.6s intent   retire attempt 3
   9.6s outcome  retire unknown: process: zone b does not answer
   9.6s ended    leave abandoned: retire: process: zone b does not answer
  10.0s story    on repoint effect cut c
  10.0s story    cut a
  10.7s verdict  zone b is none: nothing is the matter with it
  11.7s verdict  database db-a is down: no answer within 0.4 s
  11.7s verdict  origin a is down: connection refused
  11.7s verdict  redis a is down: connection refused
  11.7s verdict  zone a is zone_lost: neither database nor services answer
  11.7s started  failover epoch=4 at confirm: db-a to db-b, spare none: db-a in zone a is lost; zone lost: neither database nor services answer
  11.7s intent   confirm
  11.9s outcome  confirm done
  11.9s intent   hold
  11.9s outcome  hold done
  11.9s intent   freeze
  11.9s outcome  freeze done
  11.9s intent   fence
  11.9s outcome  fence done proof=acks_revoked
  11.9s intent   drain
  11.9s outcome  drain done
  11.9s intent   verify
  11.9s outcome  verify done
  11.9s intent   invalidate
  11.9s outcome  invalidate done
  11.9s intent   repoint
  11.9s outcome  repoint done
  12.2s intent   open
  13.2s outcome  open refused: db-c cannot be re-read: timed out
  13.7s intent   open attempt 2
  14.7s outcome  open refused: db-c cannot be re-read: timed out
  15.2s intent   open attempt 3
  15.6s verdict  database db-c is down: no answer within 0.4 s
  15.6s verdict  origin c is down: connection refused
  15.6s verdict  redis c is down: connection refused
  15.6s verdict  zone c is zone_lost: neither database nor services answer
  16.2s outcome  open refused: db-c cannot be re-read: timed out
  16.4s intent   open attempt 4
  17.4s outcome  open refused: db-c cannot be re-read: timed out
  17.6s intent   open attempt 5
  18.6s outcome  open refused: db-c cannot be re-read: timed out
  18.9s intent   unfreeze_fenced
  18.9s outcome  unfreeze_fenced unknown: db-c: not sent, the connection is silent
  19.5s intent   unfreeze_fenced attempt 2
  19.5s outcome  unfreeze_fenced unknown: db-c: not sent, the connection is silent
  20.1s intent   unfreeze_fenced attempt 3
  20.1s outcome  unfreeze_fenced unknown: db-c: not sent, the connection is silent
  20.7s intent   unfreeze_fenced attempt 4
  20.7s outcome  unfreeze_fenced unknown: db-c: not sent, the connection is silent
  21.3s intent   unfreeze_fenced attempt 5
  21.3s outcome  unfreeze_fenced unknown: db-c: not sent, the connection is silent
  21.3s intent   unhold_fenced
  21.3s outcome  unhold_fenced done
  21.3s ended    failover halted: open: db-c cannot be re-read: timed out; unfreeze_fenced: db-c: not sent, the connection is silent
  22.8s veto     halted: halted (open: db-c cannot be re-read: timed out; unfreeze_fenced: db-c: not sent, the connection is silent; db-a may be ended and db-b was not opened: mend what is named, then `sitedr resume`; `sitedr failover --to b --why REASON --override cooldown` tries again at once)
  35.8s story    heal c
  37.2s verdict  database db-c is ok: answers
  37.2s verdict  origin c is ok: answers
  37.2s verdict  redis c is ok: answers
  37.8s story    resume
  37.8s resumed  what=halted
  38.2s verdict  zone c is none: nothing is the matter with it
  38.2s veto     none holds; primary db-a in zone a is lost
  38.2s started  failover epoch=5 at confirm: db-a to db-b, spare none: db-a in zone a is lost; zone lost: neither database nor services answer
  38.2s intent   confirm
  38.3s outcome  confirm done
  38.3s intent   hold
  38.3s outcome  hold done
  38.3s intent   freeze
  38.3s outcome  freeze done
  38.3s intent   fence
  38.3s outcome  fence done proof=acks_revoked
  38.3s intent   drain
  38.3s outcome  drain done
  38.3s intent   verify
  38.3s outcome  verify done
  38.3s intent   invalidate
  38.3s outcome  invalidate done
  38.3s intent   repoint
  38.3s outcome  repoint done
  38.3s intent   open
  38.3s outcome  open done
  38.3s intent   canary
  38.3s outcome  canary done acker=db-c
  38.3s intent   reroute
  38.3s outcome  reroute done
  38.3s intent   release
  38.3s outcome  release done
  38.3s intent   provision
  38.3s outcome  provision refused: no healthy zone is free for a new replica
  38.3s ended    failover under_replicated: provision: no healthy zone is free for a new replica
  38.7s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  41.2s story    provisioner on
  41.2s story    heal a
  41.4s verdict  database db-a is ok: answers
  41.4s verdict  origin a is ok: answers
  41.4s verdict  redis a is ok: answers
  41.4s veto     none holds; db-a in zone a is no member any more
  41.4s started  retire epoch=6 at retire: db-a: db-a in zone a is no member any more
  41.4s intent   retire
  41.4s outcome  retire done proof=process
  41.4s ended    retire completed
  41.6s started  examine epoch=7 at retire: db-a: db-a was primary: does db-b have all of it?
  41.6s intent   retire
  41.6s outcome  retire done proof=process
  41.6s intent   compare
  41.6s outcome  compare refused: 29 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:43 to 00000001-0000-4000-8000-000000000000:71
  41.6s intent   save
  41.6s outcome  save done archive=lost-writes/db-a.1 transactions=29 acknowledged=nobody
  41.6s intent   report
  41.6s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=nobody transactions=29 canaries=0 rows=29 tables=cms.rows insert 29
  41.6s ended    examine completed
  41.7s verdict  database db-a is down: connection refused
  43.1s verdict  zone a is none: nothing is the matter with it
  49.2s stopped  
