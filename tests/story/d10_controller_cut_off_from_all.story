# D10: the controller alone reaches no zone, the edges see all of them: suspect yourself.
traffic a good=100
traffic b good=20
run-for 5s
block controller a
block controller b
block controller c
probe a origin fails
probe a redis fails
probe b origin fails
probe b redis fails
probe c origin fails
probe c redis fails
run-for 20s
mend controller a
mend controller b
mend controller c
probe a origin answers
probe a redis answers
probe b origin answers
probe b redis answers
probe c origin answers
probe c redis answers
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
   0.6s story    traffic a good=100
   0.6s story    traffic b good=20
   5.6s story    block controller a
   5.6s story    block controller b
   5.6s story    block controller c
   5.6s story    probe a origin fails
   5.6s story    probe a redis fails
   5.6s story    probe b origin fails
   5.6s story    probe b redis fails
   5.6s story    probe c origin fails
   5.6s story    probe c redis fails
   9.7s verdict  database db-a is down: no answer within 0.4 s
   9.7s verdict  database db-b is down: no answer within 0.4 s
   9.7s verdict  origin a is down: connection refused
   9.7s verdict  redis a is down: connection refused
   9.7s verdict  origin b is down: connection refused
   9.7s verdict  redis b is down: connection refused
   9.7s verdict  origin c is down: connection refused
   9.7s verdict  redis c is down: connection refused
   9.7s verdict  zone a is observer_cut_off: we do not reach it, and the edges do
   9.7s verdict  zone b is observer_cut_off: we do not reach it, and the edges do
   9.7s verdict  zone c is observer_cut_off: we do not reach it, and the edges do
   9.7s veto     primary db-a in zone a is lost: no_second_vantage (only our own probes say so: no replica and no edge confirms it); acker_unseen (db-b may have acknowledged writes and does not answer); no_candidate (none is no registered replica of the primary)
  26.8s story    mend controller a
  26.8s story    mend controller b
  26.8s story    mend controller c
  26.8s story    probe a origin answers
  26.8s story    probe a redis answers
  26.8s story    probe b origin answers
  26.8s story    probe b redis answers
  26.8s story    probe c origin answers
  26.8s story    probe c redis answers
  27.0s verdict  database db-a is ok: answers
  27.0s verdict  database db-b is ok: answers
  27.0s verdict  origin a is ok: answers
  27.0s verdict  redis a is ok: answers
  27.0s verdict  origin b is ok: answers
  27.0s verdict  redis b is ok: answers
  27.0s verdict  origin c is ok: answers
  27.0s verdict  redis c is ok: answers
  27.0s veto     none holds; no trouble
  28.4s verdict  zone a is none: nothing is the matter with it
  28.4s verdict  zone b is none: nothing is the matter with it
  28.4s verdict  zone c is none: nothing is the matter with it
  36.8s stopped  
