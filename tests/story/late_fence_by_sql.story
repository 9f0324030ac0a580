# the fence by SQL arrives when the cut heals: our own order, undone by us
set proofs=acks_revoked,sql
set durability=none
cut a
run-for 6s
heal a
run-for 5s
resume
run-for 60s
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
   2.9s outcome  fence unknown: acks_revoked: acks are not revoked: not protected; sql: no answer in 0.4 s
   3.1s intent   fence attempt 2
   3.5s outcome  fence refused: acks_revoked: acks are not revoked: not protected; sql: timed out
   3.5s intent   unfreeze_fenced
   3.5s outcome  unfreeze_fenced done
   3.5s intent   unhold_fenced
   3.5s outcome  unhold_fenced done
   3.5s ended    failover halted: fence: acks_revoked: acks are not revoked: not protected; sql: timed out
   4.7s veto     halted: halted (fence: acks_revoked: acks are not revoked: not protected; sql: timed out; nothing proves that db-a is fenced: see that its zone, or what can end it there, answers, then `sitedr resume`; while it stays lost, `sitedr failover --to b --why REASON --override cooldown` tries again at once)
   7.0s story    heal a
   7.2s verdict  database db-a is ok: answers
   7.2s verdict  origin a is ok: answers
   7.2s verdict  redis a is ok: answers
   8.6s verdict  zone a is none: nothing is the matter with it
  12.0s story    resume
  12.0s resumed  what=halted
  12.0s veto     none holds; primary db-a in zone a takes no writes
  12.0s started  reopen epoch=3 at confirm: db-a: db-a was closed by an order of ours and is read-only
  12.0s intent   confirm
  12.0s outcome  confirm done
  12.0s intent   follow
  12.0s outcome  follow done
  12.0s intent   enable
  12.0s outcome  enable done
  12.0s intent   earn
  12.0s outcome  earn done
  12.0s intent   open
  12.0s outcome  open done
  12.0s intent   canary
  12.0s outcome  canary done
  12.0s intent   verify_end
  12.0s outcome  verify_end done
  12.0s ended    reopen completed
  72.0s stopped  
