# The zone is lost in the middle of opening its primary again: the failover wins, and
# proof (b) holds, because an acknowledgement was required before writes could open.
set proofs=acks_revoked
on open intent cut a
restart a
run-for 12s
heal a
run-for 5s

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
   0.6s story    on open intent cut a
   0.6s story    restart a
   0.6s started  reopen epoch=2 at confirm: db-a: db-a restarted in place and is read-only
   0.6s intent   confirm
   0.6s outcome  confirm unknown: db-b may not be read since the restart
   0.9s intent   confirm attempt 2
   0.9s outcome  confirm done
   0.9s intent   follow
   0.9s outcome  follow done
   0.9s intent   enable
   0.9s outcome  enable done
   0.9s intent   earn
   2.6s outcome  earn done acker=db-b
   2.6s intent   open
   3.0s outcome  open unknown: no answer in 0.4 s
   3.9s intent   open attempt 2
   3.9s outcome  open refused: not sent, the connection is silent: timed out
   4.8s intent   open attempt 3
   4.8s outcome  open refused: not sent, the connection is silent: timed out
   4.8s ended    reopen abandoned: open: not sent, the connection is silent: timed out
   5.7s verdict  database db-a is down: no answer within 0.4 s
   5.7s verdict  origin a is down: connection refused
   5.7s verdict  redis a is down: connection refused
   5.7s verdict  zone a is zone_lost: neither database nor services answer
   5.7s started  failover epoch=3 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   5.7s intent   confirm
   5.9s outcome  confirm done
   5.9s intent   hold
   5.9s outcome  hold done
   5.9s intent   freeze
   5.9s outcome  freeze done
   5.9s intent   fence
   5.9s outcome  fence done proof=acks_revoked
   5.9s intent   drain
   5.9s outcome  drain done
   5.9s intent   verify
   5.9s outcome  verify done
   5.9s intent   invalidate
   5.9s outcome  invalidate done
   5.9s intent   repoint
   5.9s outcome  repoint refused: no other replica exists
   5.9s intent   unprotect
   5.9s outcome  unprotect done
   5.9s intent   open
   5.9s outcome  open done
   5.9s intent   canary
   5.9s outcome  canary done
   5.9s intent   reroute
   5.9s outcome  reroute done
   5.9s intent   release
   5.9s outcome  release done
   5.9s intent   provision
   6.9s outcome  provision done
   6.9s intent   seed
   6.9s outcome  seed done
   6.9s intent   register
   6.9s outcome  register done
   6.9s intent   attach
   6.9s outcome  attach done
   6.9s intent   protect
   8.9s outcome  protect done acker=db-c
   8.9s intent   verify_end
   8.9s outcome  verify_end done
   8.9s ended    failover completed
  10.0s verdict  database db-c is ok: answers
  10.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  13.0s story    heal a
  13.2s verdict  database db-a is ok: answers
  13.2s verdict  origin a is ok: answers
  13.2s verdict  redis a is ok: answers
  13.2s veto     none holds; db-a in zone a is no member any more
  13.2s started  retire epoch=4 at retire: db-a: db-a in zone a is no member any more
  13.2s intent   retire
  13.2s outcome  retire done proof=process
  13.2s ended    retire completed
  13.4s started  examine epoch=5 at retire: db-a: db-a was primary: does db-b have all of it?
  13.4s intent   retire
  13.4s outcome  retire done proof=process
  13.4s intent   compare
  13.4s outcome  compare done told=nothing the successor lacks
  13.4s ended    examine completed
  13.5s verdict  database db-a is down: connection refused
  14.9s verdict  zone a is none: nothing is the matter with it
  18.0s stopped  
