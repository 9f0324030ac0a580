# Traffic D19: the primary's zone is lost in a window; nothing moves until it is over by itself.
maintenance start a 15s new kernel
run-for 1s
kill a
run-for 20s
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
   0.6s story    maintenance start a 15s new kernel
   0.6s maintenance zone a for 15 s (ann: new kernel)
   0.6s veto     no trouble: maintenance (zone a is in maintenance until 2023-11-14 22:13 UTC (ann: new kernel))
   1.6s story    kill a
   1.8s verdict  database db-a is down: connection refused
   1.8s verdict  origin a is down: connection refused
   1.8s verdict  redis a is down: connection refused
   1.8s verdict  zone a is zone_lost: neither database nor services answer
   1.8s veto     primary db-a in zone a is lost: maintenance (zone a is in maintenance until 2023-11-14 22:13 UTC (ann: new kernel))
  16.2s maintenance zone a is over (ann: new kernel)
  16.2s veto     none holds; primary db-a in zone a is lost
  16.2s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  16.2s intent   confirm
  16.2s outcome  confirm done
  16.2s intent   hold
  16.2s outcome  hold done
  16.2s intent   freeze
  16.2s outcome  freeze done
  16.2s intent   fence
  16.2s outcome  fence done proof=process
  16.2s intent   drain
  16.2s outcome  drain done
  16.2s intent   verify
  16.2s outcome  verify done
  16.2s intent   invalidate
  16.2s outcome  invalidate done
  16.2s intent   repoint
  16.2s outcome  repoint refused: no other replica exists
  16.2s intent   unprotect
  16.2s outcome  unprotect done
  16.2s intent   open
  16.2s outcome  open done
  16.2s intent   canary
  16.2s outcome  canary done
  16.2s intent   reroute
  16.2s outcome  reroute done
  16.2s intent   release
  16.2s outcome  release done
  16.2s intent   provision
  17.2s outcome  provision done
  17.2s intent   seed
  17.2s outcome  seed done
  17.2s intent   register
  17.2s outcome  register done
  17.2s intent   attach
  17.2s outcome  attach done
  17.2s intent   protect
  19.2s outcome  protect done acker=db-c
  19.2s intent   verify_end
  19.2s outcome  verify_end done
  19.2s ended    failover completed
  20.2s verdict  database db-c is ok: answers
  20.2s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  21.6s stopped  
