# Of two replicas one has a transaction of its own, so neither holds all: nothing is
# promoted before anything is touched, and both sets are named.
set engine=mysql
set replicas=2
errant b
run-for 2
kill a
run-for 4
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
   0.3s outcome  protect done acker=db-b
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.5s started  widen epoch=2 at provision: one more replica of db-a in db-c: 1 of 2 replicas of db-a acknowledge
   0.5s intent   provision
   1.5s outcome  provision done
   1.5s intent   seed
   1.5s outcome  seed done
   1.5s intent   register
   3.5s outcome  register done
   3.5s intent   attach
   3.5s outcome  attach done
   3.5s intent   protect
   3.5s outcome  protect done acker=db-c
   3.5s intent   verify_end
   3.5s outcome  verify_end done
   3.5s ended    widen completed
   3.8s verdict  database db-c is ok: answers
   4.0s story    errant b
   4.0s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   6.0s story    kill a
   6.2s verdict  database db-a is down: connection refused
   6.2s verdict  origin a is down: connection refused
   6.2s verdict  redis a is down: connection refused
   6.2s verdict  zone a is zone_lost: neither database nor services answer
   6.2s started  failover epoch=3 at confirm: db-a to db-c, spare none: db-a in zone a is lost; zone lost: neither database nor services answer
   6.2s intent   confirm
   6.2s outcome  confirm done
   6.2s intent   hold
   6.2s outcome  hold done
   6.2s intent   freeze
   6.2s outcome  freeze done
   6.2s intent   fence
   6.2s outcome  fence done proof=process
   6.2s intent   drain
   6.2s outcome  drain done
   6.2s intent   verify
   6.2s outcome  verify done
   6.2s intent   invalidate
   6.2s outcome  invalidate done
   6.2s intent   repoint
   6.2s outcome  repoint refused: no other replica exists
   6.2s intent   unprotect
   6.2s outcome  unprotect done
   6.2s intent   open
   6.2s outcome  open done
   6.2s intent   canary
   6.2s outcome  canary done
   6.2s intent   reroute
   6.2s outcome  reroute done
   6.2s intent   release
   6.2s outcome  release done
   6.2s intent   provision
   6.2s outcome  provision refused: no healthy zone is free for a new replica
   6.2s ended    failover under_replicated: provision: no healthy zone is free for a new replica
   6.4s started  retire epoch=4 at retire: db-b: db-b in zone b is no member any more
   6.4s intent   retire
   6.4s outcome  retire done proof=process
   6.4s ended    retire completed
   6.6s started  restore epoch=5 at provision: a replica of db-c in db-b: unprotected: no replica of the new primary acknowledged yet
   6.6s intent   provision
   6.7s verdict  database db-b is down: connection refused
   7.6s outcome  provision done
   7.6s intent   seed
   7.6s outcome  seed done
   7.6s intent   register
   7.6s outcome  register done
   7.6s intent   attach
   7.6s outcome  attach done
   7.6s intent   protect
   9.6s outcome  protect done acker=db-b
   9.6s intent   verify_end
   9.6s outcome  verify_end done
   9.6s ended    restore completed
   9.9s verdict  database db-b is ok: answers
   9.9s veto     1 of 2 replicas of db-c acknowledge; redis of zone a is down: no_spare_zone (no healthy zone is free for a replica)
  10.0s stopped  
