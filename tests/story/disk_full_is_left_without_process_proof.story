# No fence by SQL is to be had on a full disk: acknowledgements revoked will do.
set write_dead=failover
set proofs=sql,acks_revoked
fill a
run-for 25s
free a
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
   0.6s story    fill a
   3.0s verdict  zone a is database_only: its database answers and takes no writes
   3.0s veto     primary db-a answers and takes no writes for 2 s (a durable canary hangs): is its disk full?: write_dead (left after 10 s)
  11.4s veto     none holds; primary db-a answers and takes no writes for 11 s (a durable canary hangs): is its disk full?
  11.4s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: primary db-a answers and takes no writes for 11 s (a durable canary hangs): is its disk full?; database only: its database answers and takes no writes
  11.4s intent   confirm
  11.4s outcome  confirm done
  11.4s intent   hold
  11.4s outcome  hold done
  11.4s intent   freeze
  11.4s outcome  freeze done
  11.4s intent   fence
  11.4s outcome  fence done proof=acks_revoked
  11.4s intent   drain
  11.4s outcome  drain done
  11.4s intent   verify
  11.4s outcome  verify done
  11.4s intent   invalidate
  11.4s outcome  invalidate done
  11.4s intent   repoint
  11.4s outcome  repoint refused: no other replica exists
  11.4s intent   unprotect
  11.4s outcome  unprotect done
  11.4s intent   open
  11.4s outcome  open done
  11.4s intent   canary
  11.4s outcome  canary done
  11.4s intent   reroute
  11.4s outcome  reroute done
  11.4s intent   release
  11.4s outcome  release done
  11.4s intent   provision
  12.4s outcome  provision done
  12.4s intent   seed
  12.4s outcome  seed done
  12.4s intent   register
  12.4s outcome  register done
  12.4s intent   attach
  12.4s outcome  attach done
  12.4s intent   protect
  14.4s verdict  zone a is none: nothing is the matter with it
  14.4s outcome  protect done acker=db-c
  14.4s intent   verify_end
  14.4s outcome  verify_end done
  14.4s ended    failover completed
  15.4s verdict  database db-c is ok: answers
  15.5s started  retire epoch=3 at retire: db-a: db-a in zone a is no member any more
  15.5s intent   retire
  15.5s outcome  retire done proof=process
  15.5s ended    retire completed
  15.7s started  examine epoch=4 at retire: db-a: db-a was primary: does db-b have all of it?
  15.7s intent   retire
  15.7s outcome  retire done proof=process
  15.7s intent   compare
  15.7s outcome  compare done told=nothing the successor lacks
  15.7s ended    examine completed
  15.8s verdict  database db-a is down: connection refused
  25.6s story    free a
  35.6s stopped  
