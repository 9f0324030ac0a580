# A replica is told to follow another server too: its history is nobody's any more.
# It is named at once, holds the failover, and a person ends it (rule 10).
also b elsewhere:3306
run-for 2
kill a
run-for 4
only b
run-for 8
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
   0.6s story    also b elsewhere:3306
   0.6s veto     no trouble: unknown_source (db-b follows elsewhere:3306, which is no member: mend it by hand, nothing is guessed); multi_source (db-b follows 2: db-a:3306, elsewhere:3306: mend it by hand, nothing is guessed)
   2.6s story    kill a
   2.8s verdict  database db-a is down: connection refused
   2.8s verdict  origin a is down: connection refused
   2.8s verdict  redis a is down: connection refused
   2.8s verdict  zone a is zone_lost: neither database nor services answer
   2.8s veto     primary db-a in zone a is lost: unknown_source (db-b follows elsewhere:3306, which is no member: mend it by hand, nothing is guessed); multi_source (db-b follows 2: db-a:3306, elsewhere:3306: mend it by hand, nothing is guessed)
   6.6s story    only b
   6.6s veto     none holds; primary db-a in zone a is lost
   6.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   6.6s intent   confirm
   6.6s outcome  confirm done
   6.6s intent   hold
   6.6s outcome  hold done
   6.6s intent   freeze
   6.6s outcome  freeze done
   6.6s intent   fence
   6.6s outcome  fence done proof=process
   6.6s intent   drain
   6.6s outcome  drain done
   6.6s intent   verify
   6.6s outcome  verify done
   6.6s intent   invalidate
   6.6s outcome  invalidate done
   6.6s intent   repoint
   6.6s outcome  repoint refused: no other replica exists
   6.6s intent   unprotect
   6.6s outcome  unprotect done
   6.6s intent   open
   6.6s outcome  open done
   6.6s intent   canary
   6.6s outcome  canary done
   6.6s intent   reroute
   6.6s outcome  reroute done
   6.6s intent   release
   6.6s outcome  release done
   6.6s intent   provision
   7.6s outcome  provision done
   7.6s intent   seed
   7.6s outcome  seed done
   7.6s intent   register
   7.6s outcome  register done
   7.6s intent   attach
   7.6s outcome  attach done
   7.6s intent   protect
   9.6s outcome  protect done acker=db-c
   9.6s intent   verify_end
   9.6s outcome  verify_end done
   9.6s ended    failover completed
  10.6s verdict  database db-c is ok: answers
  10.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  14.6s stopped  
