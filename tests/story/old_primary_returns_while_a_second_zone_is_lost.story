# The new primary is alone: nobody is free for a copy but the old primary's zone.
provisioner off
kill a
run-for 8s
kill c
provisioner on
heal a
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
   0.6s story    provisioner off
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost
   0.8s intent   confirm
   0.8s outcome  confirm done
   0.8s intent   hold
   0.8s outcome  hold done
   0.8s intent   freeze
   0.8s outcome  freeze done
   0.8s intent   fence
   0.8s outcome  fence done proof=acks_revoked
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
   0.8s outcome  provision unknown: zone c does not answer
   2.8s intent   provision attempt 2
   2.8s outcome  provision unknown: zone c does not answer
   4.8s intent   provision attempt 3
   4.8s outcome  provision unknown: zone c does not answer
   4.8s ended    failover under_replicated: provision: zone c does not answer
   5.1s started  restore epoch=3 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
   5.1s intent   provision
   5.1s outcome  provision unknown: zone c does not answer
   7.1s intent   provision attempt 2
   7.1s outcome  provision unknown: zone c does not answer
   8.6s story    kill c
   8.6s story    provisioner on
   8.6s story    heal a
   9.1s intent   provision attempt 3
  10.1s outcome  provision done
  10.1s intent   seed
  10.1s outcome  seed done
  10.1s intent   register
  10.1s outcome  register done
  10.1s intent   attach
  10.1s outcome  attach done
  10.1s intent   protect
  10.6s verdict  database db-a is ok: answers
  10.6s verdict  origin a is ok: answers
  10.6s verdict  redis a is ok: answers
  10.6s verdict  origin c is down: connection refused
  10.6s verdict  redis c is down: connection refused
  12.1s outcome  protect done acker=db-c
  12.1s intent   verify_end
  12.1s outcome  verify_end done
  12.1s ended    restore completed
  12.6s verdict  database db-c is ok: answers
  12.7s started  retire epoch=4 at retire: db-a: db-a in zone a is no member any more
  12.7s intent   retire
  12.7s outcome  retire done proof=process
  12.7s ended    retire completed
  12.9s started  examine epoch=5 at retire: db-a: db-a was primary: does db-b have all of it?
  12.9s intent   retire
  12.9s outcome  retire done proof=process
  12.9s intent   compare
  12.9s outcome  compare done told=nothing the successor lacks
  12.9s ended    examine completed
  13.0s verdict  database db-a is down: connection refused
  13.0s veto     origin of zone c is down; redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  23.6s stopped  
