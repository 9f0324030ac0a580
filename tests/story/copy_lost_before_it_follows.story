# A new copy is registered, and its zone is lost before it follows. When the zone is
# back, with no other one free, it goes on where it stopped: a member on its own data.
kill a
on attach intent kill c
run-for 12s
heal c
run-for 15s
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
   0.6s story    on attach intent kill c
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
   1.8s outcome  attach refused: connection refused
   2.0s intent   attach attempt 2
   2.0s outcome  attach refused: not sent, the connection is silent: connection refused
   2.2s intent   attach attempt 3
   2.2s outcome  attach refused: not sent, the connection is silent: connection refused
   2.4s intent   attach attempt 4
   2.4s outcome  attach refused: not sent, the connection is silent: connection refused
   2.6s intent   attach attempt 5
   2.6s outcome  attach refused: not sent, the connection is silent: connection refused
   2.6s ended    failover under_replicated: attach: not sent, the connection is silent: connection refused
   3.0s verdict  zone c is zone_lost: neither database nor services answer
   3.0s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
   3.1s verdict  origin c is down: connection refused
   3.1s verdict  redis c is down: connection refused
  12.6s story    heal c
  12.8s verdict  database db-c is ok: answers
  12.8s verdict  origin c is ok: answers
  12.8s verdict  redis c is ok: answers
  12.8s veto     none holds; unprotected: no replica of the new primary acknowledged yet
  12.8s started  restore epoch=3 at register: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
  12.8s intent   register
  12.8s outcome  register done
  12.8s intent   attach
  12.8s outcome  attach done
  12.8s intent   protect
  14.0s verdict  zone c is none: nothing is the matter with it
  14.6s outcome  protect done acker=db-c
  14.6s intent   verify_end
  14.6s outcome  verify_end done
  14.6s ended    restore completed
  15.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  27.6s stopped  
