# Somebody wrote on the replica, past read-only: promoted, it would be everybody's.
# With no other candidate the failover is held for a person, who may accept it.
set engine=mysql
errant b
run-for 2
kill a
run-for 4
failover b +candidate_errant +awaiting_approval looked at it
run-for 6
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
   0.6s story    errant b
   2.6s story    kill a
   2.8s verdict  database db-a is down: connection refused
   2.8s verdict  origin a is down: connection refused
   2.8s verdict  redis a is down: connection refused
   2.8s verdict  zone a is zone_lost: neither database nor services answer
   2.8s veto     primary db-a in zone a is lost: candidate_errant (db-b has transactions that never were on the primary: 00000002-0000-4000-8000-000000000000:1; promoted, they would be everybody's)
   6.6s story    failover b +candidate_errant +awaiting_approval looked at it
   6.6s wish     to=b, why=looked at it, overrides=['candidate_errant', 'awaiting_approval']
   6.6s veto     none holds; primary db-a in zone a is lost
   6.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: looked at it
   6.6s intent   confirm
   6.6s outcome  confirm done
   6.6s intent   hold
   6.6s outcome  hold done
   6.6s intent   freeze
   6.6s outcome  freeze done
   6.6s intent   fence
   6.6s outcome  fence done proof=process
   6.6s intent   drain
   6.6s outcome  drain done
   6.6s intent   verify
   6.6s outcome  verify done
   6.6s intent   invalidate
   6.6s outcome  invalidate done
   6.6s intent   repoint
   6.6s outcome  repoint refused: no other replica exists
   6.6s intent   unprotect
   6.6s outcome  unprotect done
   6.6s intent   open
   6.6s outcome  open done
   6.6s intent   canary
   6.6s outcome  canary done
   6.6s intent   reroute
   6.6s outcome  reroute done
   6.6s intent   release
   6.6s outcome  release done
   6.6s intent   provision
   7.6s outcome  provision done
   7.6s intent   seed
   7.6s outcome  seed done
   7.6s intent   register
   7.6s outcome  register done
   7.6s intent   attach
   7.6s outcome  attach done
   7.6s intent   protect
   9.6s outcome  protect done acker=db-c
   9.6s intent   verify_end
   9.6s outcome  verify_end done
   9.6s ended    failover completed
  10.6s verdict  database db-c is ok: answers
  10.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  10.8s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
  12.6s stopped  
