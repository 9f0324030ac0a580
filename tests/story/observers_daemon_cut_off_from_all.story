# D10: the daemon reaches no zone, the broker it does: the others see all well, no move.
set observers=daemon,a,b,c
run-for 5s
block controller a
block controller b
block controller c
run-for 20s
mend controller a
mend controller b
mend controller c
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
   5.6s story    block controller a
   5.6s story    block controller b
   5.6s story    block controller c
   9.7s verdict  database db-a is down: no answer within 0.4 s
   9.7s verdict  database db-b is down: no answer within 0.4 s
   9.7s verdict  site is everything: the databases of all zones (a, b) look lost at once
   9.7s verdict  zone a is database_only: its database does not answer, and this does: origin, redis
   9.7s verdict  zone b is database_only: its database does not answer, and this does: origin, redis
   9.7s veto     primary db-a in zone a is lost: everything_down (the databases of all zones (a, b) look lost at once: look at our own network and at what all share); no_quorum (most see it up: 1 of 4 observers see it down, 3 are needed (down: daemon; up: a, b, c)); no_second_vantage (only our own probes say so: no replica and no edge confirms it); acker_unseen (db-b may have acknowledged writes and does not answer); no_candidate (none is no registered replica of the primary)
  26.8s story    mend controller a
  26.8s story    mend controller b
  26.8s story    mend controller c
  26.8s veto     primary db-a in zone a is lost: no_quorum (most see it up: 1 of 4 observers see it down, 3 are needed (down: daemon; up: a, b, c)); no_second_vantage (only our own probes say so: no replica and no edge confirms it); acker_unseen (db-b may have acknowledged writes and does not answer); no_candidate (none is no registered replica of the primary)
  27.0s verdict  database db-a is ok: answers
  27.0s verdict  database db-b is ok: answers
  27.0s veto     none holds; no trouble
  28.4s verdict  site is none: nothing is the matter with it
  28.4s verdict  zone a is none: nothing is the matter with it
  28.4s verdict  zone b is none: nothing is the matter with it
  31.8s stopped  
