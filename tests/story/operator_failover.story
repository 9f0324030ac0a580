# A person moves a healthy primary: every veto is named, overridden one by one.
failover b +primary_answers +still_receiving +no_second_vantage patching a
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
   0.6s story    failover b +primary_answers +still_receiving +no_second_vantage patching a
   0.6s wish     to=b, why=patching a, overrides=['primary_answers', 'still_receiving', 'no_second_vantage']
   0.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: patching a
   0.6s intent   confirm
   0.6s outcome  confirm done
   0.6s intent   hold
   0.6s outcome  hold done
   0.6s intent   freeze
   0.6s outcome  freeze done
   0.6s intent   fence
   0.6s outcome  fence done proof=process
   0.6s intent   drain
   0.6s outcome  drain done
   0.6s intent   verify
   0.6s outcome  verify done
   0.6s intent   invalidate
   0.6s outcome  invalidate done
   0.6s intent   repoint
   0.6s outcome  repoint refused: no other replica exists
   0.6s intent   unprotect
   0.6s outcome  unprotect done
   0.6s intent   open
   0.6s outcome  open done
   0.6s intent   canary
   0.6s outcome  canary done
   0.6s intent   reroute
   0.6s outcome  reroute done
   0.6s intent   release
   0.6s outcome  release done
   0.6s intent   provision
   1.6s outcome  provision done
   1.6s intent   seed
   1.6s outcome  seed done
   1.6s intent   register
   1.6s outcome  register done
   1.6s intent   attach
   1.6s outcome  attach done
   1.6s intent   protect
   1.8s verdict  database db-a is down: connection refused
   3.6s outcome  protect done acker=db-c
   3.6s intent   verify_end
   3.6s outcome  verify_end done
   3.6s ended    failover completed
   3.8s verdict  database db-c is ok: answers
   3.9s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
   3.9s intent   retire
   3.9s outcome  retire done proof=process
   3.9s intent   compare
   3.9s outcome  compare done told=nothing the successor lacks
   3.9s ended    examine completed
   8.6s stopped  
