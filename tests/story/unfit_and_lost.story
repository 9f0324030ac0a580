# The primary is lost while a blocker stands. It holds for a person, whatever the
# wish overrides besides; the last word on a server that is gone counts, also for
# the next controller. Only the veto's own name lets the failover begin.
run-for 2s
grant a
run-for 62s
kill a
run-for 3s
crash
run-for 6s
failover b +cooldown users wait
run-for 2s
failover b +doctor_blocker the old primary is dead and will not come back
run-for 8s
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
   2.6s story    grant a
  62.0s findings blocker bypasses_read_only on db-a: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it
  62.0s veto     no trouble: doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 1 s ago))
  64.6s story    kill a
  64.8s verdict  database db-a is down: connection refused
  64.8s verdict  origin a is down: connection refused
  64.8s verdict  redis a is down: connection refused
  64.8s verdict  zone a is zone_lost: neither database nor services answer
  64.8s veto     primary db-a in zone a is lost: doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 4 s ago))
  67.6s story    crash
  67.6s started  mode=auto
  67.8s verdict  database db-a is down: connection refused
  67.8s verdict  database db-c is down: connection refused
  67.8s verdict  origin a is down: connection refused
  67.8s verdict  redis a is down: connection refused
  67.8s verdict  zone a is zone_lost: neither database nor services answer
  67.8s veto     primary db-a in zone a is lost: doctor_blocker (db-a bypasses_read_only: 'app'@'%' has READ_ONLY ADMIN; mend: REVOKE READ_ONLY ADMIN ON *.* FROM 'app'@'%'; then end its connections, which keep it (seen 6 s ago))
  73.6s story    failover b +cooldown users wait
  73.6s wish     to=b, why=users wait, overrides=['cooldown']
  75.6s story    failover b +doctor_blocker the old primary is dead and will not come back
  75.6s wish     to=b, why=the old primary is dead and will not come back, overrides=['doctor_blocker']
  75.6s veto     none holds; primary db-a in zone a is lost
  75.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: the old primary is dead and will not come back
  75.6s intent   confirm
  75.6s outcome  confirm done
  75.6s intent   hold
  75.6s outcome  hold done
  75.6s intent   freeze
  75.6s outcome  freeze done
  75.6s intent   fence
  75.6s outcome  fence done proof=process
  75.6s intent   drain
  75.6s outcome  drain done
  75.6s intent   verify
  75.6s outcome  verify done
  75.6s intent   invalidate
  75.6s outcome  invalidate done
  75.6s intent   repoint
  75.6s outcome  repoint refused: no other replica exists
  75.6s intent   unprotect
  75.6s outcome  unprotect done
  75.6s intent   open
  75.6s outcome  open done
  75.6s intent   canary
  75.6s outcome  canary done
  75.6s intent   reroute
  75.6s outcome  reroute done
  75.6s intent   release
  75.6s outcome  release done
  75.6s intent   provision
  76.6s outcome  provision done
  76.6s intent   seed
  76.6s outcome  seed done
  76.6s intent   register
  76.6s outcome  register done
  76.6s intent   attach
  76.6s outcome  attach done
  76.6s intent   protect
  78.6s outcome  protect done acker=db-c
  78.6s intent   verify_end
  78.6s outcome  verify_end done
  78.6s ended    failover completed
  79.6s verdict  database db-c is ok: answers
  79.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  83.6s stopped  
