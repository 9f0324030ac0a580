# The way an operator begins: it decides and reports, and touches nothing.
set mode=observe
run-for 2s
kill a
run-for 4s
----
   0.0s started  mode=observe
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s veto     unprotected: nothing proven yet: observe_mode (mode is observe)
   2.0s story    kill a
   2.2s verdict  database db-a is down: connection refused
   2.2s verdict  origin a is down: connection refused
   2.2s verdict  redis a is down: connection refused
   2.2s verdict  zone a is zone_lost: neither database nor services answer
   2.2s veto     primary db-a in zone a is lost: observe_mode (mode is observe: reporting only); unprotected (unprotected (nothing proven yet): a promotion could lose acknowledged writes; only a person may accept that); no_candidate (no replica is registered: nobody has a copy to promote)
   6.0s stopped  
