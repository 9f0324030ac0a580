# A person writes past read-only to the primary that was closed: kept, before it is anything else.
run-for 3s
on release effect errant a
switchover b drill
run-for 30s
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
   3.6s story    on release effect errant a
   3.6s story    switchover b drill
   3.6s wish     to=b, why=drill, planned=True
   3.6s started  switchover epoch=2 at confirm: db-a to db-b: drill
   3.6s intent   confirm
   3.6s outcome  confirm done
   3.6s intent   hold
   3.6s outcome  hold done
   3.6s intent   close
   3.6s outcome  close done proof=sql
   3.6s intent   catch_up
   3.6s outcome  catch_up done
   3.6s intent   freeze
   3.6s outcome  freeze done
   3.6s intent   verify
   3.6s outcome  verify done
   3.6s intent   invalidate
   3.6s outcome  invalidate done
   3.6s intent   repoint
   3.6s outcome  repoint refused: no other replica exists
   3.6s intent   unprotect
   3.6s outcome  unprotect done
   3.6s intent   open
   3.6s outcome  open done
   3.6s intent   canary
   3.6s outcome  canary done
   3.6s intent   reroute
   3.6s outcome  reroute done
   3.6s intent   release
   3.6s outcome  release done
   3.6s intent   retire
   3.6s outcome  retire done proof=process
   3.6s intent   compare
   3.6s outcome  compare refused: 1 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:24
   3.6s intent   save
   3.6s outcome  save done archive=lost-writes/db-a.1 transactions=1 acknowledged=perhaps
   3.6s intent   report
   3.6s outcome  report done report=lost-writes/db-a.1/report.json acknowledged=perhaps transactions=1 canaries=0 rows=1 tables=cms.rows insert 1
   3.6s ended    switchover under_replicated: compare: 1 transactions the successor lacks: 00000001-0000-4000-8000-000000000000:24
   4.7s started  restore epoch=3 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
   4.7s intent   provision
   4.8s verdict  database db-a is down: connection refused
   5.7s outcome  provision done
   5.7s intent   seed
   5.7s outcome  seed done
   5.7s intent   register
   5.7s outcome  register done
   5.7s intent   attach
   5.7s outcome  attach done
   5.7s intent   protect
   7.7s outcome  protect done acker=db-c
   7.7s intent   verify_end
   7.7s outcome  verify_end done
   7.7s ended    restore completed
   8.0s verdict  database db-c is ok: answers
  33.6s stopped  
