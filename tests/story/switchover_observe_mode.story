# Observing touches nothing, whoever asks.
set mode=observe
run-for 2s
switchover b +observe_mode patching a
run-for 3s
----
   0.0s started  mode=observe
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s veto     unprotected: nothing proven yet: observe_mode (mode is observe)
   2.0s story    switchover b +observe_mode patching a
   2.0s wish     to=b, why=patching a, overrides=['observe_mode'], planned=True
   2.0s veto     a switchover to zone b was asked for: patching a; unprotected: nothing proven yet: observe_mode (mode is observe: reporting only); unprotected (unprotected (nothing proven yet): a planned move loses nothing); no_candidate (no replica is registered: nobody has a copy to promote); observe_mode (mode is observe)
   5.0s stopped  
