# A person lets the primary wait for nobody: unprotected from then on, by the journal,
# and earned again.
tell a 0
run-for 4
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
   0.6s story    tell a 0
   0.6s serving  db-a was told by hand to wait for 0 acks
   0.6s started  restore epoch=2 at register: a replica of db-a in db-b: unprotected: db-a was told by hand to wait for nobody
   0.6s intent   register
   0.6s outcome  register done
   0.6s intent   attach
   0.6s outcome  attach done
   0.6s intent   protect
   0.6s outcome  protect done acker=db-b
   0.6s intent   verify_end
   0.6s outcome  verify_end done
   0.6s ended    restore completed
   4.6s stopped  
