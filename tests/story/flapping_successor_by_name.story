# The same, and a person who knows better moves there by naming the veto.
set flips=2
set quarantine_s=60
set proofs=acks_revoked,sql
provisioner off
freeze b
run-for 3s
heal b
run-for 10s
freeze b
run-for 3s
heal b
run-for 10s
kill a
run-for 5s
failover b b was repaired
run-for 3s
failover b +quarantined b was repaired
run-for 10s
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
   0.6s story    provisioner off
   0.6s story    freeze b
   2.3s verdict  database db-b is down: no answer within 0.4 s
   2.3s verdict  origin b is down: connection refused
   2.3s verdict  redis b is down: connection refused
   2.3s verdict  zone b is zone_lost: neither database nor services answer
   2.3s started  restore epoch=2 at degrade: a replica of db-a in db-c: writes stall for 1.3 s: no acker answers
   2.3s intent   degrade
   2.3s outcome  degrade done
   2.3s intent   provision
   2.3s outcome  provision unknown: zone c does not answer
   4.0s story    heal b
   4.3s intent   provision attempt 2
   4.3s outcome  provision unknown: zone c does not answer
   5.0s verdict  zone b is degraded: origin and redis down, its database is not
   6.0s verdict  database db-b is ok: answers
   6.0s verdict  origin b is ok: answers
   6.0s verdict  redis b is ok: answers
   6.3s intent   provision attempt 3
   6.3s outcome  provision unknown: zone c does not answer
   6.3s ended    restore under_replicated: provision: zone c does not answer
   7.0s verdict  zone b is none: nothing is the matter with it
   7.1s started  restore epoch=3 at register: a replica of db-a in db-b: unprotected: Writes wait for a replica that is gone; recorded, then released.
   7.1s intent   register
   7.1s outcome  register done
   7.1s intent   attach
   7.1s outcome  attach done
   7.1s intent   protect
   7.1s outcome  protect done acker=db-b
   7.1s intent   verify_end
   7.1s outcome  verify_end done
   7.1s ended    restore completed
  14.0s story    freeze b
  15.4s verdict  database db-b is down: no answer within 0.4 s
  15.4s verdict  origin b is down: connection refused
  15.4s verdict  redis b is down: connection refused
  15.4s verdict  zone b is zone_lost: neither database nor services answer
  15.4s started  restore epoch=4 at degrade: a replica of db-a in db-c: writes stall for 1.0 s: no acker answers
  15.4s intent   degrade
  15.4s outcome  degrade done
  15.4s intent   provision
  15.4s outcome  provision unknown: zone c does not answer
  17.4s intent   provision attempt 2
  17.4s outcome  provision unknown: zone c does not answer
  17.4s story    heal b
  18.4s verdict  zone b is degraded: origin and redis down, its database is not
  19.4s intent   provision attempt 3
  19.4s outcome  provision unknown: zone c does not answer
  19.4s ended    restore under_replicated: provision: zone c does not answer
  19.4s verdict  database db-b is ok: answers
  19.4s verdict  origin b is ok: answers
  19.4s verdict  redis b is ok: answers
  19.4s quarantine zone b down and back 2 times within 600 s: no successor until calm for 60 s
  19.4s veto     unprotected: Writes wait for a replica that is gone; recorded, then released.: quarantined (zone b comes and goes: nobody is moved there by itself until it was calm for 60 s, 60 s of it are left)
  19.5s started  restore epoch=5 at register: a replica of db-a in db-b: unprotected: Writes wait for a replica that is gone; recorded, then released.
  19.5s intent   register
  19.5s outcome  register done
  19.5s intent   attach
  19.5s outcome  attach done
  19.5s intent   protect
  19.5s outcome  protect done acker=db-b
  19.5s intent   verify_end
  19.5s outcome  verify_end done
  19.5s ended    restore completed
  19.6s veto     no trouble: quarantined (zone b comes and goes: nobody is moved there by itself until it was calm for 60 s, 60 s of it are left)
  21.0s verdict  zone b is none: nothing is the matter with it
  27.4s story    kill a
  27.6s verdict  database db-a is down: connection refused
  27.6s verdict  origin a is down: connection refused
  27.6s verdict  redis a is down: connection refused
  27.6s verdict  zone a is zone_lost: neither database nor services answer
  27.6s veto     primary db-a in zone a is lost: quarantined (zone b comes and goes: nobody is moved there by itself until it was calm for 60 s, 52 s of it are left)
  32.4s story    failover b b was repaired
  32.4s wish     to=b, why=b was repaired
  35.4s story    failover b +quarantined b was repaired
  35.4s wish     to=b, why=b was repaired, overrides=['quarantined']
  35.4s veto     none holds; primary db-a in zone a is lost
  35.4s started  failover epoch=6 at confirm: db-a to db-b, spare db-c: b was repaired
  35.4s intent   confirm
  35.4s outcome  confirm done
  35.4s intent   hold
  35.4s outcome  hold done
  35.4s intent   freeze
  35.4s outcome  freeze done
  35.4s intent   fence
  35.4s outcome  fence done proof=acks_revoked
  35.4s intent   drain
  35.4s outcome  drain done
  35.4s intent   verify
  35.4s outcome  verify done
  35.4s intent   invalidate
  35.4s outcome  invalidate done
  35.4s intent   repoint
  35.4s outcome  repoint refused: no other replica exists
  35.4s intent   unprotect
  35.4s outcome  unprotect done
  35.4s intent   open
  35.4s outcome  open done
  35.4s intent   canary
  35.4s outcome  canary done
  35.4s intent   reroute
  35.4s outcome  reroute done
  35.4s intent   release
  35.4s outcome  release done
  35.4s intent   provision
  35.4s outcome  provision unknown: zone c does not answer
  37.4s intent   provision attempt 2
  37.4s outcome  provision unknown: zone c does not answer
  39.4s intent   provision attempt 3
  39.4s outcome  provision unknown: zone c does not answer
  39.4s ended    failover under_replicated: provision: zone c does not answer
  39.5s started  restore epoch=7 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
  39.5s intent   provision
  39.5s outcome  provision unknown: zone c does not answer
  41.5s intent   provision attempt 2
  41.5s outcome  provision unknown: zone c does not answer
  43.5s intent   provision attempt 3
  43.5s outcome  provision unknown: zone c does not answer
  43.5s ended    restore under_replicated: provision: zone c does not answer
  43.8s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
  45.4s stopped  
