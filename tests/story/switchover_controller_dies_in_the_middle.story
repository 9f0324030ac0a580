# The controller dies once the primary is closed: the next one takes the move back.
on freeze effect crash
switchover b patching a
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
   0.6s story    on freeze effect crash
   0.6s story    switchover b patching a
   0.6s wish     to=b, why=patching a, planned=True
   0.6s started  switchover epoch=2 at confirm: db-a to db-b: patching a
   0.6s intent   confirm
   0.6s outcome  confirm done
   0.6s intent   hold
   0.6s outcome  hold done
   0.6s intent   close
   0.6s outcome  close done proof=sql
   0.6s intent   catch_up
   0.6s outcome  catch_up done
   0.6s intent   freeze
   0.8s started  mode=auto
   1.0s verdict  database db-c is down: connection refused
   1.0s outcome  freeze unknown: the controller stopped before it
   1.0s restarted switchover epoch=3 at unfreeze: db-a to db-b: patching a
   1.0s intent   unfreeze
   1.0s outcome  unfreeze done
   1.0s intent   reopen
   1.0s outcome  reopen done
   1.0s intent   unhold
   1.0s outcome  unhold done
   1.0s intent   unfreeze_again
   1.0s outcome  unfreeze_again done
   1.0s ended    switchover abandoned: stopped before a restart of the controller
   5.6s stopped  
