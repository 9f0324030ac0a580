# The zone of the primary and the daemon end in the same moment; the next daemon finishes.
on confirm intent crash
kill a
crash
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
   0.6s story    on confirm intent crash
   0.6s story    kill a
   0.6s story    crash
   0.6s started  mode=auto
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  database db-c is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   0.8s intent   confirm
   1.0s started  mode=auto
   1.2s verdict  database db-a is down: connection refused
   1.2s verdict  database db-c is down: connection refused
   1.2s verdict  origin a is down: connection refused
   1.2s verdict  redis a is down: connection refused
   1.2s verdict  zone a is zone_lost: neither database nor services answer
   1.2s outcome  confirm unknown: the controller stopped before it
   1.2s restarted failover epoch=3 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   1.2s intent   confirm
   1.2s outcome  confirm done
   1.2s intent   hold
   1.2s outcome  hold done
   1.2s intent   freeze
   1.2s outcome  freeze done
   1.2s intent   fence
   1.2s outcome  fence done proof=process
   1.2s intent   drain
   1.2s outcome  drain done
   1.2s intent   verify
   1.2s outcome  verify done
   1.2s intent   invalidate
   1.2s outcome  invalidate done
   1.2s intent   repoint
   1.2s outcome  repoint refused: no other replica exists
   1.2s intent   unprotect
   1.2s outcome  unprotect done
   1.2s intent   open
   1.2s outcome  open done
   1.2s intent   canary
   1.2s outcome  canary done
   1.2s intent   reroute
   1.2s outcome  reroute done
   1.2s intent   release
   1.2s outcome  release done
   1.2s intent   provision
   2.2s outcome  provision done
   2.2s intent   seed
   2.2s outcome  seed done
   2.2s intent   register
   2.2s outcome  register done
   2.2s intent   attach
   2.2s outcome  attach done
   2.2s intent   protect
   4.2s outcome  protect done acker=db-c
   4.2s intent   verify_end
   4.2s outcome  verify_end done
   4.2s ended    failover completed
   4.4s verdict  database db-c is ok: answers
   4.4s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  12.6s stopped  
