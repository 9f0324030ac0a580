# writes wait for it, which is safe; after DEGRADE two would acknowledge
block a b
run-for 0.1s
open b
run-for 5s
close b
mend a b
run-for 30s
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
   0.6s story    block a b
   0.7s story    open b
   0.7s veto     no trouble: two_primaries (db-b accepts writes and is not the primary on record: mend it by hand, nothing is guessed)
   3.1s veto     writes stall for 2.5 s: no acker answers: another_writable (db-b accepts writes too: end all but one by hand)
   5.7s story    close b
   5.7s story    mend a b
   5.7s veto     none holds; no trouble
  35.7s stopped  
