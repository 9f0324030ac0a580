# The application of the replica's server writes past read-only. The daemon says so
# at its first look, before there is need of a failover: none would begin by itself.
# A person mends it; the next look sees that, and the loss is dealt with as ever.
set granted=b
run-for 3s
revoke b
run-for 8s
kill a
run-for 6s
----
   0.0s started  mode=auto
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
   3.6s story    revoke b
   7.0s findings blocker bypasses_read_only on db-b is over
   7.0s veto     none holds; no trouble
  11.6s story    kill a
  11.8s verdict  database db-a is down: connection refused
  11.8s verdict  origin a is down: connection refused
  11.8s verdict  redis a is down: connection refused
  11.8s verdict  zone a is zone_lost: neither database nor services answer
  11.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  11.8s intent   confirm
  11.8s outcome  confirm done
  11.8s intent   hold
  11.8s outcome  hold done
  11.8s intent   freeze
  11.8s outcome  freeze done
  11.8s intent   fence
  11.8s outcome  fence done proof=process
  11.8s intent   drain
  11.8s outcome  drain done
  11.8s intent   verify
  11.8s outcome  verify done
  11.8s intent   invalidate
  11.8s outcome  invalidate done
  11.8s intent   repoint
  11.8s outcome  repoint refused: no other replica exists
  11.8s intent   unprotect
  11.8s outcome  unprotect done
  11.8s intent   open
  11.8s outcome  open done
  11.8s intent   canary
  11.8s outcome  canary done
  11.8s intent   reroute
  11.8s outcome  reroute done
  11.8s intent   release
  11.8s outcome  release done
  11.8s intent   provision
  12.8s outcome  provision done
  12.8s intent   seed
  12.8s outcome  seed done
  12.8s intent   register
  12.8s outcome  register done
  12.8s intent   attach
  12.8s outcome  attach done
  12.8s intent   protect
  14.8s outcome  protect done acker=db-c
  14.8s intent   verify_end
  14.8s outcome  verify_end done
  14.8s ended    failover completed
  15.0s verdict  database db-c is ok: answers
  15.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  17.6s stopped  
