# The primary dies once it is closed: the planned move gives way to a failover.
on catch_up intent kill a
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
   0.6s story    on catch_up intent kill a
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
   1.8s verdict  database db-a is down: connection refused
   1.8s verdict  origin a is down: connection refused
   1.8s verdict  redis a is down: connection refused
   1.8s verdict  zone a is zone_lost: no service answers
   1.8s outcome  catch_up unknown: preempted: db-a in zone a is lost; zone lost: no service answers
   1.8s ended    switchover abandoned: catch_up: preempted: db-a in zone a is lost; zone lost: no service answers
   1.8s started  failover epoch=3 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: no service answers
   1.8s intent   confirm
   1.8s outcome  confirm done
   1.8s intent   hold
   1.8s outcome  hold done
   1.8s intent   freeze
   1.8s outcome  freeze done
   1.8s intent   fence
   1.8s outcome  fence done proof=process
   1.8s intent   drain
   1.8s outcome  drain done
   1.8s intent   verify
   1.8s outcome  verify done
   1.8s intent   invalidate
   1.8s outcome  invalidate done
   1.8s intent   repoint
   1.8s outcome  repoint refused: no other replica exists
   1.8s intent   unprotect
   1.8s outcome  unprotect done
   1.8s intent   open
   1.8s outcome  open done
   1.8s intent   canary
   1.8s outcome  canary done
   1.8s intent   reroute
   1.8s outcome  reroute done
   1.8s intent   release
   1.8s outcome  release done
   1.8s intent   provision
   2.8s outcome  provision done
   2.8s intent   seed
   2.8s outcome  seed done
   2.8s intent   register
   2.8s outcome  register done
   2.8s intent   attach
   2.8s outcome  attach done
   2.8s intent   protect
   4.8s outcome  protect done acker=db-c
   4.8s intent   verify_end
   4.8s outcome  verify_end done
   4.8s ended    failover completed
   5.8s verdict  database db-c is ok: answers
   5.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  15.6s stopped  
