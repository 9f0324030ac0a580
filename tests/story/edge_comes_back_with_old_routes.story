# One edge cannot be reached while b takes over; it comes back and still sends
# everybody to zone a. Only this edge is held, and put on the route of the other.
edge pop2 unreachable
run-for 2s
kill a
run-for 6s
heal a
edge pop2 none
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
   0.6s story    edge pop2 unreachable
   0.8s verdict  edge pop2 is down: edge pop2 is unreachable
   0.8s veto     edge pop2 does not answer: edge_unreachable (pop2 does not answer (edge pop2 is unreachable): where it sends users is unknown; a database that is fenced stays fenced)
   2.6s story    kill a
   2.8s verdict  database db-a is down: connection refused
   2.8s verdict  origin a is down: connection refused
   2.8s verdict  redis a is down: connection refused
   2.8s verdict  zone a is zone_lost: neither database nor services answer
   2.8s veto     none holds; primary db-a in zone a is lost
   2.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   2.8s intent   confirm
   2.8s outcome  confirm done
   2.8s intent   hold
   2.8s outcome  hold done unreached=pop2: cannot connect to edge pop2
   2.8s intent   freeze
   2.8s outcome  freeze done
   2.8s intent   fence
   2.8s outcome  fence done proof=process
   2.8s intent   drain
   2.8s outcome  drain done
   2.8s intent   verify
   2.8s outcome  verify done
   2.8s intent   invalidate
   2.8s outcome  invalidate done
   2.8s intent   repoint
   2.8s outcome  repoint refused: no other replica exists
   2.8s intent   unprotect
   2.8s outcome  unprotect done
   2.8s intent   open
   2.8s outcome  open done
   2.8s intent   canary
   2.8s outcome  canary done
   2.8s intent   reroute
   2.8s outcome  reroute done unreached=pop2: cannot connect to edge pop2
   2.8s intent   release
   2.8s outcome  release done unreached=pop2: cannot connect to edge pop2
   2.8s intent   provision
   2.9s veto     edge pop2 does not answer: edge_unreachable (pop2 does not answer (edge pop2 is unreachable): where it sends users is unknown; a database that is fenced stays fenced)
   3.8s outcome  provision done
   3.8s intent   seed
   3.8s outcome  seed done
   3.8s intent   register
   3.8s outcome  register done
   3.8s intent   attach
   3.8s outcome  attach done
   3.8s intent   protect
   5.8s outcome  protect done acker=db-c
   5.8s intent   verify_end
   5.8s outcome  verify_end done off_route=pop2: edge pop2 is unreachable
   5.8s ended    failover completed
   6.0s verdict  database db-c is ok: answers
   6.0s veto     edge pop2 does not answer; redis of zone a is down: edge_unreachable (pop2 does not answer (edge pop2 is unreachable): where it sends users is unknown; a database that is fenced stays fenced); primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   8.6s story    heal a
   8.6s story    edge pop2 none
   8.6s drift    edge pop2: s1 reads a, writes a, open, epoch 1; wanted reads b, writes b, open, epoch 2 or newer
   8.6s veto     none holds; edge pop2 is off its route: s1 reads a, writes a, open, epoch 1; redis of zone a is down
   8.6s started  reconcile epoch=3 at reroute: pop2 to db-b: edge pop2 is off its route: s1 reads a, writes a, open, epoch 1; wanted reads b, writes b, open, epoch 2 or newer
   8.6s intent   reroute
   8.6s outcome  reroute done
   8.6s intent   release
   8.6s outcome  release done
   8.6s ended    reconcile completed
   9.6s drift    edge pop2 is on its route again: reads b, writes b, open
   9.6s verdict  zone a is observer_cut_off: we do not reach it, and the edges do
   9.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   9.7s verdict  origin a is ok: answers
   9.7s verdict  redis a is ok: answers
   9.7s verdict  edge pop2 is ok: answers
   9.7s veto     none holds; db-a was primary: does db-b have all of it?
   9.7s started  examine epoch=4 at retire: db-a: db-a was primary: does db-b have all of it?
   9.7s intent   retire
   9.7s outcome  retire done proof=process
   9.7s intent   compare
   9.7s outcome  compare done told=nothing the successor lacks
   9.7s ended    examine completed
  11.2s verdict  zone a is none: nothing is the matter with it
  12.6s stopped  
