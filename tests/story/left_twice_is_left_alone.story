# Back and forth: a zone that was left by itself twice is no successor until it was calm, though it follows and answers.
set cooldown_s=5
set quarantine_s=60
kill a
run-for 10s
heal a
run-for 20s
kill c
run-for 10s
heal c
run-for 10s
switchover a back again
run-for 10s
kill a
run-for 10s
heal a
run-for 20s
kill c
run-for 10s
kill b
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
  10.6s story    heal a
  10.8s verdict  origin a is ok: answers
  10.8s verdict  redis a is ok: answers
  10.8s veto     none holds; db-a was primary: does db-b have all of it?
  10.8s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
  10.8s intent   retire
  10.8s outcome  retire done proof=process
  10.8s intent   compare
  10.8s outcome  compare done told=nothing the successor lacks
  10.8s ended    examine completed
  12.3s verdict  zone a is none: nothing is the matter with it
  30.6s story    kill c
  30.8s verdict  database db-c is down: connection refused
  30.8s verdict  origin c is down: connection refused
  30.8s verdict  redis c is down: connection refused
  30.8s verdict  zone c is zone_lost: neither database nor services answer
  30.8s veto     origin of zone c is down; redis of zone c is down; replica db-c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  31.2s veto     none holds; writes stall for 0.6 s: no acker answers
  31.2s started  rejoin epoch=4 at degrade: db-a, a replica of db-b: writes stall for 0.6 s: no acker answers
  31.2s intent   degrade
  31.2s outcome  degrade done
  31.2s intent   retire
  31.2s outcome  retire done proof=process
  31.2s intent   compare
  31.2s outcome  compare done told=nothing the successor lacks
  31.2s intent   resume
  31.2s outcome  resume done
  31.2s intent   register
  31.2s outcome  register done
  31.2s intent   attach
  31.2s outcome  attach done
  31.2s intent   protect
  33.2s outcome  protect done acker=db-a
  33.2s intent   verify_end
  33.2s outcome  verify_end done
  33.2s ended    rejoin completed
  34.2s verdict  database db-a is ok: answers
  34.3s started  leave epoch=5 at retire: db-c, db-a stays: db-c in zone c is no member any more
  34.3s intent   retire
  34.3s outcome  retire done proof=process
  34.3s intent   protect
  34.3s outcome  protect done acker=db-a
  34.3s ended    leave completed
  34.4s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  40.6s story    heal c
  40.8s verdict  origin c is ok: answers
  40.8s verdict  redis c is ok: answers
  40.8s veto     none holds; no trouble
  42.2s verdict  zone c is none: nothing is the matter with it
  50.6s story    switchover a back again
  50.6s wish     to=a, why=back again, planned=True
  50.6s started  switchover epoch=6 at confirm: db-b to db-a: back again
  50.6s intent   confirm
  50.6s outcome  confirm done
  50.6s intent   hold
  50.6s outcome  hold done
  50.6s intent   close
  50.6s outcome  close done proof=sql
  50.6s intent   catch_up
  50.6s outcome  catch_up done
  50.6s intent   freeze
  50.6s outcome  freeze done
  50.6s intent   verify
  50.6s outcome  verify done
  50.6s intent   invalidate
  50.6s outcome  invalidate done
  50.6s intent   repoint
  50.6s outcome  repoint refused: no other replica exists
  50.6s intent   unprotect
  50.6s outcome  unprotect done
  50.6s intent   open
  50.6s outcome  open done
  50.6s intent   canary
  50.6s outcome  canary done
  50.6s intent   reroute
  50.6s outcome  reroute done
  50.6s intent   release
  50.6s outcome  release done
  50.6s intent   retire
  50.6s outcome  retire done proof=process
  50.6s intent   compare
  50.6s outcome  compare done told=nothing the successor lacks
  50.6s intent   resume
  50.6s outcome  resume done
  50.6s intent   register
  50.6s outcome  register done
  50.6s intent   attach
  50.6s outcome  attach done
  50.6s intent   protect
  52.6s outcome  protect done acker=db-b
  52.6s intent   verify_end
  52.6s outcome  verify_end done
  52.6s ended    switchover completed
  60.6s story    kill a
  60.8s verdict  database db-a is down: connection refused
  60.8s verdict  origin a is down: connection refused
  60.8s verdict  redis a is down: connection refused
  60.8s verdict  zone a is zone_lost: neither database nor services answer
  60.8s started  failover epoch=7 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  60.8s intent   confirm
  60.8s outcome  confirm done
  60.8s intent   hold
  60.8s outcome  hold done
  60.8s intent   freeze
  60.8s outcome  freeze done
  60.8s intent   fence
  60.8s outcome  fence done proof=process
  60.8s intent   drain
  60.8s outcome  drain done
  60.8s intent   verify
  60.8s outcome  verify done
  60.8s intent   invalidate
  60.8s outcome  invalidate done
  60.8s intent   repoint
  60.8s outcome  repoint refused: no other replica exists
  60.8s intent   unprotect
  60.8s outcome  unprotect done
  60.8s intent   open
  60.8s outcome  open done
  60.8s intent   canary
  60.8s outcome  canary done
  60.8s intent   reroute
  60.8s outcome  reroute done
  60.8s intent   release
  60.8s outcome  release done
  60.8s intent   provision
  60.9s quarantine zone a left by a failover 2 times within 600 s: no successor until calm for 60 s
  60.9s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 60 s of it are left)
  61.8s outcome  provision done
  61.8s intent   seed
  61.8s outcome  seed done
  61.8s intent   register
  61.8s outcome  register done
  61.8s intent   attach
  61.8s outcome  attach done
  61.8s intent   protect
  63.8s outcome  protect done acker=db-c
  63.8s intent   verify_end
  63.8s outcome  verify_end done
  63.8s ended    failover completed
  64.0s verdict  database db-c is ok: answers
  64.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 60 s of it are left)
  70.6s story    heal a
  70.8s verdict  origin a is ok: answers
  70.8s verdict  redis a is ok: answers
  70.8s veto     db-a was primary: does db-b have all of it?: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 60 s of it are left)
  70.8s started  examine epoch=8 at retire: db-a: db-a was primary: does db-b have all of it?
  70.8s intent   retire
  70.8s outcome  retire done proof=process
  70.8s intent   compare
  70.8s outcome  compare done told=nothing the successor lacks
  70.8s ended    examine completed
  70.9s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 60 s of it are left)
  72.3s verdict  zone a is none: nothing is the matter with it
  90.6s story    kill c
  90.8s verdict  database db-c is down: connection refused
  90.8s verdict  origin c is down: connection refused
  90.8s verdict  redis c is down: connection refused
  90.8s verdict  zone c is zone_lost: neither database nor services answer
  90.8s veto     origin of zone c is down; redis of zone c is down; replica db-c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 40 s of it are left)
  92.2s veto     none holds; writes stall for 1.6 s: no acker answers
  92.2s started  rejoin epoch=9 at degrade: db-a, a replica of db-b: writes stall for 1.6 s: no acker answers
  92.2s intent   degrade
  92.2s outcome  degrade done
  92.2s intent   retire
  92.2s outcome  retire done proof=process
  92.2s intent   compare
  92.2s outcome  compare done told=nothing the successor lacks
  92.2s intent   resume
  92.2s outcome  resume done
  92.2s intent   register
  92.2s outcome  register done
  92.2s intent   attach
  92.2s outcome  attach done
  92.2s intent   protect
  93.2s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 60 s of it are left)
  94.2s outcome  protect done acker=db-a
  94.2s intent   verify_end
  94.2s outcome  verify_end done
  94.2s ended    rejoin completed
  95.2s verdict  database db-a is ok: answers
  95.2s veto     db-c in zone c is no member any more: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 36 s of it are left)
  95.3s started  leave epoch=10 at retire: db-c, db-a stays: db-c in zone c is no member any more
  95.3s intent   retire
  95.3s outcome  retire done proof=process
  95.3s intent   protect
  95.3s outcome  protect done acker=db-a
  95.3s ended    leave completed
  95.4s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 35 s of it are left)
 100.6s story    kill b
 100.8s verdict  database db-b is down: connection refused
 100.8s verdict  origin b is down: connection refused
 100.8s verdict  redis b is down: connection refused
 100.8s verdict  zone b is zone_lost: neither database nor services answer
 100.8s veto     primary db-b in zone b is lost: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 60 s, 30 s of it are left)
 131.2s quarantine zone a is calm again, and may be moved to
 131.2s veto     none holds; primary db-b in zone b is lost
 131.2s started  failover epoch=11 at confirm: db-b to db-a, spare none: db-b in zone b is lost; zone lost: neither database nor services answer
 131.2s intent   confirm
 131.2s outcome  confirm done
 131.2s intent   hold
 131.2s outcome  hold done
 131.2s intent   freeze
 131.2s outcome  freeze done
 131.2s intent   fence
 131.2s outcome  fence done proof=process
 131.2s intent   drain
 131.2s outcome  drain done
 131.2s intent   verify
 131.2s outcome  verify done
 131.2s intent   invalidate
 131.2s outcome  invalidate done
 131.2s intent   repoint
 131.2s outcome  repoint refused: no other replica exists
 131.2s intent   unprotect
 131.2s outcome  unprotect done
 131.2s intent   open
 131.2s outcome  open done
 131.2s intent   canary
 131.2s outcome  canary done
 131.2s intent   reroute
 131.2s outcome  reroute done
 131.2s intent   release
 131.2s outcome  release done
 131.2s intent   provision
 131.2s outcome  provision refused: no healthy zone is free for a new replica
 131.2s ended    failover under_replicated: provision: no healthy zone is free for a new replica
 132.2s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
 160.6s stopped  
