# this run never closed it, so it opens nothing
on hold effect close a
on hold effect crash
switchover b patching
run-for 60s
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
   0.6s story    on hold effect close a
   0.6s story    on hold effect crash
   0.6s story    switchover b patching
   0.6s wish     to=b, why=patching, planned=True
   0.6s started  switchover epoch=2 at confirm: db-a to db-b: patching
   0.6s intent   confirm
   0.6s outcome  confirm done
   0.6s intent   hold
   0.8s started  mode=auto
   1.0s verdict  database db-c is down: connection refused
   1.0s outcome  hold unknown: the controller stopped before it
   1.0s restarted switchover epoch=3 at unhold: db-a to db-b: patching
   1.0s intent   unhold
   1.0s outcome  unhold done
   1.0s intent   unfreeze_again
   1.0s outcome  unfreeze_again done
   1.0s ended    switchover abandoned: stopped before a restart of the controller
   1.1s serving  db-a takes no writes any more, process db-a-boot-1
   1.1s veto     primary db-a in zone a takes no writes: primary_closed (db-a was closed, and not by a restart. Open it by hand, or `sitedr failover --to` another zone)
  60.6s stopped  
