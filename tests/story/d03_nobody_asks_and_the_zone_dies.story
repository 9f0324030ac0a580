# D3: no requests at all; the zone dies: the probes alone decide, as fast as ever.
traffic a good=0
traffic b good=0
run-for 5s
kill a
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
   0.6s story    traffic a good=0
   0.6s story    traffic b good=0
   5.6s story    kill a
   5.8s verdict  database db-a is down: connection refused
   5.8s verdict  origin a is down: connection refused
   5.8s verdict  redis a is down: connection refused
   5.8s verdict  zone a is zone_lost: neither database nor services answer
   5.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   5.8s intent   confirm
   5.8s outcome  confirm done
   5.8s intent   hold
   5.8s outcome  hold done
   5.8s intent   freeze
   5.8s outcome  freeze done
   5.8s intent   fence
   5.8s outcome  fence done proof=process
   5.8s intent   drain
   5.8s outcome  drain done
   5.8s intent   verify
   5.8s outcome  verify done
   5.8s intent   invalidate
   5.8s outcome  invalidate done
   5.8s intent   repoint
   5.8s outcome  repoint refused: no other replica exists
   5.8s intent   unprotect
   5.8s outcome  unprotect done
   5.8s intent   open
   5.8s outcome  open done
   5.8s intent   canary
   5.8s outcome  canary done
   5.8s intent   reroute
   5.8s outcome  reroute done
   5.8s intent   release
   5.8s outcome  release done
   5.8s intent   provision
   6.8s outcome  provision done
   6.8s intent   seed
   6.8s outcome  seed done
   6.8s intent   register
   6.8s outcome  register done
   6.8s intent   attach
   6.8s outcome  attach done
   6.8s intent   protect
   8.8s outcome  protect done acker=db-c
   8.8s intent   verify_end
   8.8s outcome  verify_end done
   8.8s ended    failover completed
   9.0s verdict  database db-c is ok: answers
   9.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  13.6s stopped  
