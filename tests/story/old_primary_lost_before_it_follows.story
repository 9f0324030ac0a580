# A planned move: the old primary is compared, clean, started on its own data and
# registered, and is lost before it follows. When it is back, it follows.
kill c
on attach intent kill a
switchover b tonight
run-for 6s
heal a
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
   6.6s story    heal a
   6.8s verdict  database db-a is ok: answers
   6.8s verdict  origin a is ok: answers
   6.8s verdict  redis a is ok: answers
   6.8s veto     none holds; unprotected: no replica of the new primary acknowledged yet
   6.8s started  restore epoch=3 at register: a replica of db-b in db-a: unprotected: no replica of the new primary acknowledged yet
   6.8s intent   register
   6.8s outcome  register done
   6.8s intent   attach
   6.8s outcome  attach done
   6.8s intent   protect
   8.0s verdict  zone a is none: nothing is the matter with it
   8.6s outcome  protect done acker=db-a
   8.6s intent   verify_end
   8.6s outcome  verify_end done
   8.6s ended    restore completed
   9.0s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  21.6s stopped  
