# The new primary dies before its copy in c is whole: unprotected, so hold, and say so.
set cooldown_s=1
kill a
run-for 2.5s
kill b
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
   3.1s story    kill b
   3.1s verdict  database db-c is ok: answers
   3.8s outcome  protect done acker=db-c
   3.8s intent   verify_end
   3.8s outcome  verify_end refused: db-b is not a writable primary
   4.0s intent   verify_end attempt 2
   4.0s outcome  verify_end refused: db-b is not a writable primary
   4.2s intent   verify_end attempt 3
   4.2s outcome  verify_end refused: db-b is not a writable primary
   4.4s intent   verify_end attempt 4
   4.4s outcome  verify_end refused: db-b is not a writable primary
   4.6s intent   verify_end attempt 5
   4.6s outcome  verify_end refused: db-b is not a writable primary
   4.6s ended    failover under_replicated: verify_end: db-b is not a writable primary
   5.1s verdict  database db-b is down: connection refused
   5.1s verdict  origin b is down: connection refused
   5.1s verdict  redis b is down: connection refused
   5.1s verdict  zone b is zone_lost: neither database nor services answer
   5.1s veto     primary db-b in zone b is lost: cooldown (a failover ended recently; 1 s left)
   6.5s veto     none holds; primary db-b in zone b is lost
   6.5s started  failover epoch=3 at confirm: db-b to db-c, spare none: db-b in zone b is lost; zone lost: neither database nor services answer
   6.5s intent   confirm
   6.5s outcome  confirm done
   6.5s intent   hold
   6.5s outcome  hold done
   6.5s intent   freeze
   6.5s outcome  freeze done
   6.5s intent   fence
   6.5s outcome  fence done proof=process
   6.5s intent   drain
   6.5s outcome  drain done
   6.5s intent   verify
   6.5s outcome  verify done
   6.5s intent   invalidate
   6.5s outcome  invalidate done
   6.5s intent   repoint
   6.5s outcome  repoint refused: no other replica exists
   6.5s intent   unprotect
   6.5s outcome  unprotect done
   6.5s intent   open
   6.5s outcome  open done
   6.5s intent   canary
   6.5s outcome  canary done
   6.5s intent   reroute
   6.5s outcome  reroute done
   6.5s intent   release
   6.5s outcome  release done
   6.5s intent   provision
   6.5s outcome  provision refused: no healthy zone is free for a new replica
   6.5s ended    failover under_replicated: provision: no healthy zone is free for a new replica
   7.5s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
   8.1s stopped  
