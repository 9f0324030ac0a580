# A window lasts as long as was asked for while the wall clock is set back; set forward, it is over, and stays so.
maintenance start a 30s new kernel
wall-clock -7200
kill a
run-for 10s
crash
run-for 10s
wall-clock 3600
run-for 1s
wall-clock -3600
run-for 12s
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
   0.6s story    maintenance start a 30s new kernel
   0.6s maintenance zone a for 30 s (ann: new kernel)
   0.6s story    wall-clock -7200
   0.6s story    kill a
   0.6s veto     no trouble: maintenance (zone a is in maintenance until 2023-11-14 20:13 UTC (ann: new kernel))
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s veto     primary db-a in zone a is lost: maintenance (zone a is in maintenance until 2023-11-14 20:13 UTC (ann: new kernel))
  10.6s story    crash
  10.6s started  mode=auto
  10.8s verdict  database db-a is down: connection refused
  10.8s verdict  database db-c is down: connection refused
  10.8s verdict  origin a is down: connection refused
  10.8s verdict  redis a is down: connection refused
  10.8s verdict  zone a is zone_lost: neither database nor services answer
  10.8s veto     primary db-a in zone a is lost: maintenance (zone a is in maintenance until 2023-11-14 20:13 UTC (ann: new kernel))
  20.6s story    wall-clock 3600
  20.6s maintenance zone a is over (ann: new kernel)
  20.6s veto     none holds; primary db-a in zone a is lost
  20.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  20.6s intent   confirm
  20.6s outcome  confirm done
  20.6s intent   hold
  20.6s outcome  hold done
  20.6s intent   freeze
  20.6s outcome  freeze done
  20.6s intent   fence
  20.6s outcome  fence done proof=process
  20.6s intent   drain
  20.6s outcome  drain done
  20.6s intent   verify
  20.6s outcome  verify done
  20.6s intent   invalidate
  20.6s outcome  invalidate done
  20.6s intent   repoint
  20.6s outcome  repoint refused: no other replica exists
  20.6s intent   unprotect
  20.6s outcome  unprotect done
  20.6s intent   open
  20.6s outcome  open done
  20.6s intent   canary
  20.6s outcome  canary done
  20.6s intent   reroute
  20.6s outcome  reroute done
  20.6s intent   release
  20.6s outcome  release done
  20.6s intent   provision
  21.6s story    wall-clock -3600
  21.6s outcome  provision done
  21.6s intent   seed
  21.6s outcome  seed done
  21.6s intent   register
  21.6s outcome  register done
  21.6s intent   attach
  21.6s outcome  attach done
  21.6s intent   protect
  23.6s outcome  protect done acker=db-c
  23.6s intent   verify_end
  23.6s outcome  verify_end done
  23.6s ended    failover completed
  24.6s verdict  database db-c is ok: answers
  24.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  33.6s stopped  
