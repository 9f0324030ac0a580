# A transaction that has long been open on the primary holds a planned move.
begin a
run-for 5s
switchover b patching a
run-for 3s
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
   0.6s story    begin a
   5.6s story    switchover b patching a
   5.6s wish     to=b, why=patching a, planned=True
   5.6s started  switchover epoch=2 at confirm: db-a to db-b: patching a
   5.6s intent   confirm
   5.6s outcome  confirm refused: long_transaction: open on the primary: connection 3 for 5 s; the limit is 3 s, and what is open would be rolled back
   5.6s ended    switchover abandoned: confirm: long_transaction: open on the primary: connection 3 for 5 s; the limit is 3 s, and what is open would be rolled back
   8.6s stopped  
