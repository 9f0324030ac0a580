# The agent of zone a died hours ago: it proves nothing, and that is said, before the
# zone is lost and after.
set proofs=self_fence
set durability=none
set self_fence_s=30
run-for 3s
agent a dies
run-for 5s
cut a
run-for 10s
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s armed    zone=a, ttl_s=30.0, boot=db-a-boot-1
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
   3.6s story    agent a dies
   5.0s armed    zone=a, ttl_s=0.0, why=the agent is silent and its database answers
   8.6s story    cut a
  10.0s verdict  database db-a is down: no answer within 0.4 s
  10.0s verdict  origin a is down: connection refused
  10.0s verdict  redis a is down: connection refused
  10.0s verdict  zone a is zone_lost: neither database nor services answer
  10.0s veto     primary db-a in zone a is lost: no_fence_proof (no accepted fence proof is possible now: self_fence: no armed agent of zone a is on record)
  18.6s stopped  
