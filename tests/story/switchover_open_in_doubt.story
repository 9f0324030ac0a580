# OPEN is carried out and never answered: nothing is undone, and a person is called.
order b open lost-after
on open effect freeze b
switchover b patching a
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
   0.6s story    order b open lost-after
   0.6s story    on open effect freeze b
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
   1.0s outcome  open unknown: no answer in 0.4 s
   1.9s intent   open attempt 2
   1.9s outcome  open refused: not sent, the connection is silent: timed out
   2.8s intent   open attempt 3
   2.8s outcome  open refused: not sent, the connection is silent: timed out
   3.7s intent   open attempt 4
   3.7s outcome  open refused: not sent, the connection is silent: timed out
   4.6s intent   open attempt 5
   4.6s outcome  open refused: not sent, the connection is silent: timed out
   4.6s ended    switchover halted: open: not sent, the connection is silent: timed out
   5.6s verdict  database db-b is down: no answer within 0.4 s
   5.6s verdict  origin b is down: connection refused
   5.6s verdict  redis b is down: connection refused
   5.6s verdict  zone b is zone_lost: neither database nor services answer
   5.6s veto     halted: halted (open: not sent, the connection is silent: timed out; db-b may accept writes and counts as a primary: see which server does, then `sitedr resume`)
  15.6s stopped  
