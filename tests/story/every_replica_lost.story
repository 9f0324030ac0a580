# The only replica is lost and no other can be made; then the primary goes: nobody is promoted.
provisioner off
kill b
run-for 4s
kill a
run-for 6s
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
   0.6s story    kill b
   0.8s verdict  database db-b is down: connection refused
   0.8s verdict  origin b is down: connection refused
   0.8s verdict  redis b is down: connection refused
   0.8s verdict  zone b is zone_lost: neither database nor services answer
   0.8s veto     origin of zone b is down; redis of zone b is down; replica db-b is down: primary_unaffected (the primary db-a serves and is protected: nothing is moved)
   2.2s veto     none holds; writes stall for 1.6 s: no acker answers
   2.2s started  restore epoch=2 at degrade: a replica of db-a in db-c: writes stall for 1.6 s: no acker answers
   2.2s intent   degrade
   2.2s outcome  degrade done
   2.2s intent   provision
   2.2s outcome  provision unknown: zone c does not answer
   4.2s intent   provision attempt 2
   4.2s outcome  provision unknown: zone c does not answer
   4.6s story    kill a
   6.2s intent   provision attempt 3
   6.2s outcome  provision unknown: zone c does not answer
   6.2s ended    restore under_replicated: provision: zone c does not answer
   6.6s verdict  database db-a is down: connection refused
   6.6s verdict  origin a is down: connection refused
   6.6s verdict  redis a is down: connection refused
   6.6s verdict  site is everything: the databases of all zones (a, b) look lost at once
   6.6s verdict  zone a is zone_lost: neither database nor services answer
   6.6s veto     primary db-a in zone a is lost: everything_down (the databases of all zones (a, b) look lost at once: look at our own network and at what all share); unprotected (unprotected (Writes wait for a replica that is gone; recorded, then released.): a promotion could lose acknowledged writes; only a person may accept that); acker_unseen (db-b may have acknowledged writes and does not answer); no_candidate (none is no registered replica of the primary)
  10.6s stopped  
