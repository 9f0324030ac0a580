# Replication 32: detection goes on in a window of the site, a person ends it, and the loss is acted on.
maintenance start site 3600s network works
run-for 1s
kill a
run-for 6s
crash
run-for 4s
maintenance end site
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
   0.6s story    maintenance start site 3600s network works
   0.6s maintenance the site for 1 h (ann: network works)
   0.6s veto     no trouble: maintenance (the site is in maintenance until 2023-11-14 23:13 UTC (ann: network works))
   1.6s story    kill a
   1.8s verdict  database db-a is down: connection refused
   1.8s verdict  origin a is down: connection refused
   1.8s verdict  redis a is down: connection refused
   1.8s verdict  zone a is zone_lost: neither database nor services answer
   1.8s veto     primary db-a in zone a is lost: maintenance (the site is in maintenance until 2023-11-14 23:13 UTC (ann: network works))
   7.6s story    crash
   7.6s started  mode=auto
   7.8s verdict  database db-a is down: connection refused
   7.8s verdict  database db-c is down: connection refused
   7.8s verdict  origin a is down: connection refused
   7.8s verdict  redis a is down: connection refused
   7.8s verdict  zone a is zone_lost: neither database nor services answer
   7.8s veto     primary db-a in zone a is lost: maintenance (the site is in maintenance until 2023-11-14 23:13 UTC (ann: network works))
  11.6s story    maintenance end site
  11.6s maintenance the site ended by hand (ann: network works)
  11.6s veto     none holds; primary db-a in zone a is lost
  11.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  11.6s intent   confirm
  11.6s outcome  confirm done
  11.6s intent   hold
  11.6s outcome  hold done
  11.6s intent   freeze
  11.6s outcome  freeze done
  11.6s intent   fence
  11.6s outcome  fence done proof=process
  11.6s intent   drain
  11.6s outcome  drain done
  11.6s intent   verify
  11.6s outcome  verify done
  11.6s intent   invalidate
  11.6s outcome  invalidate done
  11.6s intent   repoint
  11.6s outcome  repoint refused: no other replica exists
  11.6s intent   unprotect
  11.6s outcome  unprotect done
  11.6s intent   open
  11.6s outcome  open done
  11.6s intent   canary
  11.6s outcome  canary done
  11.6s intent   reroute
  11.6s outcome  reroute done
  11.6s intent   release
  11.6s outcome  release done
  11.6s intent   provision
  12.6s outcome  provision done
  12.6s intent   seed
  12.6s outcome  seed done
  12.6s intent   register
  12.6s outcome  register done
  12.6s intent   attach
  12.6s outcome  attach done
  12.6s intent   protect
  14.6s outcome  protect done acker=db-c
  14.6s intent   verify_end
  14.6s outcome  verify_end done
  14.6s ended    failover completed
  15.6s verdict  database db-c is ok: answers
  15.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  19.6s stopped  
