# What heals before its time is left alone.
set write_dead=failover
fill a
run-for 8s
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
   8.6s story    free a
   8.7s veto     none holds; no trouble
  10.1s verdict  zone a is none: nothing is the matter with it
  18.6s stopped  
