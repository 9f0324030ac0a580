# With `durability: none` nobody is waited for: nothing is enabled, nothing earned.
set durability=none
kill b
restart a
run-for 4s

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
   0.6s story    restart a
   0.6s started  reopen epoch=2 at confirm: db-a: db-a restarted in place and is read-only
   0.6s intent   confirm
   0.6s outcome  confirm unknown: db-b may not be read since the restart
   0.7s verdict  database db-b is down: connection refused
   0.7s verdict  zone b is zone_lost: neither database nor services answer
   0.8s verdict  origin b is down: connection refused
   0.8s verdict  redis b is down: connection refused
   0.9s intent   confirm attempt 2
   0.9s outcome  confirm done
   0.9s intent   follow
   0.9s outcome  follow refused: not sent, the connection is silent: connection refused
   1.1s intent   follow attempt 2
   1.1s outcome  follow refused: not sent, the connection is silent: connection refused
   1.3s intent   follow attempt 3
   1.3s outcome  follow refused: not sent, the connection is silent: connection refused
   1.3s ended    reopen abandoned: follow: not sent, the connection is silent: connection refused
   1.8s veto     primary db-a in zone a takes no writes: recent_attempt (an attempt was abandoned recently; 2 s left)
   4.2s veto     none holds; primary db-a in zone a takes no writes
   4.2s started  reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
   4.2s intent   confirm
   4.2s outcome  confirm done
   4.2s intent   follow
   4.2s outcome  follow done
   4.2s intent   enable
   4.2s outcome  enable done
   4.2s intent   earn
   4.2s outcome  earn done
   4.2s intent   open
   4.2s outcome  open done
   4.2s intent   canary
   4.2s outcome  canary done
   4.2s intent   verify_end
   4.2s outcome  verify_end done
   4.2s ended    reopen completed
   4.6s stopped  
