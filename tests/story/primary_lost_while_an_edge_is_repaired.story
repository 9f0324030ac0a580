# The primary dies in the middle of the repair of one edge: the failover does not
# wait for it, and takes both edges along.
edge pop1 wiped
on reroute intent edge pop1 lost-before
on reroute effect kill a
run-for 0.1s
run-for 0.1s
run-for 0.1s
run-for 0.1s
run-for 0.1s
run-for 0.1s
edge pop1 none
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
   0.6s story    edge pop1 wiped
   0.6s story    on reroute intent edge pop1 lost-before
   0.6s story    on reroute effect kill a
   0.6s drift    edge pop1: s1 has no route, epoch 0; wanted reads a, writes a, open
   0.6s started  reconcile epoch=2 at reroute: pop1 to db-a: edge pop1 is off its route: s1 has no route, epoch 0; wanted reads a, writes a, open
   0.6s intent   reroute
   0.6s outcome  reroute unknown: pop1: no answer
   0.8s intent   reroute attempt 2
   0.8s outcome  reroute unknown: pop1: no answer
   0.8s intent   release
   0.8s outcome  release unknown: pop1: no answer
   0.9s verdict  database db-a is down: connection refused
   0.9s verdict  origin a is down: connection refused
   0.9s verdict  redis a is down: connection refused
   0.9s verdict  edge pop1 is down: edge pop1 is lost-before
   0.9s verdict  zone a is zone_lost: neither database nor services answer
   0.9s ended    reconcile abandoned: release: preempted: db-a in zone a is lost; zone lost: neither database nor services answer
   0.9s started  failover epoch=3 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   0.9s intent   confirm
   0.9s outcome  confirm done
   0.9s intent   hold
   0.9s outcome  hold done unreached=pop1: no answer
   0.9s intent   freeze
   0.9s outcome  freeze done
   0.9s intent   fence
   0.9s outcome  fence done proof=process
   0.9s intent   drain
   0.9s outcome  drain done
   0.9s intent   verify
   0.9s outcome  verify done
   0.9s intent   invalidate
   0.9s outcome  invalidate done
   0.9s intent   repoint
   0.9s outcome  repoint refused: no other replica exists
   0.9s intent   unprotect
   0.9s outcome  unprotect done
   0.9s intent   open
   0.9s outcome  open done
   0.9s intent   canary
   0.9s outcome  canary done
   0.9s intent   reroute
   0.9s outcome  reroute done unreached=pop1: no answer
   0.9s intent   release
   0.9s outcome  release done unreached=pop1: no answer
   0.9s intent   provision
   1.0s veto     edge pop1 does not answer: edge_unreachable (pop1 does not answer (edge pop1 is lost-before): where it sends users is unknown; a database that is fenced stays fenced)
   1.2s story    edge pop1 none
   1.2s veto     edge pop1 is off its route: s1 has no route, epoch 0: run_under_way (a failover run is under way, and ends first)
   1.9s outcome  provision done
   1.9s intent   seed
   1.9s outcome  seed done
   1.9s intent   register
   1.9s outcome  register done
   1.9s intent   attach
   1.9s outcome  attach done
   1.9s intent   protect
   3.2s verdict  edge pop1 is ok: answers
   3.9s outcome  protect done acker=db-c
   3.9s intent   verify_end
   3.9s outcome  verify_end done off_route=pop1: s1 has no route
   3.9s ended    failover completed
   4.2s verdict  database db-c is ok: answers
   4.2s veto     none holds; edge pop1 is off its route: s1 has no route, epoch 0; redis of zone a is down
   4.3s started  reconcile epoch=4 at reroute: pop1 to db-b: edge pop1 is off its route: s1 has no route, epoch 0; wanted reads b, writes b, open, epoch 3 or newer
   4.3s intent   reroute
   4.3s outcome  reroute done
   4.3s intent   release
   4.3s outcome  release done
   4.3s ended    reconcile completed
   4.4s drift    edge pop1 is on its route again: reads b, writes b, open
   4.4s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   9.2s stopped  
