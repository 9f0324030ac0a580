# The only replica's zone comes and goes: when the primary is lost nobody is moved there, until it was calm for a while.
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
crash
kill a
run-for 70s
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
  27.4s story    crash
  27.4s story    kill a
  27.4s started  mode=auto
  27.6s verdict  database db-a is down: connection refused
  27.6s verdict  database db-c is down: connection refused
  27.6s verdict  origin a is down: connection refused
  27.6s verdict  redis a is down: connection refused
  27.6s verdict  zone a is zone_lost: neither database nor services answer
  27.6s veto     primary db-a in zone a is lost: quarantined (zone b comes and goes: nobody is moved there by itself until it was calm for 60 s, 52 s of it are left)
  80.0s quarantine zone b is calm again, and may be moved to
  80.0s veto     none holds; primary db-a in zone a is lost
  80.0s started  failover epoch=6 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
  80.0s intent   confirm
  80.0s outcome  confirm done
  80.0s intent   hold
  80.0s outcome  hold done
  80.0s intent   freeze
  80.0s outcome  freeze done
  80.0s intent   fence
  80.0s outcome  fence done proof=acks_revoked
  80.0s intent   drain
  80.0s outcome  drain done
  80.0s intent   verify
  80.0s outcome  verify done
  80.0s intent   invalidate
  80.0s outcome  invalidate done
  80.0s intent   repoint
  80.0s outcome  repoint refused: no other replica exists
  80.0s intent   unprotect
  80.0s outcome  unprotect done
  80.0s intent   open
  80.0s outcome  open done
  80.0s intent   canary
  80.0s outcome  canary done
  80.0s intent   reroute
  80.0s outcome  reroute done
  80.0s intent   release
  80.0s outcome  release done
  80.0s intent   provision
  80.0s outcome  provision unknown: zone c does not answer
  82.0s intent   provision attempt 2
  82.0s outcome  provision unknown: zone c does not answer
  84.0s intent   provision attempt 3
  84.0s outcome  provision unknown: zone c does not answer
  84.0s ended    failover under_replicated: provision: zone c does not answer
  84.1s started  restore epoch=7 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
  84.1s intent   provision
  84.1s outcome  provision unknown: zone c does not answer
  86.1s intent   provision attempt 2
  86.1s outcome  provision unknown: zone c does not answer
  88.1s intent   provision attempt 3
  88.1s outcome  provision unknown: zone c does not answer
  88.1s ended    restore under_replicated: provision: zone c does not answer
  88.4s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
  90.8s veto     none holds; unprotected: no replica of the new primary acknowledged yet
  90.8s started  restore epoch=8 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
  90.8s intent   provision
  90.8s outcome  provision unknown: zone c does not answer
  92.8s intent   provision attempt 2
  92.8s outcome  provision unknown: zone c does not answer
  94.8s intent   provision attempt 3
  94.8s outcome  provision unknown: zone c does not answer
  94.8s ended    restore under_replicated: provision: zone c does not answer
  94.8s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
  97.2s veto     none holds; unprotected: no replica of the new primary acknowledged yet
  97.2s started  restore epoch=9 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
  97.2s intent   provision
  97.2s outcome  provision unknown: zone c does not answer
  97.4s stopped  
