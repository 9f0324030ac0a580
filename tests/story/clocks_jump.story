# The controller's wall clock jumps an hour forward and back, at rest and in mid-failover.
wall-clock 3600
run-for 5s
wall-clock -7200
run-for 5s
on freeze effect wall-clock 3600
on drain effect wall-clock -3600
on provision intent wall-clock 3600
kill a
run-for 10s
wall-clock -3600
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
   0.6s story    wall-clock 3600
   5.6s story    wall-clock -7200
  10.6s story    on freeze effect wall-clock 3600
  10.6s story    on drain effect wall-clock -3600
  10.6s story    on provision intent wall-clock 3600
  10.6s story    kill a
  10.8s verdict  database db-a is down: connection refused
  10.8s verdict  origin a is down: connection refused
  10.8s verdict  redis a is down: connection refused
  10.8s verdict  zone a is zone_lost: neither database nor services answer
  10.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  10.8s intent   confirm
  10.8s outcome  confirm done
  10.8s intent   hold
  10.8s outcome  hold done
  10.8s intent   freeze
  10.8s outcome  freeze done
  10.8s intent   fence
  10.8s outcome  fence done proof=process
  10.8s intent   drain
  10.8s outcome  drain done
  10.8s intent   verify
  10.8s outcome  verify done
  10.8s intent   invalidate
  10.8s outcome  invalidate done
  10.8s intent   repoint
  10.8s outcome  repoint refused: no other replica exists
  10.8s intent   unprotect
  10.8s outcome  unprotect done
  10.8s intent   open
  10.8s outcome  open done
  10.8s intent   canary
  10.8s outcome  canary done
  10.8s intent   reroute
  10.8s outcome  reroute done
  10.8s intent   release
  10.8s outcome  release done
  10.8s intent   provision
  11.8s outcome  provision done
  11.8s intent   seed
  11.8s outcome  seed done
  11.8s intent   register
  11.8s outcome  register done
  11.8s intent   attach
  11.8s outcome  attach done
  11.8s intent   protect
  13.8s outcome  protect done acker=db-c
  13.8s intent   verify_end
  13.8s outcome  verify_end done
  13.8s ended    failover completed
  14.0s verdict  database db-c is ok: answers
  14.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  20.6s story    wall-clock -3600
  25.6s stopped  
