# A planned move is given up because CLOSE goes unanswered, and the primary is opened
# again. The CLOSE it was sent arrives last, and closes nothing.
order a close late
on reopen effect late a
switchover b tonight
run-for 15s
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
   0.6s story    order a close late
   0.6s story    on reopen effect late a
   0.6s story    switchover b tonight
   0.6s wish     to=b, why=tonight, planned=True
   0.6s started  switchover epoch=2 at confirm: db-a to db-b: tonight
   0.6s intent   confirm
   0.6s outcome  confirm done
   0.6s intent   hold
   0.6s outcome  hold done
   0.6s intent   close
   1.0s outcome  close unknown: no answer in 0.4 s
   1.0s intent   unfreeze
   1.0s outcome  unfreeze done
   1.0s intent   reopen
   1.0s outcome  reopen done
   1.0s intent   unhold
   1.0s outcome  unhold done
   1.0s intent   unfreeze_again
   1.0s outcome  unfreeze_again done
   1.0s ended    switchover abandoned: close: no answer in 0.4 s
  15.6s stopped  
