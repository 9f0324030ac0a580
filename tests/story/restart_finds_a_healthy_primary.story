# The same, but a thaws meanwhile: its acker is given back and nothing is promoted.
set proofs=acks_revoked
on freeze effect crash
freeze a
run-for 1.9s
heal a
run-for 5s
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
   0.6s story    on freeze effect crash
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
   2.9s story    heal a
   2.9s started  mode=auto
   3.1s verdict  database db-c is down: connection refused
   3.1s outcome  freeze unknown: the controller stopped before it
   3.1s restarted failover epoch=3 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   3.1s intent   confirm
   3.1s outcome  confirm refused: primary_answers: the primary is ok: answers
   3.1s intent   unfreeze
   3.1s outcome  unfreeze done
   3.1s intent   unhold
   3.1s outcome  unhold done
   3.1s ended    failover abandoned: confirm: primary_answers: the primary is ok: answers
   7.9s stopped  
