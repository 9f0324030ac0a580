# Only the process itself counts as proof and nobody can reach it: hold, and say so.
set proofs=process
provisioner off
cut a
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
   0.6s story    provisioner off
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
   2.5s outcome  fence unknown: process: zone a does not answer
   2.7s intent   fence attempt 2
   2.7s outcome  fence unknown: process: zone a does not answer
   2.7s intent   unfreeze_fenced
   2.7s outcome  unfreeze_fenced done
   2.7s intent   unhold_fenced
   2.7s outcome  unhold_fenced done
   2.7s ended    failover halted: fence: process: zone a does not answer
   2.8s veto     halted: halted (fence: process: zone a does not answer; nothing proves that db-a is fenced: see that its zone, or what can end it there, answers, then `sitedr resume`; while it stays lost, `sitedr failover --to b --why REASON --override cooldown` tries again at once)
   5.8s stopped  
