# the new primary restarts in place while the failover makes its copy: named at once, opened when an acker can
set seeding_s=60
kill a
run-for 20s
restart b
run-for 300s
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
   3.0s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=36667, total_bytes=1000000, rate_b_s=16667, left_s=57.8, elapsed_s=2.1, still_s=0.0
  13.0s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=203333, total_bytes=1000000, rate_b_s=16667, left_s=47.8, elapsed_s=12.1, still_s=0.0
  20.6s story    restart b
  20.6s veto     primary db-b in zone b takes no writes: no_acker (no acker answers: only a person may open it unprotected, by hand)
  23.6s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=380000, total_bytes=1000000, rate_b_s=16667, left_s=37.2, elapsed_s=22.7, still_s=0.0
  33.6s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=546667, total_bytes=1000000, rate_b_s=16667, left_s=27.2, elapsed_s=32.7, still_s=0.0
  43.6s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=713333, total_bytes=1000000, rate_b_s=16667, left_s=17.2, elapsed_s=42.7, still_s=0.0
  53.6s copy     spare=db-c, donor=db-b, method=memory, phase=copying, copied_bytes=880000, total_bytes=1000000, rate_b_s=16667, left_s=7.2, elapsed_s=52.7, still_s=0.0
  60.8s outcome  provision done
  60.8s intent   seed
  60.8s outcome  seed done
  60.8s intent   register
  60.8s outcome  register done
  60.8s intent   attach
  60.8s outcome  attach done
  60.8s intent   protect
  60.8s outcome  protect refused: read-only
  61.0s intent   protect attempt 2
  61.0s outcome  protect refused: read-only
  61.2s intent   protect attempt 3
  61.2s outcome  protect refused: read-only
  61.2s intent   withdraw
  61.2s outcome  withdraw done
  61.2s ended    failover under_replicated: protect: read-only
  61.8s verdict  database db-c is ok: answers
  61.8s veto     none holds; primary db-b in zone b takes no writes
  61.8s started  reopen epoch=3 at confirm: db-b: db-b restarted in place and is read-only
  61.8s intent   confirm
  61.8s outcome  confirm done
  61.8s intent   follow
  61.8s outcome  follow done
  61.8s intent   enable
  61.8s outcome  enable done
  61.8s intent   earn
  62.8s outcome  earn done acker=db-c
  62.8s intent   open
  62.8s outcome  open done
  62.8s intent   canary
  62.8s outcome  canary done acker=db-c
  62.8s intent   verify_end
  62.8s outcome  verify_end done
  62.8s ended    reopen completed
  63.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
 320.6s stopped  
