# The primary dies while the daemon hardly runs: it is left once that is seen awake.
run-for 5s
starve 2s
kill a
starve 3s
run-for 10s
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
   5.6s story    starve 2s
   6.8s veto     no trouble: unfit_observer (our own loop stood still for 0.50 s: what failed then is no evidence, and every verdict is earned anew; 1.5 s left. If it goes on, the daemon gets too little of this machine)
   8.5s story    kill a
   8.5s story    starve 3s
  11.9s verdict  database db-a is down: connection refused
  11.9s verdict  origin a is down: connection refused
  11.9s verdict  redis a is down: connection refused
  11.9s verdict  zone a is zone_lost: neither database nor services answer
  11.9s veto     primary db-a in zone a is lost: unfit_observer (our own loop stood still for 0.50 s: what failed then is no evidence, and every verdict is earned anew; 1.2 s left. If it goes on, the daemon gets too little of this machine)
  13.3s veto     none holds; primary db-a in zone a is lost
  13.3s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  13.3s intent   confirm
  13.3s outcome  confirm done
  13.3s intent   hold
  13.3s outcome  hold done
  13.3s intent   freeze
  13.3s outcome  freeze done
  13.3s intent   fence
  13.3s outcome  fence done proof=process
  13.3s intent   drain
  13.3s outcome  drain done
  13.3s intent   verify
  13.3s outcome  verify done
  13.3s intent   invalidate
  13.3s outcome  invalidate done
  13.3s intent   repoint
  13.3s outcome  repoint refused: no other replica exists
  13.3s intent   unprotect
  13.3s outcome  unprotect done
  13.3s intent   open
  13.3s outcome  open done
  13.3s intent   canary
  13.3s outcome  canary done
  13.3s intent   reroute
  13.3s outcome  reroute done
  13.3s intent   release
  13.3s outcome  release done
  13.3s intent   provision
  14.3s outcome  provision done
  14.3s intent   seed
  14.3s outcome  seed done
  14.3s intent   register
  14.3s outcome  register done
  14.3s intent   attach
  14.3s outcome  attach done
  14.3s intent   protect
  16.3s outcome  protect done acker=db-c
  16.3s intent   verify_end
  16.3s outcome  verify_end done
  16.3s ended    failover completed
  17.3s verdict  database db-c is ok: answers
  17.3s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  21.7s stopped  
