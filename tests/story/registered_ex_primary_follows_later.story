# A planned move: the old primary is compared, clean, started on its own data and
# registered, and is lost before it follows. By the time it is back the new primary
# restarted too, and is opened again where it stands: it follows then.
kill c
on attach intent kill a
switchover b tonight
run-for 2s
kill b
run-for 2s
heal a
heal b
run-for 15s
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
   0.6s story    on attach intent kill a
   0.6s story    switchover b tonight
   0.6s wish     to=b, why=tonight, planned=True
   0.6s started  switchover epoch=2 at confirm: db-a to db-b: tonight
   0.6s intent   confirm
   0.6s outcome  confirm done
   0.6s intent   hold
   0.6s outcome  hold done
   0.6s intent   close
   0.6s outcome  close done proof=sql
   0.6s intent   catch_up
   0.6s outcome  catch_up done
   0.6s intent   freeze
   0.6s outcome  freeze done
   0.6s intent   verify
   0.6s outcome  verify done
   0.6s intent   invalidate
   0.6s outcome  invalidate done
   0.6s intent   repoint
   0.6s outcome  repoint refused: no other replica exists
   0.6s intent   unprotect
   0.6s outcome  unprotect done
   0.6s intent   open
   0.6s outcome  open done
   0.6s intent   canary
   0.6s outcome  canary done
   0.6s intent   reroute
   0.6s outcome  reroute done
   0.6s intent   release
   0.6s outcome  release done
   0.6s intent   retire
   0.6s outcome  retire done proof=process
   0.6s intent   compare
   0.6s outcome  compare done told=nothing the successor lacks
   0.6s intent   resume
   0.6s outcome  resume done
   0.6s intent   register
   0.6s outcome  register done
   0.6s intent   attach
   0.6s outcome  attach refused: connection refused
   0.8s verdict  origin c is down: connection refused
   0.8s verdict  redis c is down: connection refused
   0.8s verdict  zone c is zone_lost: no service answers
   0.8s intent   attach attempt 2
   0.8s outcome  attach refused: not sent, the connection is silent: connection refused
   1.0s intent   attach attempt 3
   1.0s outcome  attach refused: not sent, the connection is silent: connection refused
   1.2s intent   attach attempt 4
   1.2s outcome  attach refused: not sent, the connection is silent: connection refused
   1.4s intent   attach attempt 5
   1.4s outcome  attach refused: not sent, the connection is silent: connection refused
   1.4s ended    switchover under_replicated: attach: not sent, the connection is silent: connection refused
   1.8s verdict  database db-a is down: connection refused
   1.8s verdict  origin a is down: connection refused
   1.8s verdict  redis a is down: connection refused
   1.8s verdict  zone a is zone_lost: neither database nor services answer
   1.8s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
   2.6s story    kill b
   2.8s verdict  database db-b is down: connection refused
   2.8s verdict  origin b is down: connection refused
   2.8s verdict  redis b is down: connection refused
   2.8s verdict  site is everything: the databases of all zones (b, a) look lost at once
   2.8s verdict  zone b is zone_lost: neither database nor services answer
   2.8s veto     primary db-b in zone b is lost: everything_down (the databases of all zones (b, a) look lost at once: look at our own network and at what all share); unprotected (unprotected (no replica of the new primary acknowledged yet): a promotion could lose acknowledged writes; only a person may accept that); acker_unseen (db-a may have acknowledged writes and does not answer); no_candidate (none is no registered replica of the primary)
   4.6s story    heal a
   4.6s story    heal b
   4.6s veto     primary db-b in zone b is lost: unprotected (unprotected (no replica of the new primary acknowledged yet): a promotion could lose acknowledged writes; only a person may accept that); no_second_vantage (only our own probes say so: no replica and no edge confirms it); acker_unseen (db-a may have acknowledged writes and does not answer); no_candidate (none is no registered replica of the primary)
   4.8s verdict  database db-a is ok: answers
   4.8s verdict  database db-b is ok: answers
   4.8s verdict  origin a is ok: answers
   4.8s verdict  redis a is ok: answers
   4.8s verdict  origin b is ok: answers
   4.8s verdict  redis b is ok: answers
   4.8s veto     none holds; primary db-b in zone b takes no writes
   4.8s started  reopen epoch=3 at confirm: db-b: db-b restarted in place and is read-only
   4.8s intent   confirm
   4.8s outcome  confirm done
   4.8s intent   follow
   4.8s outcome  follow done
   4.8s intent   enable
   4.8s outcome  enable done
   4.8s intent   earn
   6.0s verdict  site is none: nothing is the matter with it
   6.0s verdict  zone a is none: nothing is the matter with it
   6.0s verdict  zone b is none: nothing is the matter with it
   6.6s outcome  earn done acker=db-a
   6.6s intent   open
   6.6s outcome  open done
   6.6s intent   canary
   6.6s outcome  canary done acker=db-a
   6.6s intent   verify_end
   6.6s outcome  verify_end done
   6.6s ended    reopen completed
   7.0s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  19.6s stopped  
