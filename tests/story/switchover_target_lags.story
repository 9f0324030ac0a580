# A target that is far behind holds a planned move until it has caught up.
set lag_max=3
lag b
run-for 5s
switchover b patching a
run-for 3s
catch-up b
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
   5.6s story    switchover b patching a
   5.6s wish     to=b, why=patching a, planned=True
   5.6s veto     a switchover to zone b was asked for: patching a: target_lagging (db-b lacks 19 transactions, the limit is 3: writes would wait for them)
   8.6s story    catch-up b
   8.6s veto     none holds; a switchover to zone b was asked for: patching a
   8.6s started  switchover epoch=2 at confirm: db-a to db-b: patching a
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
  10.6s outcome  protect done acker=db-a
  10.6s intent   verify_end
  10.6s outcome  verify_end done
  10.6s ended    switchover completed
  16.6s stopped  
