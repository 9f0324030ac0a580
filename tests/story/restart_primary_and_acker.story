# Both databases restart: the acker may have thrown away the proof of what the primary
# lost. A person looks.
restart b
restart a
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
   0.6s story    restart b
   0.6s story    restart a
   0.6s veto     primary db-a in zone a takes no writes: acker_restarted (db-b restarted too: whether the primary still has all that was acknowledged can be proven by nobody. Look, then open it by hand)
   5.6s stopped  
