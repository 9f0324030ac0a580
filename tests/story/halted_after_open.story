# Neither edge can be sent to the new primary, so a person is called. The old one
# thaws, writable and acknowledged by nobody: ended at once, it can only be closed.
set proofs=acks_revoked
freeze a
on open effect edge pop1 unreachable
on open effect edge pop2 unreachable
run-for 8s
heal a
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
   0.6s story    freeze a
   0.6s story    on open effect edge pop1 unreachable
   0.6s story    on open effect edge pop2 unreachable
   2.3s verdict  database db-a is down: no answer within 0.4 s
   2.3s verdict  origin a is down: connection refused
   2.3s verdict  redis a is down: connection refused
   2.3s verdict  zone a is zone_lost: neither database nor services answer
   2.3s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   2.3s intent   confirm
   2.5s outcome  confirm done
   2.5s intent   hold
   2.5s outcome  hold done
   2.5s intent   freeze
   2.5s outcome  freeze done
   2.5s intent   fence
   2.5s outcome  fence done proof=acks_revoked
   2.5s intent   drain
   2.5s outcome  drain done
   2.5s intent   verify
   2.5s outcome  verify done
   2.5s intent   invalidate
   2.5s outcome  invalidate done
   2.5s intent   repoint
   2.5s outcome  repoint refused: no other replica exists
   2.5s intent   unprotect
   2.5s outcome  unprotect done
   2.5s intent   open
   2.5s outcome  open done
   2.5s intent   canary
   2.5s outcome  canary done
   2.5s intent   reroute
   2.5s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   2.7s intent   reroute attempt 2
   2.7s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   2.9s intent   reroute attempt 3
   2.9s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   3.1s intent   reroute attempt 4
   3.1s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   3.3s intent   reroute attempt 5
   3.3s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   3.5s intent   reroute attempt 6
   3.5s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   3.7s intent   reroute attempt 7
   3.7s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   3.9s intent   reroute attempt 8
   3.9s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   4.1s intent   reroute attempt 9
   4.1s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   4.3s intent   reroute attempt 10
   4.3s outcome  reroute refused: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   4.3s ended    failover halted: reroute: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2
   4.7s verdict  edge pop1 is down: edge pop1 is unreachable
   4.7s verdict  edge pop2 is down: edge pop2 is unreachable
   4.7s veto     halted: halted (reroute: pop1: cannot connect to edge pop1; pop2: cannot connect to edge pop2; look, then `sitedr resume`)
   9.0s story    heal a
   9.2s verdict  database db-a is ok: answers
   9.2s verdict  origin a is ok: answers
   9.2s verdict  redis a is ok: answers
   9.2s started  retire epoch=3 at retire: db-a: db-a in zone a is no member any more
   9.2s intent   retire
   9.2s outcome  retire done proof=process
   9.2s ended    retire completed
   9.5s verdict  database db-a is down: connection refused
  10.9s verdict  zone a is none: nothing is the matter with it
  13.0s stopped  
