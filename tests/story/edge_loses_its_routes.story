# In calm times an edge restarts with the routes of its first day, and later with
# none at all. The daemon says so, repairs it, and touches no other edge.
kill a
run-for 6s
heal a
run-for 3s
edge pop1 forgets
run-for 3s
edge pop1 wiped
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
   1.8s outcome  provision done
   1.8s intent   seed
   1.8s outcome  seed done
   1.8s intent   register
   1.8s outcome  register done
   1.8s intent   attach
   1.8s outcome  attach done
   1.8s intent   protect
   3.8s outcome  protect done acker=db-c
   3.8s intent   verify_end
   3.8s outcome  verify_end done
   3.8s ended    failover completed
   4.0s verdict  database db-c is ok: answers
   4.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   6.6s story    heal a
   6.8s verdict  origin a is ok: answers
   6.8s verdict  redis a is ok: answers
   6.8s veto     none holds; db-a was primary: does db-b have all of it?
   6.8s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
   6.8s intent   retire
   6.8s outcome  retire done proof=process
   6.8s intent   compare
   6.8s outcome  compare done told=nothing the successor lacks
   6.8s ended    examine completed
   8.3s verdict  zone a is none: nothing is the matter with it
   9.6s story    edge pop1 forgets
   9.6s drift    edge pop1: s1 reads a, writes a, open, epoch 1; wanted reads b, writes b, open, epoch 2 or newer
   9.6s started  reconcile epoch=4 at reroute: pop1 to db-b: edge pop1 is off its route: s1 reads a, writes a, open, epoch 1; wanted reads b, writes b, open, epoch 2 or newer
   9.6s intent   reroute
   9.6s outcome  reroute done
   9.6s intent   release
   9.6s outcome  release done
   9.6s ended    reconcile completed
  10.6s drift    edge pop1 is on its route again: reads b, writes b, open
  12.6s story    edge pop1 wiped
  12.6s drift    edge pop1: s1 has no route, epoch 0; wanted reads b, writes b, open, epoch 2 or newer
  12.6s started  reconcile epoch=5 at reroute: pop1 to db-b: edge pop1 is off its route: s1 has no route, epoch 0; wanted reads b, writes b, open, epoch 2 or newer
  12.6s intent   reroute
  12.6s outcome  reroute done
  12.6s intent   release
  12.6s outcome  release done
  12.6s ended    reconcile completed
  13.6s drift    edge pop1 is on its route again: reads b, writes b, open
  15.6s stopped  
