# Saying yes to a failover is not saying yes to an unfit installation: that has a
# name of its own, and the wish that gives it is an approval too.
set mode=approve
set granted=b
run-for 1s
kill a
run-for 2s
approve
run-for 3s
failover b +doctor_blocker users wait
run-for 6s
----
   0.0s started  mode=approve
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s findings blocker bypasses_read_only on db-b: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it
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
   0.4s veto     no trouble: doctor_blocker (db-b bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 0 s ago))
   1.6s story    kill a
   1.8s verdict  database db-a is down: connection refused
   1.8s verdict  origin a is down: connection refused
   1.8s verdict  redis a is down: connection refused
   1.8s verdict  zone a is zone_lost: neither database nor services answer
   1.8s veto     primary db-a in zone a is lost: awaiting_approval (run `sitedr approve` to go ahead); doctor_blocker (db-b bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 1 s ago))
   3.6s story    approve
   3.6s approved what=primary db-a in zone a is lost
   3.6s veto     primary db-a in zone a is lost: doctor_blocker (db-b bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 3 s ago))
   6.6s story    failover b +doctor_blocker users wait
   6.6s wish     to=b, why=users wait, overrides=['doctor_blocker']
   6.6s veto     none holds; primary db-a in zone a is lost
   6.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: users wait
   6.6s intent   confirm
   6.6s outcome  confirm done
   6.6s intent   hold
   6.6s outcome  hold done
   6.6s intent   freeze
   6.6s outcome  freeze done
   6.6s intent   fence
   6.6s outcome  fence done proof=process
   6.6s intent   drain
   6.6s outcome  drain done
   6.6s intent   verify
   6.6s outcome  verify done
   6.6s intent   invalidate
   6.6s outcome  invalidate done
   6.6s intent   repoint
   6.6s outcome  repoint refused: no other replica exists
   6.6s intent   unprotect
   6.6s outcome  unprotect done
   6.6s intent   open
   6.6s outcome  open done
   6.6s intent   canary
   6.6s outcome  canary done
   6.6s intent   reroute
   6.6s outcome  reroute done
   6.6s intent   release
   6.6s outcome  release done
   6.6s intent   provision
   7.6s outcome  provision done
   7.6s intent   seed
   7.6s outcome  seed done
   7.6s intent   register
   7.6s outcome  register done
   7.6s intent   attach
   7.6s outcome  attach done
   7.6s intent   protect
   7.6s veto     no trouble: doctor_blocker (db-b bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 2 s ago))
   9.6s outcome  protect done acker=db-c
   9.6s intent   verify_end
   9.6s outcome  verify_end done
   9.6s ended    failover completed
  10.6s verdict  database db-c is ok: answers
  10.6s veto     redis of zone a is down; no failover would begin by itself: primary_unaffected (the primary db-b serves and is protected: nothing is moved); doctor_blocker (db-b bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 5 s ago))
  10.8s findings blocker bypasses_read_only on db-c: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it
  12.6s stopped  
