# a wish that cannot begin: edges are put back, a restart is opened again
failover b testing
edge pop1 wiped
run-for 5s
restart a
run-for 80s
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
   0.6s story    failover b testing
   0.6s wish     to=b, why=testing
   0.6s story    edge pop1 wiped
   0.6s drift    edge pop1: s1 has no route, epoch 0; wanted reads a, writes a, open
   0.6s veto     a failover to zone b was asked for; edge pop1 is off its route: s1 has no route, epoch 0: primary_answers (the primary is ok: answers); still_receiving (db-b still hears the primary: we may be cut off); no_second_vantage (only our own probes say so: no replica and no edge confirms it)
   0.6s started  reconcile epoch=2 at reroute: pop1 to db-a: edge pop1 is off its route: s1 has no route, epoch 0; wanted reads a, writes a, open
   0.6s intent   reroute
   0.6s outcome  reroute done
   0.6s intent   release
   0.6s outcome  release done
   0.6s ended    reconcile completed
   0.7s drift    edge pop1 is on its route again: reads a, writes a, open
   5.6s story    restart a
   5.6s started  reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
   5.6s intent   confirm
   5.6s outcome  confirm unknown: db-b may not be read since the restart
   5.9s intent   confirm attempt 2
   5.9s outcome  confirm done
   5.9s intent   follow
   5.9s outcome  follow done
   5.9s intent   enable
   5.9s outcome  enable done
   5.9s intent   earn
   7.6s outcome  earn done acker=db-b
   7.6s intent   open
   7.6s outcome  open done
   7.6s intent   canary
   7.6s outcome  canary done acker=db-b
   7.6s intent   verify_end
   7.6s outcome  verify_end done
   7.6s ended    reopen completed
  61.0s veto     none holds; no trouble
  85.6s stopped  
