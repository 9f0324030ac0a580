# The primary restarts in place and its disk has lost the last transaction, which its
# acker holds: it may have been acknowledged, so nothing is opened; the way out is told.
restart a losing
run-for 5s
failover b +primary_answers +no_second_vantage +still_receiving it lost writes
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
   0.6s story    restart a losing
   0.6s veto     primary db-a in zone a takes no writes: acker_ahead (db-a executed 00000001-0000-4000-8000-000000000000:1-10 and lacks what others have: db-b (received 00000001-0000-4000-8000-000000000000:1-11, executed 00000001-0000-4000-8000-000000000000:1-11). It lost writes that may have been acknowledged: `sitedr failover --to` their zone)
   5.6s story    failover b +primary_answers +no_second_vantage +still_receiving it lost writes
   5.6s wish     to=b, why=it lost writes, overrides=['primary_answers', 'no_second_vantage', 'still_receiving']
   5.6s veto     none holds; a failover to zone b was asked for
   5.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: it lost writes
   5.6s intent   confirm
   5.6s outcome  confirm done
   5.6s intent   hold
   5.6s outcome  hold done
   5.6s intent   freeze
   5.6s outcome  freeze done
   5.6s intent   fence
   5.6s outcome  fence done proof=process
   5.6s intent   drain
   5.6s outcome  drain done
   5.6s intent   verify
   5.6s outcome  verify done
   5.6s intent   invalidate
   5.6s outcome  invalidate done
   5.6s intent   repoint
   5.6s outcome  repoint refused: no other replica exists
   5.6s intent   unprotect
   5.6s outcome  unprotect done
   5.6s intent   open
   5.6s outcome  open done
   5.6s intent   canary
   5.6s outcome  canary done
   5.6s intent   reroute
   5.6s outcome  reroute done
   5.6s intent   release
   5.6s outcome  release done
   5.6s intent   provision
   6.6s outcome  provision done
   6.6s intent   seed
   6.6s outcome  seed done
   6.6s intent   register
   6.6s outcome  register done
   6.6s intent   attach
   6.6s outcome  attach done
   6.6s intent   protect
   8.6s verdict  database db-a is down: connection refused
   8.6s outcome  protect done acker=db-c
   8.6s intent   verify_end
   8.6s outcome  verify_end done
   8.6s ended    failover completed
   9.6s stopped  
