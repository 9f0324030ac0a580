# There and back again: the old primary is the new replica, so it can take over again.
set mode=approve
switchover b patching a
run-for 8s
switchover a a is patched
run-for 8s
----
   0.0s started  mode=approve
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
   0.6s outcome  open done
   0.6s intent   canary
   0.6s outcome  canary done
   0.6s intent   reroute
   0.6s outcome  reroute done
   0.6s intent   release
   0.6s outcome  release done
   0.6s intent   retire
   0.6s outcome  retire done proof=process
   0.6s intent   compare
   0.6s outcome  compare done told=nothing the successor lacks
   0.6s intent   resume
   0.6s outcome  resume done
   0.6s intent   register
   0.6s outcome  register done
   0.6s intent   attach
   0.6s outcome  attach done
   0.6s intent   protect
   2.6s outcome  protect done acker=db-a
   2.6s intent   verify_end
   2.6s outcome  verify_end done
   2.6s ended    switchover completed
   8.6s story    switchover a a is patched
   8.6s wish     to=a, why=a is patched, planned=True
   8.6s started  switchover epoch=3 at confirm: db-b to db-a: a is patched
   8.6s intent   confirm
   8.6s outcome  confirm done
   8.6s intent   hold
   8.6s outcome  hold done
   8.6s intent   close
   8.6s outcome  close done proof=sql
   8.6s intent   catch_up
   8.6s outcome  catch_up done
   8.6s intent   freeze
   8.6s outcome  freeze done
   8.6s intent   verify
   8.6s outcome  verify done
   8.6s intent   invalidate
   8.6s outcome  invalidate done
   8.6s intent   repoint
   8.6s outcome  repoint refused: no other replica exists
   8.6s intent   unprotect
   8.6s outcome  unprotect done
   8.6s intent   open
   8.6s outcome  open done
   8.6s intent   canary
   8.6s outcome  canary done
   8.6s intent   reroute
   8.6s outcome  reroute done
   8.6s intent   release
   8.6s outcome  release done
   8.6s intent   retire
   8.6s outcome  retire done proof=process
   8.6s intent   compare
   8.6s outcome  compare done told=nothing the successor lacks
   8.6s intent   resume
   8.6s outcome  resume done
   8.6s intent   register
   8.6s outcome  register done
   8.6s intent   attach
   8.6s outcome  attach done
   8.6s intent   protect
  10.6s outcome  protect done acker=db-b
  10.6s intent   verify_end
  10.6s outcome  verify_end done
  10.6s ended    switchover completed
  16.6s stopped  
