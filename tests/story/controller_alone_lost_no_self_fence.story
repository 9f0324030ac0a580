# The controller is cut off from every zone for longer than the window: the agents
# renew each other, nothing is fenced, and writes go on.
set proofs=self_fence
set durability=none
set self_fence_s=6
run-for 3s
block a controller
block controller a
block b controller
block controller b
block c controller
block controller c
run-for 30s
mend a controller
mend b controller
mend c controller
mend controller a
mend controller b
mend controller c
run-for 4s
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s armed    zone=a, ttl_s=6.0, boot=db-a-boot-1
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
   3.6s story    block a controller
   3.6s story    block controller a
   3.6s story    block b controller
   3.6s story    block controller b
   3.6s story    block c controller
   3.6s story    block controller c
   7.7s verdict  database db-a is down: no answer within 0.4 s
   7.7s verdict  database db-b is down: no answer within 0.4 s
   7.7s verdict  site is everything: the databases of all zones (a, b) look lost at once
   7.7s verdict  zone a is database_only: its database does not answer, and this does: origin, redis
   7.7s verdict  zone b is database_only: its database does not answer, and this does: origin, redis
   7.7s veto     primary db-a in zone a is lost: everything_down (the databases of all zones (a, b) look lost at once: look at our own network and at what all share); no_second_vantage (only our own probes say so: no replica and no edge confirms it); no_candidate (none is no registered replica of the primary); no_fence_proof (no accepted fence proof is possible now: self_fence: agents that could renew it are silent: b, c)
  33.7s story    mend a controller
  33.7s story    mend b controller
  33.7s story    mend c controller
  33.7s story    mend controller a
  33.7s story    mend controller b
  33.7s story    mend controller c
  33.7s veto     primary db-a in zone a is lost: no_second_vantage (only our own probes say so: no replica and no edge confirms it); acker_unseen (db-b may have acknowledged writes and does not answer); no_candidate (none is no registered replica of the primary)
  33.9s verdict  database db-a is ok: answers
  33.9s verdict  database db-b is ok: answers
  33.9s veto     none holds; no trouble
  35.3s verdict  site is none: nothing is the matter with it
  35.3s verdict  zone a is none: nothing is the matter with it
  35.3s verdict  zone b is none: nothing is the matter with it
  37.7s stopped  
