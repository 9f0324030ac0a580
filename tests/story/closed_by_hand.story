# Somebody closes the primary, and restarts it later: what a person did is not undone,
# a restart is no excuse. Opened by hand it waits for nobody, so `protected` is earned
# anew.
close a
run-for 5s
restart a
run-for 5s
open a
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
   0.6s story    close a
   0.6s serving  db-a takes no writes any more, process db-a-boot-1
   0.6s veto     primary db-a in zone a takes no writes: primary_closed (db-a was closed, and not by a restart. Open it by hand, or `sitedr failover --to` another zone)
   5.6s story    restart a
  10.6s story    open a
  10.6s serving  db-a takes writes, process db-a-boot-2
  10.6s veto     none holds; unprotected: db-a was opened by hand
  10.6s started  restore epoch=2 at register: a replica of db-a in db-b: unprotected: db-a was opened by hand
  10.6s intent   register
  10.6s outcome  register done
  10.6s intent   attach
  10.6s outcome  attach done
  10.6s intent   protect
  10.6s outcome  protect done acker=db-b
  10.6s intent   verify_end
  10.6s outcome  verify_end done
  10.6s ended    restore completed
  15.6s stopped  
