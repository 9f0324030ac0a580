# Somebody asked for quiet: an edge that lost its routes is reported, not touched;
# an edge that does not answer is no reason to say that all is well.
pause maintenance of the edges
edge pop1 wiped
edge pop2 unreachable
run-for 3s
edge pop2 none
run-for 2s
resume
run-for 3s
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
   0.6s story    pause maintenance of the edges
   0.6s paused   what=nothing, why=maintenance of the edges
   0.6s story    edge pop1 wiped
   0.6s story    edge pop2 unreachable
   0.6s drift    edge pop1: s1 has no route, epoch 0; wanted reads a, writes a, open
   0.6s veto     edge pop1 is off its route: s1 has no route, epoch 0: paused (paused: maintenance of the edges)
   0.8s verdict  edge pop2 is down: edge pop2 is unreachable
   0.8s veto     edge pop2 does not answer; edge pop1 is off its route: s1 has no route, epoch 0: paused (paused: maintenance of the edges); edge_unreachable (pop2 does not answer (edge pop2 is unreachable): where it sends users is unknown; a database that is fenced stays fenced)
   3.6s story    edge pop2 none
   3.6s veto     edge pop1 is off its route: s1 has no route, epoch 0: paused (paused: maintenance of the edges)
   3.8s verdict  edge pop2 is ok: answers
   5.6s story    resume
   5.6s resumed  what=edge pop1 is off its route: s1 has no route, epoch 0
   5.6s veto     none holds; edge pop1 is off its route: s1 has no route, epoch 0
   5.6s started  reconcile epoch=2 at reroute: pop1 to db-a: edge pop1 is off its route: s1 has no route, epoch 0; wanted reads a, writes a, open
   5.6s intent   reroute
   5.6s outcome  reroute done
   5.6s intent   release
   5.6s outcome  release done
   5.6s ended    reconcile completed
   6.6s drift    edge pop1 is on its route again: reads a, writes a, open
   8.6s stopped  
