# nobody waits for the copy but the copy: a primary that restarts goes first
set durability=none
set seeding_s=60
kill b
run-for 20s
restart a
run-for 100s
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s started  restore epoch=1 at register: a replica of db-a in db-b: no replica follows the primary, as far as is known
   0.3s intent   register
   0.3s outcome  register done
   0.3s intent   attach
   0.3s outcome  attach done
   0.3s intent   protect
   0.3s outcome  protect done
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.6s story    kill b
   0.8s verdict  database db-b is down: connection refused
   0.8s verdict  origin b is down: connection refused
   0.8s verdict  redis b is down: connection refused
   0.8s verdict  zone b is zone_lost: neither database nor services answer
   0.8s veto     origin of zone b is down; redis of zone b is down; replica db-b is down: primary_unaffected (the primary db-a serves: nothing is moved)
   2.2s veto     none holds; no replica follows the primary, as far as is known
   2.2s started  restore epoch=2 at provision: a replica of db-a in db-c: no replica follows the primary, as far as is known
   2.2s intent   provision
   5.2s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=50000, total_bytes=1000000, rate_b_s=16666, left_s=57.0, elapsed_s=2.0, still_s=0.0
  15.2s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=216667, total_bytes=1000000, rate_b_s=16667, left_s=47.0, elapsed_s=12.0, still_s=0.0
  20.6s story    restart a
  20.6s outcome  provision unknown: preempted: db-a restarted in place and is read-only
  20.6s ended    restore under_replicated: provision: preempted: db-a restarted in place and is read-only
  20.6s started  reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
  20.6s intent   confirm
  20.6s outcome  confirm done
  20.6s intent   follow
  20.6s outcome  follow done
  20.6s intent   enable
  20.6s outcome  enable done
  20.6s intent   earn
  20.6s outcome  earn done
  20.6s intent   open
  20.6s outcome  open done
  20.6s intent   canary
  20.6s outcome  canary done
  20.6s intent   verify_end
  20.6s outcome  verify_end done
  20.6s ended    reopen completed
  21.6s veto     origin of zone b is down; redis of zone b is down; replica db-b is down: primary_unaffected (the primary db-a serves: nothing is moved)
  23.0s veto     none holds; no replica follows the primary, as far as is known
  23.0s started  restore epoch=4 at provision: a replica of db-a in db-c: no replica follows the primary, as far as is known
  23.0s intent   provision
  26.0s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=50000, total_bytes=1000000, rate_b_s=16666, left_s=57.0, elapsed_s=2.0, still_s=0.0
  36.0s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=216667, total_bytes=1000000, rate_b_s=16667, left_s=47.0, elapsed_s=12.0, still_s=0.0
  46.0s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=383333, total_bytes=1000000, rate_b_s=16667, left_s=37.0, elapsed_s=22.0, still_s=0.0
  56.0s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=550000, total_bytes=1000000, rate_b_s=16667, left_s=27.0, elapsed_s=32.0, still_s=0.0
  67.0s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=733333, total_bytes=1000000, rate_b_s=16667, left_s=16.0, elapsed_s=43.0, still_s=0.0
  77.0s copy     spare=db-c, donor=db-a, method=memory, phase=copying, copied_bytes=900000, total_bytes=1000000, rate_b_s=16667, left_s=6.0, elapsed_s=53.0, still_s=0.0
  83.0s outcome  provision done
  83.0s intent   seed
  83.0s outcome  seed done
  83.0s intent   register
  83.0s outcome  register done
  83.0s intent   attach
  83.0s outcome  attach done
  83.0s intent   protect
  83.0s outcome  protect done
  83.0s intent   verify_end
  83.0s outcome  verify_end done
  83.0s ended    restore completed
  83.0s veto     origin of zone b is down; redis of zone b is down; replica db-b is down; replica db-c is down: primary_unaffected (the primary db-a serves: nothing is moved)
  83.2s verdict  database db-c is ok: answers
 120.6s stopped  
