# a planned move closed it, a failover took over and found it healthy: no person closed it
on catch_up intent freeze a
on unfreeze intent journal-fails 7
switchover b patching a
run-for 4s
heal a
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
   0.6s story    on catch_up intent freeze a
   0.6s story    on unfreeze intent journal-fails 7
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
   2.7s outcome  catch_up refused: db-a does not answer
   2.7s intent   unfreeze
   2.7s outcome  unfreeze done
   3.3s verdict  database db-a is down: no answer within 0.4 s
   3.3s verdict  origin a is down: connection refused
   3.3s verdict  redis a is down: connection refused
   3.3s verdict  zone a is zone_lost: no service answers
   3.3s ended    switchover abandoned: reopen: preempted: db-a in zone a is lost; zone lost: no service answers
   4.8s story    heal a
   4.8s started  mode=auto
   5.0s verdict  database db-c is down: connection refused
   5.0s started  reopen epoch=3 at confirm: db-a: db-a was closed by an order of ours and is read-only
   5.0s intent   confirm
   5.0s outcome  confirm done
   5.0s intent   follow
   5.0s outcome  follow done
   5.0s intent   enable
   5.0s outcome  enable done
   5.0s intent   earn
   5.0s outcome  earn done acker=db-b
   5.0s intent   open
   5.0s outcome  open done
   5.0s intent   canary
   5.0s outcome  canary done acker=db-b
   5.0s intent   verify_end
   5.0s outcome  verify_end done off_route=pop1: s1 reads b, writes a, hold; pop2: s1 reads b, writes a, hold
   5.0s ended    reopen completed
   5.1s drift    edge pop1: s1 reads b, writes a, hold, epoch 2; wanted reads a, writes a, open, epoch 2 or newer
   5.1s drift    edge pop2: s1 reads b, writes a, hold, epoch 2; wanted reads a, writes a, open, epoch 2 or newer
   5.2s started  reconcile epoch=4 at reroute: pop1 to db-a: edge pop1 is off its route: s1 reads b, writes a, hold, epoch 2; wanted reads a, writes a, open, epoch 2 or newer
   5.2s intent   reroute
   5.2s outcome  reroute done
   5.2s intent   release
   5.2s outcome  release done
   5.2s ended    reconcile completed
   5.3s drift    edge pop1 is on its route again: reads a, writes a, open
   5.4s started  reconcile epoch=5 at reroute: pop2 to db-a: edge pop2 is off its route: s1 reads b, writes a, hold, epoch 2; wanted reads a, writes a, open, epoch 2 or newer
   5.4s intent   reroute
   5.4s outcome  reroute done
   5.4s intent   release
   5.4s outcome  release done
   5.4s ended    reconcile completed
   5.5s drift    edge pop2 is on its route again: reads a, writes a, open
  64.8s stopped  
