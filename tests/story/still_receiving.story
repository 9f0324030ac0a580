# Only the controller is cut off from a: the replica still hears it, nothing moves.
block controller a
block a controller
run-for 4s
mend controller a
run-for 3s
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
   0.6s story    block controller a
   0.6s story    block a controller
   2.3s verdict  database db-a is down: no answer within 0.4 s
   2.3s verdict  zone a is observer_cut_off: we do not reach its database, and db-b still hears it
   2.3s veto     primary db-a in zone a is lost: still_receiving (db-b still hears the primary: we may be cut off); no_second_vantage (only our own probes say so: no replica and no edge confirms it)
   5.0s story    mend controller a
   5.2s verdict  database db-a is ok: answers
   5.2s veto     none holds; no trouble
   6.6s verdict  zone a is none: nothing is the matter with it
   8.0s stopped  
