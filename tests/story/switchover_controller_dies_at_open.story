# The controller dies at OPEN: the next one goes on, for the target may be open.
on open effect crash
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
   0.6s story    on open effect crash
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
   0.8s started  mode=auto
   1.0s verdict  database db-c is down: connection refused
   1.0s outcome  open unknown: the controller stopped before it
   1.0s intent   open
   1.0s outcome  open done
   1.0s intent   canary
   1.0s outcome  canary done
   1.0s intent   reroute
   1.0s outcome  reroute done
   1.0s intent   release
   1.0s outcome  release done
   1.0s intent   retire
   1.0s outcome  retire done proof=process
   1.0s intent   compare
   1.0s outcome  compare done told=nothing the successor lacks
   1.0s intent   resume
   1.0s outcome  resume done
   1.0s intent   register
   1.0s outcome  register done
   1.0s intent   attach
   1.0s outcome  attach done
   1.0s intent   protect
   3.0s outcome  protect done acker=db-a
   3.0s intent   verify_end
   3.0s outcome  verify_end done
   3.0s ended    switchover completed
   8.6s stopped  
