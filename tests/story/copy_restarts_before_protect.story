# The new replica restarts just as it is to prove itself, and the old one, back by
# then, acknowledges in its place: seen at once, not after a minute of waiting.
freeze b
on protect intent restart c
run-for 5s
heal b
run-for 20s
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
   0.6s story    freeze b
   0.6s story    on protect intent restart c
   2.3s verdict  database db-b is down: no answer within 0.4 s
   2.3s verdict  origin b is down: connection refused
   2.3s verdict  redis b is down: connection refused
   2.3s verdict  zone b is zone_lost: neither database nor services answer
   2.3s started  restore epoch=2 at degrade: a replica of db-a in db-c: writes stall for 1.3 s: no acker answers
   2.3s intent   degrade
   2.3s outcome  degrade done
   2.3s intent   provision
   3.3s outcome  provision done
   3.3s intent   seed
   3.3s outcome  seed done
   3.3s intent   register
   3.3s outcome  register done
   3.3s intent   attach
   3.3s outcome  attach done
   3.3s intent   protect
   5.7s story    heal b
   5.7s outcome  protect refused: db-c receives nothing: it was stopped
   5.7s verdict  database db-c is ok: answers
   5.9s intent   protect attempt 2
   5.9s outcome  protect refused: db-c receives nothing: it was stopped
   6.1s intent   protect attempt 3
   6.1s outcome  protect refused: db-c receives nothing: it was stopped
   6.1s intent   withdraw
   6.1s outcome  withdraw done
   6.1s ended    restore under_replicated: protect: db-c receives nothing: it was stopped
   6.7s verdict  zone b is degraded: origin and redis down, its database is not
   6.7s veto     unprotected: Writes wait for a replica that is gone; recorded, then released.: no_spare_zone (no healthy zone is free for a replica)
   6.8s verdict  database db-b is ok: answers
   6.8s verdict  origin b is ok: answers
   6.8s verdict  redis b is ok: answers
   6.8s veto     none holds; unprotected: Writes wait for a replica that is gone; recorded, then released.
   6.8s started  restore epoch=3 at register: a replica of db-a in db-b: unprotected: Writes wait for a replica that is gone; recorded, then released.
   6.8s intent   register
   6.8s outcome  register done
   6.8s intent   attach
   6.8s outcome  attach done
   6.8s intent   protect
   6.8s outcome  protect done acker=db-b
   6.8s intent   verify_end
   6.8s outcome  verify_end done
   6.8s ended    restore completed
   8.3s verdict  zone b is none: nothing is the matter with it
   8.3s started  leave epoch=4 at retire: db-c, db-b stays: db-c in zone c is no member any more
   8.3s intent   retire
   8.3s outcome  retire done proof=process
   8.3s intent   protect
   8.3s outcome  protect done acker=db-b
   8.3s ended    leave completed
   9.5s verdict  database db-c is down: connection refused
  25.7s stopped  
