# Both replicas hold all there is: the rule says c, so it is not b by its name.
set replicas=2
set promotion=b:avoid
kill a
run-for 6
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
   4.0s story    kill a
   4.2s verdict  database db-a is down: connection refused
   4.2s verdict  origin a is down: connection refused
   4.2s verdict  redis a is down: connection refused
   4.2s verdict  zone a is zone_lost: neither database nor services answer
   4.2s started  failover epoch=3 at confirm: db-a to db-c, spare none: db-a in zone a is lost; zone lost: neither database nor services answer
   4.2s intent   confirm
   4.2s outcome  confirm done
   4.2s intent   hold
   4.2s outcome  hold done
   4.2s intent   freeze
   4.2s outcome  freeze done
   4.2s intent   fence
   4.2s outcome  fence done proof=process
   4.2s intent   drain
   4.2s outcome  drain done
   4.2s intent   verify
   4.2s outcome  verify done
   4.2s intent   invalidate
   4.2s outcome  invalidate done
   4.2s intent   repoint
   4.2s outcome  repoint done
   4.2s intent   open
   4.2s outcome  open done
   4.2s intent   canary
   4.2s outcome  canary done acker=db-b
   4.2s intent   reroute
   4.2s outcome  reroute done
   4.2s intent   release
   4.2s outcome  release done
   4.2s intent   provision
   4.2s outcome  provision refused: no healthy zone is free for a new replica
   4.2s ended    failover under_replicated: provision: no healthy zone is free for a new replica
   4.3s veto     1 of 2 replicas of db-c acknowledge; redis of zone a is down: no_spare_zone (no healthy zone is free for a replica)
  10.0s stopped  
