# A zone that is lost for 20 s ten times over: one failover, no way back by itself, and it is no successor until calm.
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
kill a
run-for 20s
heal a
run-for 20s
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
  20.6s story    heal a
  20.8s verdict  origin a is ok: answers
  20.8s verdict  redis a is ok: answers
  20.8s veto     none holds; db-a was primary: does db-b have all of it?
  20.8s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
  20.8s intent   retire
  20.8s outcome  retire done proof=process
  20.8s intent   compare
  20.8s outcome  compare done told=nothing the successor lacks
  20.8s ended    examine completed
  22.3s verdict  zone a is none: nothing is the matter with it
  40.6s story    kill a
  40.8s verdict  origin a is down: connection refused
  40.8s verdict  redis a is down: connection refused
  40.8s verdict  zone a is zone_lost: no service answers
  40.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  60.6s story    heal a
  60.8s verdict  origin a is ok: answers
  60.8s verdict  redis a is ok: answers
  60.8s veto     none holds; no trouble
  62.2s verdict  zone a is none: nothing is the matter with it
  80.6s story    kill a
  80.8s verdict  origin a is down: connection refused
  80.8s verdict  redis a is down: connection refused
  80.8s verdict  zone a is zone_lost: no service answers
  80.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
 100.6s story    heal a
 100.8s verdict  origin a is ok: answers
 100.8s verdict  redis a is ok: answers
 100.8s quarantine zone a down and back 3 times within 600 s: no successor until calm for 900 s
 100.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 102.2s verdict  zone a is none: nothing is the matter with it
 120.6s story    kill a
 120.8s verdict  origin a is down: connection refused
 120.8s verdict  redis a is down: connection refused
 120.8s verdict  zone a is zone_lost: no service answers
 120.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 140.6s story    heal a
 140.8s verdict  origin a is ok: answers
 140.8s verdict  redis a is ok: answers
 140.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 142.2s verdict  zone a is none: nothing is the matter with it
 160.6s story    kill a
 160.8s verdict  origin a is down: connection refused
 160.8s verdict  redis a is down: connection refused
 160.8s verdict  zone a is zone_lost: no service answers
 160.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 180.6s story    heal a
 180.8s verdict  origin a is ok: answers
 180.8s verdict  redis a is ok: answers
 180.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 182.2s verdict  zone a is none: nothing is the matter with it
 200.6s story    kill a
 200.8s verdict  origin a is down: connection refused
 200.8s verdict  redis a is down: connection refused
 200.8s verdict  zone a is zone_lost: no service answers
 200.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 220.6s story    heal a
 220.8s verdict  origin a is ok: answers
 220.8s verdict  redis a is ok: answers
 220.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 222.2s verdict  zone a is none: nothing is the matter with it
 240.6s story    kill a
 240.8s verdict  origin a is down: connection refused
 240.8s verdict  redis a is down: connection refused
 240.8s verdict  zone a is zone_lost: no service answers
 240.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 260.6s story    heal a
 260.8s verdict  origin a is ok: answers
 260.8s verdict  redis a is ok: answers
 260.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 262.2s verdict  zone a is none: nothing is the matter with it
 280.6s story    kill a
 280.8s verdict  origin a is down: connection refused
 280.8s verdict  redis a is down: connection refused
 280.8s verdict  zone a is zone_lost: no service answers
 280.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 300.6s story    heal a
 300.8s verdict  origin a is ok: answers
 300.8s verdict  redis a is ok: answers
 300.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 302.2s verdict  zone a is none: nothing is the matter with it
 320.6s story    kill a
 320.8s verdict  origin a is down: connection refused
 320.8s verdict  redis a is down: connection refused
 320.8s verdict  zone a is zone_lost: no service answers
 320.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 340.6s story    heal a
 340.8s verdict  origin a is ok: answers
 340.8s verdict  redis a is ok: answers
 340.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 342.2s verdict  zone a is none: nothing is the matter with it
 360.6s story    kill a
 360.8s verdict  origin a is down: connection refused
 360.8s verdict  redis a is down: connection refused
 360.8s verdict  zone a is zone_lost: no service answers
 360.8s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved); quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 380.6s story    heal a
 380.8s verdict  origin a is ok: answers
 380.8s verdict  redis a is ok: answers
 380.8s veto     no trouble: quarantined (zone a comes and goes: nobody is moved there by itself until it was calm for 900 s, 900 s of it are left)
 382.2s verdict  zone a is none: nothing is the matter with it
 400.6s stopped  
