# The only replica's zone is in maintenance: no successor, and a person moves there by name only.
maintenance start b 3600s new disks
run-for 1s
kill a
run-for 5s
failover b out of a
run-for 2s
failover b +maintenance out of a, ann agrees
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
   0.6s story    maintenance start b 3600s new disks
   0.6s maintenance zone b for 1 h (ann: new disks)
   0.6s veto     no trouble: maintenance (zone b is in maintenance until 2023-11-14 23:13 UTC (ann: new disks))
   1.6s story    kill a
   1.8s verdict  database db-a is down: connection refused
   1.8s verdict  origin a is down: connection refused
   1.8s verdict  redis a is down: connection refused
   1.8s verdict  zone a is zone_lost: neither database nor services answer
   1.8s veto     primary db-a in zone a is lost: maintenance (zone b is in maintenance until 2023-11-14 23:13 UTC (ann: new disks))
   6.6s story    failover b out of a
   6.6s wish     to=b, why=out of a
   8.6s story    failover b +maintenance out of a, ann agrees
   8.6s wish     to=b, why=out of a, ann agrees, overrides=['maintenance']
   8.6s veto     none holds; primary db-a in zone a is lost
   8.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: out of a, ann agrees
   8.6s intent   confirm
   8.6s outcome  confirm done
   8.6s intent   hold
   8.6s outcome  hold done
   8.6s intent   freeze
   8.6s outcome  freeze done
   8.6s intent   fence
   8.6s outcome  fence done proof=process
   8.6s intent   drain
   8.6s outcome  drain done
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
   8.6s intent   provision
   9.6s outcome  provision done
   9.6s intent   seed
   9.6s outcome  seed done
   9.6s intent   register
   9.6s outcome  register done
   9.6s intent   attach
   9.6s outcome  attach done
   9.6s intent   protect
   9.6s veto     no trouble: maintenance (zone b is in maintenance until 2023-11-14 23:13 UTC (ann: new disks))
  11.6s outcome  protect done acker=db-c
  11.6s intent   verify_end
  11.6s outcome  verify_end done
  11.6s ended    failover completed
  12.6s verdict  database db-c is ok: answers
  12.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); maintenance (zone b is in maintenance until 2023-11-14 23:13 UTC (ann: new disks))
  16.6s stopped  
