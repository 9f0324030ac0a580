# Of two frozen ackers one falls silent: the other gets its source back at once,
# the silent one is named and stays frozen.
set proofs=acks_revoked
freeze b
run-for 8s
provisioner off
heal b
run-for 1s
on freeze intent block c controller
freeze a
run-for 12s
heal a
run-for 3s
mend c controller
run-for 3s
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
  10.0s story    on freeze intent block c controller
  10.0s story    freeze a
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
  12.3s outcome  freeze unknown: db-c: no answer in 0.4 s
  12.8s intent   freeze attempt 2
  13.2s outcome  freeze unknown: db-c: timed out
  13.6s intent   unfreeze
  13.6s outcome  unfreeze unknown: db-c: not sent, the connection is silent
  14.2s intent   unfreeze attempt 2
  14.2s outcome  unfreeze unknown: db-c: not sent, the connection is silent
  14.8s intent   unfreeze attempt 3
  14.8s outcome  unfreeze unknown: db-c: not sent, the connection is silent
  15.4s intent   unfreeze attempt 4
  15.4s outcome  unfreeze unknown: db-c: not sent, the connection is silent
  15.6s verdict  database db-c is down: no answer within 0.4 s
  15.6s verdict  zone c is database_only: its database does not answer, and this does: origin, redis
  16.0s intent   unfreeze attempt 5
  16.0s outcome  unfreeze unknown: db-c: not sent, the connection is silent
  16.0s intent   unhold
  16.0s outcome  unhold done
  16.0s ended    failover abandoned: freeze: db-c: timed out; unfreeze: db-c: not sent, the connection is silent
  17.4s veto     primary db-a in zone a is lost: recent_attempt (the last attempt was abandoned; 1 s left); acker_unseen (db-c may have acknowledged writes and does not answer)
  18.3s veto     primary db-a in zone a is lost: acker_unseen (db-c may have acknowledged writes and does not answer)
  22.8s story    heal a
  23.2s veto     primary db-a in zone a is lost: still_receiving (db-b still hears the primary: we may be cut off); no_second_vantage (only our own probes say so: no replica and no edge confirms it); acker_unseen (db-c may have acknowledged writes and does not answer)
  24.2s verdict  database db-a is ok: answers
  24.2s verdict  origin a is ok: answers
  24.2s verdict  redis a is ok: answers
  24.2s veto     replica db-c is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
  25.2s verdict  zone a is none: nothing is the matter with it
  25.8s story    mend c controller
  26.0s verdict  database db-c is ok: answers
  26.0s veto     none holds; no trouble
  27.4s verdict  zone c is none: nothing is the matter with it
  28.8s stopped  
