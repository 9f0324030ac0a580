# what a person closed stays closed, also when it restarts before the copy is done
set seeding_s=30
kill a
run-for 10s
close b
run-for 10s
restart b
run-for 100s
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
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   0.8s intent   confirm
   0.8s outcome  confirm done
   0.8s intent   hold
   0.8s outcome  hold done
   0.8s intent   freeze
   0.8s outcome  freeze done
   0.8s intent   fence
   0.8s outcome  fence done proof=process
   0.8s intent   drain
   0.8s outcome  drain done
   0.8s intent   verify
   0.8s outcome  verify done
   0.8s intent   invalidate
   0.8s outcome  invalidate done
   0.8s intent   repoint
   0.8s outcome  repoint refused: no other replica exists
   0.8s intent   unprotect
   0.8s outcome  unprotect done
   0.8s intent   open
   0.8s outcome  open done
   0.8s intent   canary
   0.8s outcome  canary done
   0.8s intent   reroute
   0.8s outcome  reroute done
   0.8s intent   release
   0.8s outcome  release done
   0.8s intent   provision
   3.0s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=73333, total_bytes=1000000, rate_b_s=33333, left_s=27.8, elapsed_s=2.1, still_s=0.0
  10.6s story    close b
  10.6s serving  db-b takes no writes any more, process db-b-boot-1
  10.6s veto     primary db-b in zone b takes no writes: primary_closed (db-b was closed, and not by a restart. Open it by hand, or `sitedr failover --to` another zone); no_acker (no acker answers: only a person may open it unprotected, by hand)
  13.6s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=426667, total_bytes=1000000, rate_b_s=33333, left_s=17.2, elapsed_s=12.7, still_s=0.0
  20.6s story    restart b
  23.6s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=760000, total_bytes=1000000, rate_b_s=33333, left_s=7.2, elapsed_s=22.7, still_s=0.0
  30.8s outcome  provision done
  30.8s intent   seed
  30.8s outcome  seed done
  30.8s intent   register
  30.8s outcome  register done
  30.8s intent   attach
  30.8s outcome  attach done
  30.8s intent   protect
  30.8s outcome  protect refused: read-only
  31.0s intent   protect attempt 2
  31.0s outcome  protect refused: read-only
  31.2s intent   protect attempt 3
  31.2s outcome  protect refused: read-only
  31.2s intent   withdraw
  31.2s outcome  withdraw done
  31.2s ended    failover under_replicated: protect: read-only
  31.8s verdict  database db-c is ok: answers
  31.8s veto     primary db-b in zone b takes no writes: primary_closed (db-b was closed, and not by a restart. Open it by hand, or `sitedr failover --to` another zone)
 120.6s stopped  
