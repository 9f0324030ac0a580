# Held for a person, who says where to.
fill a
run-for 6s
failover b +primary_answers +still_receiving +no_second_vantage the disk is full
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
   0.6s story    fill a
   3.0s verdict  zone a is database_only: its database answers and takes no writes
   3.0s veto     primary db-a answers and takes no writes for 2 s (a durable canary hangs): is its disk full?: write_dead (`write_dead.action` is hold: free its disk, or `sitedr failover --to ZONE --override primary_answers --override still_receiving --override no_second_vantage`)
   6.6s story    failover b +primary_answers +still_receiving +no_second_vantage the disk is full
   6.6s wish     to=b, why=the disk is full, overrides=['primary_answers', 'still_receiving', 'no_second_vantage']
   6.6s veto     none holds; a failover to zone b was asked for
   6.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: the disk is full
   6.6s intent   confirm
   6.6s outcome  confirm done
   6.6s intent   hold
   6.6s outcome  hold done
   6.6s intent   freeze
   6.6s outcome  freeze done
   6.6s intent   fence
   6.6s outcome  fence done proof=process
   6.6s intent   drain
   6.6s outcome  drain done
   6.6s intent   verify
   6.6s outcome  verify done
   6.6s intent   invalidate
   6.6s outcome  invalidate done
   6.6s intent   repoint
   6.6s outcome  repoint refused: no other replica exists
   6.6s intent   unprotect
   6.6s outcome  unprotect done
   6.6s intent   open
   6.6s outcome  open done
   6.6s intent   canary
   6.6s outcome  canary done
   6.6s intent   reroute
   6.6s outcome  reroute done
   6.6s intent   release
   6.6s outcome  release done
   6.6s intent   provision
   7.6s outcome  provision done
   7.6s intent   seed
   7.6s outcome  seed done
   7.6s intent   register
   7.6s outcome  register done
   7.6s intent   attach
   7.6s outcome  attach done
   7.6s intent   protect
   9.6s verdict  database db-a is down: connection refused
   9.6s verdict  zone a is none: nothing is the matter with it
   9.6s outcome  protect done acker=db-c
   9.6s intent   verify_end
   9.6s outcome  verify_end done
   9.6s ended    failover completed
  10.6s verdict  database db-c is ok: answers
  10.7s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
  10.7s intent   retire
  10.7s outcome  retire done proof=process
  10.7s intent   compare
  10.7s outcome  compare done told=nothing the successor lacks
  10.7s ended    examine completed
  14.6s stopped  
