# A replica restarted and may have lost what it had acknowledged; the primary is lost
# before it has proven that it caught up: a person decides, though it answers.
set replicas=2
kill c
run-for 6
on attach effect kill a
heal c
run-for 10
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
   0.5s started  widen epoch=2 at provision: one more replica of db-a in db-c: 1 of 2 replicas of db-a acknowledge
   0.5s intent   provision
   1.5s outcome  provision done
   1.5s intent   seed
   1.5s outcome  seed done
   1.5s intent   register
   3.5s outcome  register done
   3.5s intent   attach
   3.5s outcome  attach done
   3.5s intent   protect
   3.5s outcome  protect done acker=db-c
   3.5s intent   verify_end
   3.5s outcome  verify_end done
   3.5s ended    widen completed
   3.8s verdict  database db-c is ok: answers
   4.0s story    kill c
   4.2s verdict  database db-c is down: connection refused
   4.2s verdict  origin c is down: connection refused
   4.2s verdict  redis c is down: connection refused
   4.2s verdict  zone c is zone_lost: neither database nor services answer
   4.2s veto     origin of zone c is down; redis of zone c is down; replica db-c is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
   5.6s veto     1 of 2 replicas of db-a acknowledge; origin of zone c is down; redis of zone c is down; replica db-c is down: no_spare_zone (no healthy zone is free for a replica)
  10.0s story    on attach effect kill a
  10.0s story    heal c
  10.2s verdict  database db-c is ok: answers
  10.2s verdict  origin c is ok: answers
  10.2s verdict  redis c is ok: answers
  10.2s veto     none holds; 1 of 2 replicas of db-a acknowledge
  10.2s started  widen epoch=3 at register: one more replica of db-a in db-c: 1 of 2 replicas of db-a acknowledge
  10.2s intent   register
  11.4s verdict  zone c is none: nothing is the matter with it
  12.0s outcome  register done
  12.0s intent   attach
  12.0s outcome  attach done
  12.0s intent   protect
  14.4s verdict  database db-a is down: connection refused
  14.4s verdict  origin a is down: connection refused
  14.4s verdict  redis a is down: connection refused
  14.4s verdict  zone a is zone_lost: neither database nor services answer
  14.4s veto     primary db-a in zone a is lost: acker_unproven (db-c may have acknowledged writes while it joined, and is not known to be the same process since: it may have lost them)
  20.0s stopped  
