# The primary's disk is full: it answers and takes no write. By default a person decides.
fill a
run-for 15s
free a
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
   0.6s story    fill a
   3.0s verdict  zone a is database_only: its database answers and takes no writes
   3.0s veto     primary db-a answers and takes no writes for 2 s (a durable canary hangs): is its disk full?: write_dead (`write_dead.action` is hold: free its disk, or `sitedr failover --to ZONE --override primary_answers --override still_receiving --override no_second_vantage`)
  15.6s story    free a
  15.7s veto     none holds; no trouble
  17.1s verdict  zone a is none: nothing is the matter with it
  20.6s stopped  
