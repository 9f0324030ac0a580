# A blocker does not hold what ends a stall: the primary answers, and nobody else is
# opened. The new copy has its donor's accounts: it is looked at as soon as its run
# has ended, not at the next round.
set granted=a
kill b
run-for 8s
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s findings blocker bypasses_read_only on db-a: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it
   0.3s veto     unprotected: nothing proven yet; no failover would begin by itself: doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 0 s ago))
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
   0.4s veto     no trouble: doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 0 s ago))
   0.6s story    kill b
   0.8s verdict  database db-b is down: connection refused
   0.8s verdict  origin b is down: connection refused
   0.8s verdict  redis b is down: connection refused
   0.8s verdict  zone b is zone_lost: neither database nor services answer
   0.8s veto     origin of zone b is down; redis of zone b is down; replica db-b is down; no failover would begin by itself: primary_unaffected (the primary db-a serves and is protected: nothing is moved); doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 0 s ago))
   2.2s veto     none holds; writes stall for 1.6 s: no acker answers
   2.2s started  restore epoch=2 at degrade: a replica of db-a in db-c: writes stall for 1.6 s: no acker answers
   2.2s intent   degrade
   2.2s outcome  degrade done
   2.2s intent   provision
   3.2s outcome  provision done
   3.2s intent   seed
   3.2s outcome  seed done
   3.2s intent   register
   3.2s outcome  register done
   3.2s intent   attach
   3.2s outcome  attach done
   3.2s intent   protect
   3.2s veto     no trouble: doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 3 s ago))
   5.2s outcome  protect done acker=db-c
   5.2s intent   verify_end
   5.2s outcome  verify_end done
   5.2s ended    restore completed
   6.2s verdict  database db-c is ok: answers
   6.2s veto     db-b in zone b is no member any more; no failover would begin by itself: doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 6 s ago))
   6.3s started  leave epoch=3 at retire: db-b, db-c stays: db-b in zone b is no member any more
   6.3s intent   retire
   6.3s outcome  retire done proof=process
   6.3s intent   protect
   6.3s outcome  protect done acker=db-c
   6.3s ended    leave completed
   6.4s veto     redis of zone b is down; no failover would begin by itself: primary_unaffected (the primary db-a serves and is protected: nothing is moved); doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 6 s ago))
   6.6s findings blocker bypasses_read_only on db-c: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it
   8.6s stopped  
