# The target does not catch up within the bound: everything is taken back.
lag b
run-for 1s
switchover b patching a
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
   0.6s story    lag b
   1.6s story    switchover b patching a
   1.6s wish     to=b, why=patching a, planned=True
   1.6s started  switchover epoch=2 at confirm: db-a to db-b: patching a
   1.6s intent   confirm
   1.6s outcome  confirm done
   1.6s intent   hold
   1.6s outcome  hold done
   1.6s intent   close
   1.6s outcome  close done proof=sql
   1.6s intent   catch_up
   3.6s outcome  catch_up refused: db-b executed 00000001-0000-4000-8000-000000000000:1-11, which lacks what db-a did: 00000001-0000-4000-8000-000000000000:1-23
   3.6s intent   unfreeze
   3.6s outcome  unfreeze done
   3.6s intent   reopen
   3.6s outcome  reopen done
   3.6s intent   unhold
   3.6s outcome  unhold done
   3.6s intent   unfreeze_again
   3.6s outcome  unfreeze_again done
   3.6s ended    switchover abandoned: catch_up: db-b executed 00000001-0000-4000-8000-000000000000:1-11, which lacks what db-a did: 00000001-0000-4000-8000-000000000000:1-23
   9.6s stopped  
