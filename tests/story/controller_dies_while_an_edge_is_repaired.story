# The controller dies when the edge is put back and still held: the next process
# goes on at once, so that nobody's writes wait for a pause to end.
edge pop1 wiped
on reroute effect crash
run-for 4s
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
   0.6s story    edge pop1 wiped
   0.6s story    on reroute effect crash
   0.6s drift    edge pop1: s1 has no route, epoch 0; wanted reads a, writes a, open
   0.6s started  reconcile epoch=2 at reroute: pop1 to db-a: edge pop1 is off its route: s1 has no route, epoch 0; wanted reads a, writes a, open
   0.6s intent   reroute
   0.8s started  mode=auto
   1.0s verdict  database db-c is down: connection refused
   1.0s outcome  reroute unknown: the controller stopped before it
   1.0s intent   reroute
   1.0s outcome  reroute done
   1.0s intent   release
   1.0s outcome  release done
   1.0s ended    reconcile completed
   1.1s drift    edge pop1 is on its route again: reads a, writes a, open
   4.6s stopped  
