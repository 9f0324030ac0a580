# FREEZE goes unanswered twice, so the failover is given up and the acker follows
# again. What was sent first and arrives last freezes nobody.
set proofs=acks_revoked
provisioner off
order b freeze late
on freeze effect order b freeze late
on unfreeze effect late b
freeze a
run-for 4s
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
   0.6s story    provisioner off
   0.6s story    order b freeze late
   0.6s story    on freeze effect order b freeze late
   0.6s story    on unfreeze effect late b
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
   2.9s outcome  freeze unknown: db-b: no answer in 0.4 s
   3.1s intent   freeze attempt 2
   3.5s outcome  freeze unknown: db-b: no answer in 0.4 s
   3.5s intent   unfreeze
   3.5s outcome  unfreeze done
   3.5s intent   unhold
   3.5s outcome  unhold done
   3.5s ended    failover abandoned: freeze: db-b: no answer in 0.4 s
   4.7s veto     primary db-a in zone a is lost: recent_attempt (the last attempt was abandoned; 1 s left)
   4.8s story    heal a
   4.8s veto     primary db-a in zone a is lost: recent_attempt (the last attempt was abandoned; 1 s left); still_receiving (db-b still hears the primary: we may be cut off); no_second_vantage (only our own probes say so: no replica and no edge confirms it)
   5.0s verdict  database db-a is ok: answers
   5.0s verdict  origin a is ok: answers
   5.0s verdict  redis a is ok: answers
   5.0s veto     none holds; no trouble
   6.4s verdict  zone a is none: nothing is the matter with it
  10.8s stopped  
