# In a window of its zone a stall is ended, an edge is put back, a restarted primary is opened; no copy is laid there.
maintenance start b 60s new disks
maintenance start a 40s new kernel
kill b
run-for 6s
restart a
run-for 6s
edge pop2 wiped
run-for 5s
heal b
run-for 60s
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
   0.6s story    maintenance start b 60s new disks
   0.6s maintenance zone b for 1 min (ann: new disks)
   0.6s story    maintenance start a 40s new kernel
   0.6s maintenance zone a for 40 s (ann: new kernel)
   0.6s story    kill b
   0.6s veto     no trouble: maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
   0.8s verdict  database db-b is down: connection refused
   0.8s verdict  origin b is down: connection refused
   0.8s verdict  redis b is down: connection refused
   0.8s verdict  zone b is zone_lost: neither database nor services answer
   0.8s veto     origin of zone b is down; redis of zone b is down; replica db-b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved); maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
   2.2s veto     none holds; writes stall for 1.6 s: no acker answers
   2.2s started  restore epoch=2 at degrade: a replica of db-a in db-c: writes stall for 1.6 s: no acker answers
   2.2s intent   degrade
   2.2s outcome  degrade done
   2.2s intent   provision
   3.2s outcome  provision done
   3.2s intent   seed
   3.2s outcome  seed done
   3.2s intent   register
   3.2s outcome  register done
   3.2s intent   attach
   3.2s outcome  attach done
   3.2s intent   protect
   3.2s veto     no trouble: maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
   5.2s outcome  protect done acker=db-c
   5.2s intent   verify_end
   5.2s outcome  verify_end done
   5.2s ended    restore completed
   6.2s verdict  database db-c is ok: answers
   6.2s veto     db-b in zone b is no member any more: maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
   6.3s started  leave epoch=3 at retire: db-b, db-c stays: db-b in zone b is no member any more
   6.3s intent   retire
   6.3s outcome  retire done proof=process
   6.3s intent   protect
   6.3s outcome  protect done acker=db-c
   6.3s ended    leave completed
   6.4s veto     redis of zone b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved); maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
   6.6s story    restart a
   6.6s veto     none holds; primary db-a in zone a takes no writes
   6.6s started  reopen epoch=4 at confirm: db-a: db-a restarted in place and is read-only
   6.6s intent   confirm
   6.6s outcome  confirm unknown: db-c may not be read since the restart
   6.7s veto     no trouble: maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
   6.9s intent   confirm attempt 2
   6.9s outcome  confirm done
   6.9s intent   follow
   6.9s outcome  follow done
   6.9s intent   enable
   6.9s outcome  enable done
   6.9s intent   earn
   8.6s outcome  earn done acker=db-c
   8.6s intent   open
   8.6s outcome  open done
   8.6s intent   canary
   8.6s outcome  canary done acker=db-c
   8.6s intent   verify_end
   8.6s outcome  verify_end done
   8.6s ended    reopen completed
   8.8s veto     redis of zone b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved); maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
  12.6s story    edge pop2 wiped
  12.6s drift    edge pop2: s1 has no route, epoch 0; wanted reads a, writes a, open
  12.6s veto     edge pop2 is off its route: s1 has no route, epoch 0; redis of zone b is down: maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
  12.6s started  reconcile epoch=5 at reroute: pop2 to db-a: edge pop2 is off its route: s1 has no route, epoch 0; wanted reads a, writes a, open
  12.6s intent   reroute
  12.6s outcome  reroute done
  12.6s intent   release
  12.6s outcome  release done
  12.6s ended    reconcile completed
  13.6s drift    edge pop2 is on its route again: reads a, writes a, open
  13.6s veto     redis of zone b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved); maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
  17.6s story    heal b
  17.8s verdict  origin b is ok: answers
  17.8s verdict  redis b is ok: answers
  17.8s veto     no trouble: maintenance (zone a is in maintenance until 2023-11-14 22:14 UTC (ann: new kernel)); maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
  19.2s verdict  zone b is none: nothing is the matter with it
  40.6s maintenance zone a is over (ann: new kernel)
  40.6s veto     no trouble: maintenance (zone b is in maintenance until 2023-11-14 22:14 UTC (ann: new disks))
  61.0s maintenance zone b is over (ann: new disks)
  61.0s veto     none holds; no trouble
  77.6s stopped  
