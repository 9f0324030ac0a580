# Nothing stalls when the replica goes; another one is built, and it can be promoted.
set durability=none
kill b
run-for 8s
kill a
run-for 6s
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
   0.6s story    kill b
   0.8s verdict  database db-b is down: connection refused
   0.8s verdict  origin b is down: connection refused
   0.8s verdict  redis b is down: connection refused
   0.8s verdict  zone b is zone_lost: neither database nor services answer
   0.8s veto     origin of zone b is down; redis of zone b is down; replica db-b is down: primary_unaffected (the primary db-a serves: nothing is moved)
   2.2s veto     none holds; no replica follows the primary, as far as is known
   2.2s started  restore epoch=2 at provision: a replica of db-a in db-c: no replica follows the primary, as far as is known
   2.2s intent   provision
   3.2s outcome  provision done
   3.2s intent   seed
   3.2s outcome  seed done
   3.2s intent   register
   3.2s outcome  register done
   3.2s intent   attach
   3.2s outcome  attach done
   3.2s intent   protect
   3.2s outcome  protect done
   3.2s intent   verify_end
   3.2s outcome  verify_end done
   3.2s ended    restore completed
   4.2s veto     origin of zone b is down; redis of zone b is down; replica db-b is down; replica db-c is down: primary_unaffected (the primary db-a serves: nothing is moved)
   4.4s verdict  database db-c is ok: answers
   8.6s story    kill a
   8.8s verdict  database db-a is down: connection refused
   8.8s verdict  origin a is down: connection refused
   8.8s verdict  redis a is down: connection refused
   8.8s verdict  zone a is zone_lost: neither database nor services answer
   8.8s veto     none holds; primary db-a in zone a is lost
   8.8s started  failover epoch=3 at confirm: db-a to db-c, spare none: db-a in zone a is lost; durability none: acknowledged writes may be in one zone only; zone lost: neither database nor services answer
   8.8s intent   confirm
   8.8s outcome  confirm done
   8.8s intent   hold
   8.8s outcome  hold done
   8.8s intent   freeze
   8.8s outcome  freeze done
   8.8s intent   fence
   8.8s outcome  fence done proof=process
   8.8s intent   drain
   8.8s outcome  drain done
   8.8s intent   verify
   8.8s outcome  verify done
   8.8s intent   invalidate
   8.8s outcome  invalidate done
   8.8s intent   repoint
   8.8s outcome  repoint refused: no other replica exists
   8.8s intent   unprotect
   8.8s outcome  unprotect done
   8.8s intent   open
   8.8s outcome  open done ids=no counter to raise
   8.8s intent   canary
   8.8s outcome  canary done
   8.8s intent   reroute
   8.8s outcome  reroute done
   8.8s intent   release
   8.8s outcome  release done
   8.8s intent   provision
   8.8s outcome  provision refused: no healthy zone is free for a new replica
   8.8s ended    failover under_replicated: provision: no healthy zone is free for a new replica
   8.9s veto     no replica follows the primary, as far as is known: no_spare_zone (no healthy zone is free for a replica)
  14.6s stopped  
