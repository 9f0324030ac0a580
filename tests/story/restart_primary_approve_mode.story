# A person is asked before the primary is opened again, and the yes is for that alone:
# when the zone is lost right after, the failover asks for itself.
set mode=approve
block controller b
restart a
run-for 3s
approve
run-for 1s
kill a
mend controller b
run-for 3s

----
   0.0s started  mode=approve
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
   0.6s story    block controller b
   0.6s story    restart a
   1.0s veto     primary db-a in zone a takes no writes: awaiting_approval (run `sitedr approve` to open it again)
   2.3s verdict  database db-b is down: no answer within 0.4 s
   2.3s verdict  zone b is database_only: its database does not answer, and this does: origin, redis
   2.3s veto     primary db-a in zone a takes no writes: no_acker (no acker answers: only a person may open it unprotected, by hand); awaiting_approval (run `sitedr approve` to open it again)
   3.9s story    approve
   3.9s approved what=primary db-a in zone a takes no writes
   4.3s veto     primary db-a in zone a takes no writes: no_acker (no acker answers: only a person may open it unprotected, by hand)
   4.9s story    kill a
   4.9s story    mend controller b
   5.1s verdict  database db-a is down: connection refused
   5.1s verdict  database db-b is ok: answers
   5.1s verdict  origin a is down: connection refused
   5.1s verdict  redis a is down: connection refused
   5.1s verdict  zone a is zone_lost: neither database nor services answer
   5.1s veto     primary db-a in zone a is lost: awaiting_approval (run `sitedr approve` to go ahead)
   6.5s verdict  zone b is none: nothing is the matter with it
   7.9s stopped  
