# GitHub 2020: the new primary dies within the cool-down. Held by name, until a person says so.
kill a
run-for 6s
kill b
run-for 10s
failover c +cooldown users wait
run-for 8s
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
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   0.8s intent   confirm
   0.8s outcome  confirm done
   0.8s intent   hold
   0.8s outcome  hold done
   0.8s intent   freeze
   0.8s outcome  freeze done
   0.8s intent   fence
   0.8s outcome  fence done proof=process
   0.8s intent   drain
   0.8s outcome  drain done
   0.8s intent   verify
   0.8s outcome  verify done
   0.8s intent   invalidate
   0.8s outcome  invalidate done
   0.8s intent   repoint
   0.8s outcome  repoint refused: no other replica exists
   0.8s intent   unprotect
   0.8s outcome  unprotect done
   0.8s intent   open
   0.8s outcome  open done
   0.8s intent   canary
   0.8s outcome  canary done
   0.8s intent   reroute
   0.8s outcome  reroute done
   0.8s intent   release
   0.8s outcome  release done
   0.8s intent   provision
   1.8s outcome  provision done
   1.8s intent   seed
   1.8s outcome  seed done
   1.8s intent   register
   1.8s outcome  register done
   1.8s intent   attach
   1.8s outcome  attach done
   1.8s intent   protect
   3.8s outcome  protect done acker=db-c
   3.8s intent   verify_end
   3.8s outcome  verify_end done
   3.8s ended    failover completed
   4.0s verdict  database db-c is ok: answers
   4.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   6.6s story    kill b
   6.8s verdict  database db-b is down: connection refused
   6.8s verdict  origin b is down: connection refused
   6.8s verdict  redis b is down: connection refused
   6.8s verdict  zone b is zone_lost: neither database nor services answer
   6.8s veto     primary db-b in zone b is lost: cooldown (a failover ended recently; 57 s left)
  16.6s story    failover c +cooldown users wait
  16.6s wish     to=c, why=users wait, overrides=['cooldown']
  16.6s veto     none holds; primary db-b in zone b is lost
  16.6s started  failover epoch=3 at confirm: db-b to db-c, spare none: users wait
  16.6s intent   confirm
  16.6s outcome  confirm done
  16.6s intent   hold
  16.6s outcome  hold done
  16.6s intent   freeze
  16.6s outcome  freeze done
  16.6s intent   fence
  16.6s outcome  fence done proof=process
  16.6s intent   drain
  16.6s outcome  drain done
  16.6s intent   verify
  16.6s outcome  verify done
  16.6s intent   invalidate
  16.6s outcome  invalidate done
  16.6s intent   repoint
  16.6s outcome  repoint refused: no other replica exists
  16.6s intent   unprotect
  16.6s outcome  unprotect done
  16.6s intent   open
  16.6s outcome  open done
  16.6s intent   canary
  16.6s outcome  canary done
  16.6s intent   reroute
  16.6s outcome  reroute done
  16.6s intent   release
  16.6s outcome  release done
  16.6s intent   provision
  16.6s outcome  provision refused: no healthy zone is free for a new replica
  16.6s ended    failover under_replicated: provision: no healthy zone is free for a new replica
  17.6s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
  24.6s stopped  
