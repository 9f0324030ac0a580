# The primary is told to follow its own replica: in a ring nothing can be frozen.
also a db-b:3306
run-for 2
kill a
run-for 4
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
   0.6s story    also a db-b:3306
   0.6s veto     no trouble: replication_cycle (db-a follows db-b follows db-a: mend it by hand, nothing is guessed)
   2.6s story    kill a
   2.8s verdict  database db-a is down: connection refused
   2.8s verdict  origin a is down: connection refused
   2.8s verdict  redis a is down: connection refused
   2.8s verdict  zone a is zone_lost: neither database nor services answer
   2.8s veto     primary db-a in zone a is lost: replication_cycle (db-b follows db-a follows db-b: mend it by hand, nothing is guessed)
   6.6s stopped  
