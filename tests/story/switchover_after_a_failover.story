# a was lost and healed, and is the replica now: going back is a planned move.
kill c
kill a
run-for 4s
heal a
run-for 10s
switchover a a is well again
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
   0.6s story    kill c
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  origin c is down: connection refused
   0.8s verdict  redis c is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s verdict  zone c is zone_lost: no service answers
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare none: db-a in zone a is lost; zone lost: neither database nor services answer
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
   0.8s outcome  provision refused: no healthy zone is free for a new replica
   0.8s ended    failover under_replicated: provision: no healthy zone is free for a new replica
   0.9s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
   4.6s story    heal a
   4.8s verdict  origin a is ok: answers
   4.8s verdict  redis a is ok: answers
   4.8s veto     none holds; unprotected: no replica of the new primary acknowledged yet
   4.8s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
   4.8s intent   retire
   4.8s outcome  retire done proof=process
   4.8s intent   compare
   4.8s outcome  compare done told=nothing the successor lacks
   4.8s ended    examine completed
   5.0s started  rejoin epoch=4 at retire: db-a, a replica of db-b: unprotected: no replica of the new primary acknowledged yet
   5.0s intent   retire
   5.0s outcome  retire done proof=process
   5.0s intent   compare
   5.0s outcome  compare done told=nothing the successor lacks
   5.0s intent   resume
   5.0s outcome  resume done
   5.0s intent   register
   5.0s outcome  register done
   5.0s intent   attach
   5.0s outcome  attach done
   5.0s intent   protect
   5.3s verdict  database db-a is ok: answers
   6.3s verdict  zone a is none: nothing is the matter with it
   7.0s outcome  protect done acker=db-a
   7.0s intent   verify_end
   7.0s outcome  verify_end done
   7.0s ended    rejoin completed
   7.3s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  14.6s story    switchover a a is well again
  14.6s wish     to=a, why=a is well again, planned=True
  14.6s veto     none holds; a switchover to zone a was asked for: a is well again
  14.6s started  switchover epoch=5 at confirm: db-b to db-a: a is well again
  14.6s intent   confirm
  14.6s outcome  confirm done
  14.6s intent   hold
  14.6s outcome  hold done
  14.6s intent   close
  14.6s outcome  close done proof=sql
  14.6s intent   catch_up
  14.6s outcome  catch_up done
  14.6s intent   freeze
  14.6s outcome  freeze done
  14.6s intent   verify
  14.6s outcome  verify done
  14.6s intent   invalidate
  14.6s outcome  invalidate done
  14.6s intent   repoint
  14.6s outcome  repoint refused: no other replica exists
  14.6s intent   unprotect
  14.6s outcome  unprotect done
  14.6s intent   open
  14.6s outcome  open done
  14.6s intent   canary
  14.6s outcome  canary done
  14.6s intent   reroute
  14.6s outcome  reroute done
  14.6s intent   release
  14.6s outcome  release done
  14.6s intent   retire
  14.6s outcome  retire done proof=process
  14.6s intent   compare
  14.6s outcome  compare done told=nothing the successor lacks
  14.6s intent   resume
  14.6s outcome  resume done
  14.6s intent   register
  14.6s outcome  register done
  14.6s intent   attach
  14.6s outcome  attach done
  14.6s intent   protect
  16.6s outcome  protect done acker=db-b
  16.6s intent   verify_end
  16.6s outcome  verify_end done
  16.6s ended    switchover completed
  17.6s veto     redis of zone c is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
  22.6s stopped  
