# The target freezes before OPEN is sent to it: certainly not open, so all is taken back.
on open intent freeze b
switchover b patching a
run-for 25s
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
   0.6s story    on open intent freeze b
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
   0.6s outcome  freeze done
   0.6s intent   verify
   0.6s outcome  verify done
   0.6s intent   invalidate
   0.6s outcome  invalidate done
   0.6s intent   repoint
   0.6s outcome  repoint refused: no other replica exists
   0.6s intent   unprotect
   0.6s outcome  unprotect done
   0.6s intent   open
   1.0s outcome  open refused: db-b cannot be re-read: timed out
   1.4s intent   unfreeze
   1.4s outcome  unfreeze refused: not sent, the connection is silent: timed out
   2.0s intent   unfreeze attempt 2
   2.0s outcome  unfreeze refused: not sent, the connection is silent: timed out
   2.3s intent   reopen
   2.5s outcome  reopen done
   2.5s intent   unhold
   2.5s outcome  unhold done
   2.9s intent   unfreeze_again
   2.9s outcome  unfreeze_again refused: not sent, the connection is silent: timed out
   3.3s verdict  database db-b is down: no answer within 0.4 s
   3.3s verdict  origin b is down: connection refused
   3.3s verdict  redis b is down: connection refused
   3.3s verdict  zone b is zone_lost: neither database nor services answer
   3.8s intent   unfreeze_again attempt 2
   3.8s outcome  unfreeze_again refused: not sent, the connection is silent: timed out
   4.7s intent   unfreeze_again attempt 3
   4.7s outcome  unfreeze_again refused: not sent, the connection is silent: timed out
   5.6s intent   unfreeze_again attempt 4
   5.6s outcome  unfreeze_again refused: not sent, the connection is silent: timed out
   6.1s ended    switchover abandoned: unfreeze_again: preempted: writes stall for 2.8 s: no acker answers
   6.1s started  restore epoch=3 at degrade: a replica of db-a in db-c: writes stall for 2.8 s: no acker answers
   6.1s intent   degrade
   6.1s outcome  degrade done
   6.1s intent   provision
   7.1s outcome  provision done
   7.1s intent   seed
   7.1s outcome  seed done
   7.1s intent   register
   7.1s outcome  register done
   7.1s intent   attach
   7.1s outcome  attach done
   7.1s intent   protect
   9.1s outcome  protect done acker=db-c
   9.1s intent   verify_end
   9.1s outcome  verify_end done
   9.1s ended    restore completed
  10.3s verdict  database db-c is ok: answers
  10.8s started  leave epoch=4 at retire: db-b, db-c stays: db-b in zone b is no member any more
  10.8s intent   retire
  10.8s outcome  retire done proof=process
  10.8s intent   protect
  10.8s outcome  protect done acker=db-c
  10.8s ended    leave completed
  10.9s veto     redis of zone b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
  25.6s stopped  
