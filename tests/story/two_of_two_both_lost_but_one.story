# Two acknowledgements of two replicas: every write is in three zones, so the one
# that is left holds them all, and is promoted. Who was silent comes back anew.
set engine=mysql
set replicas=2
set acks=2
freeze a
freeze c
run-for 10
heal a
heal c
run-for 20
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s findings warning relay_log_recovery on db-a: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart; warning relay_log_recovery on db-b: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   0.3s started  restore epoch=1 at register: a replica of db-a in db-b: unprotected: nothing proven yet
   0.3s intent   register
   0.3s outcome  register done
   0.3s intent   attach
   0.3s outcome  attach done
   0.3s intent   protect
   0.3s outcome  protect done
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.5s started  restore epoch=2 at provision: a replica of db-a in db-c: unprotected: nothing proven yet
   0.5s intent   provision
   1.5s outcome  provision done
   1.5s intent   seed
   1.5s outcome  seed done
   1.5s intent   register
   1.5s outcome  register done
   1.5s intent   attach
   1.5s outcome  attach done
   1.5s intent   protect
   3.5s outcome  protect done acker=db-c
   3.5s intent   verify_end
   3.5s outcome  verify_end done
   3.5s ended    restore completed
   3.8s verdict  database db-c is ok: answers
   4.0s story    freeze a
   4.0s story    freeze c
   4.8s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   6.9s verdict  database db-a is down: no answer within 0.4 s
   6.9s verdict  database db-c is down: no answer within 0.4 s
   6.9s verdict  origin a is down: connection refused
   6.9s verdict  redis a is down: connection refused
   6.9s verdict  origin c is down: connection refused
   6.9s verdict  redis c is down: connection refused
   6.9s verdict  zone a is zone_lost: neither database nor services answer
   6.9s verdict  zone c is zone_lost: neither database nor services answer
   6.9s started  failover epoch=3 at confirm: db-a to db-b, spare none: db-a in zone a is lost; zone lost: neither database nor services answer
   6.9s intent   confirm
   7.1s outcome  confirm done
   7.1s intent   hold
   7.1s outcome  hold done
   7.1s intent   freeze
   7.1s outcome  freeze done
   7.1s intent   fence
   7.1s outcome  fence done proof=process
   7.1s intent   drain
   7.1s outcome  drain done
   7.1s intent   verify
   7.1s outcome  verify done
   7.1s intent   invalidate
   7.1s outcome  invalidate done
   7.1s intent   repoint
   7.1s outcome  repoint refused: no other replica exists
   7.1s intent   unprotect
   7.1s outcome  unprotect done
   7.1s intent   open
   7.1s outcome  open done
   7.1s intent   canary
   7.1s outcome  canary done
   7.1s intent   reroute
   7.1s outcome  reroute done
   7.1s intent   release
   7.1s outcome  release done
   7.1s intent   provision
   7.1s outcome  provision refused: no healthy zone is free for a new replica
   7.1s ended    failover under_replicated: provision: no healthy zone is free for a new replica
   8.3s started  retire epoch=4 at retire: db-c: db-c in zone c is no member any more
   8.3s intent   retire
   8.3s outcome  retire done proof=process
   8.3s ended    retire completed
   8.4s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
  14.0s story    heal a
  14.0s story    heal c
  14.2s verdict  origin a is ok: answers
  14.2s verdict  redis a is ok: answers
  14.2s verdict  origin c is ok: answers
  14.2s verdict  redis c is ok: answers
  14.2s veto     none holds; unprotected: no replica of the new primary acknowledged yet
  14.2s started  restore epoch=5 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
  14.2s intent   provision
  15.2s outcome  provision done
  15.2s intent   seed
  15.2s outcome  seed done
  15.2s intent   register
  15.2s outcome  register done
  15.2s intent   attach
  15.2s outcome  attach done
  15.2s intent   protect
  15.2s outcome  protect done
  15.2s intent   verify_end
  15.2s outcome  verify_end done
  15.2s ended    restore completed
  15.4s verdict  zone a is none: nothing is the matter with it
  15.4s verdict  zone c is none: nothing is the matter with it
  15.5s started  examine epoch=6 at retire: db-a: db-a was primary: does db-b have all of it?
  15.5s intent   retire
  15.5s outcome  retire done proof=process
  15.5s intent   compare
  15.5s outcome  compare done told=nothing the successor lacks
  15.5s ended    examine completed
  15.6s verdict  database db-c is ok: answers
  15.7s started  rejoin epoch=7 at retire: db-a, a replica of db-b: unprotected: no replica of the new primary acknowledged yet
  15.7s intent   retire
  15.7s outcome  retire done proof=process
  15.7s intent   compare
  15.7s outcome  compare done told=nothing the successor lacks
  15.7s intent   resume
  15.7s outcome  resume done
  15.7s intent   register
  15.7s outcome  register done
  15.7s intent   attach
  15.7s outcome  attach done
  15.7s intent   protect
  16.0s verdict  database db-a is ok: answers
  17.7s outcome  protect done acker=db-a
  17.7s intent   verify_end
  17.7s outcome  verify_end done
  17.7s ended    rejoin completed
  34.0s stopped  
