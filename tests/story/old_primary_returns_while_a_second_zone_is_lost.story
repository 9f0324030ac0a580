# The spare zone is lost, then the primary's: the new primary is alone. The old one's
# zone is the only one that comes back; compared first, it is the copy within seconds.
kill c
kill a
run-for 8s
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
   0.6s story    kill c
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  origin c is down: connection refused
   0.8s verdict  redis c is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s verdict  zone c is zone_lost: no service answers
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare none: db-a in zone a is lost; zone lost: neither database nor services answer
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
   0.8s outcome  provision refused: no healthy zone is free for a new replica
   0.8s ended    failover under_replicated: provision: no healthy zone is free for a new replica
   0.9s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
   8.6s story    heal a
   8.8s verdict  origin a is ok: answers
   8.8s verdict  redis a is ok: answers
   8.8s veto     none holds; unprotected: no replica of the new primary acknowledged yet
   8.8s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
   8.8s intent   retire
   8.8s outcome  retire done proof=process
   8.8s intent   compare
   8.8s outcome  compare done told=nothing the successor lacks
   8.8s ended    examine completed
   9.0s started  rejoin epoch=4 at retire: db-a, a replica of db-b: unprotected: no replica of the new primary acknowledged yet
   9.0s intent   retire
   9.0s outcome  retire done proof=process
   9.0s intent   compare
   9.0s outcome  compare done told=nothing the successor lacks
   9.0s intent   resume
   9.0s outcome  resume done
   9.0s intent   register
   9.0s outcome  register done
   9.0s intent   attach
   9.0s outcome  attach done
   9.0s intent   protect
   9.3s verdict  database db-a is ok: answers
  10.3s verdict  zone a is none: nothing is the matter with it
  11.0s outcome  protect done acker=db-a
  11.0s intent   verify_end
  11.0s outcome  verify_end done
  11.0s ended    rejoin completed
  11.3s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  23.6s stopped  
