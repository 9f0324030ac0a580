# The same with the zone cut off: no process proof and no SQL proof, so hold.
set durability=none
cut a
run-for 12s
heal a
run-for 5s
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
   2.9s outcome  fence unknown: process: zone a does not answer; acks_revoked: acks are not revoked: not protected; sql: no answer in 0.4 s
   3.1s intent   fence attempt 2
   3.5s outcome  fence unknown: process: zone a does not answer; acks_revoked: acks are not revoked: not protected; sql: timed out
   3.5s intent   unfreeze_fenced
   3.5s outcome  unfreeze_fenced done
   3.5s intent   unhold_fenced
   3.5s outcome  unhold_fenced done
   3.5s ended    failover halted: fence: process: zone a does not answer; acks_revoked: acks are not revoked: not protected; sql: timed out
   4.7s veto     halted: halted (fence: process: zone a does not answer; acks_revoked: acks are not revoked: not protected; sql: timed out; nothing proves that db-a is fenced: see that its zone, or what can end it there, answers, then `sitedr resume`; while it stays lost, `sitedr failover --to b --why REASON --override cooldown` tries again at once)
  13.0s story    heal a
  13.2s verdict  database db-a is ok: answers
  13.2s verdict  origin a is ok: answers
  13.2s verdict  redis a is ok: answers
  14.6s verdict  zone a is none: nothing is the matter with it
  18.0s stopped  
