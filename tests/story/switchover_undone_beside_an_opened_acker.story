# a person opened the target while the controller was away: the old primary stays closed
on freeze effect open b
on freeze effect crash
switchover b patching
run-for 15s
close b
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
   0.6s story    on freeze effect open b
   0.6s story    on freeze effect crash
   0.6s story    switchover b patching
   0.6s wish     to=b, why=patching, planned=True
   0.6s started  switchover epoch=2 at confirm: db-a to db-b: patching
   0.6s intent   confirm
   0.6s outcome  confirm done
   0.6s intent   hold
   0.6s outcome  hold done
   0.6s intent   close
   0.6s outcome  close done proof=sql
   0.6s intent   catch_up
   0.6s outcome  catch_up done
   0.6s intent   freeze
   0.8s started  mode=auto
   1.0s verdict  database db-c is down: connection refused
   1.0s outcome  freeze unknown: the controller stopped before it
   1.0s restarted switchover epoch=3 at unfreeze: db-a to db-b: patching
   1.0s intent   unfreeze
   1.0s outcome  unfreeze refused: db-b: writable: a primary follows nobody
   1.2s intent   unfreeze attempt 2
   1.2s outcome  unfreeze refused: db-b: writable: a primary follows nobody
   1.2s intent   reopen
   1.2s outcome  reopen refused: db-b takes writes
   1.7s intent   reopen attempt 2
   1.7s outcome  reopen refused: db-b takes writes
   2.2s intent   reopen attempt 3
   2.2s outcome  reopen refused: db-b takes writes
   2.7s intent   reopen attempt 4
   2.7s outcome  reopen refused: db-b takes writes
   3.2s intent   reopen attempt 5
   3.2s outcome  reopen refused: db-b takes writes
   3.7s intent   reopen attempt 6
   3.7s outcome  reopen refused: db-b takes writes
   4.2s intent   reopen attempt 7
   4.2s outcome  reopen refused: db-b takes writes
   4.7s intent   reopen attempt 8
   4.7s outcome  reopen refused: db-b takes writes
   5.2s intent   reopen attempt 9
   5.2s outcome  reopen refused: db-b takes writes
   5.7s intent   reopen attempt 10
   5.7s outcome  reopen refused: db-b takes writes
   5.7s intent   unhold
   5.7s outcome  unhold done
   5.7s intent   unfreeze_again
   5.7s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   6.2s intent   unfreeze_again attempt 2
   6.2s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   6.7s intent   unfreeze_again attempt 3
   6.7s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   7.2s intent   unfreeze_again attempt 4
   7.2s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   7.7s intent   unfreeze_again attempt 5
   7.7s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   8.2s intent   unfreeze_again attempt 6
   8.2s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   8.7s intent   unfreeze_again attempt 7
   8.7s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   9.2s intent   unfreeze_again attempt 8
   9.2s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
   9.7s intent   unfreeze_again attempt 9
   9.7s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
  10.2s intent   unfreeze_again attempt 10
  10.2s outcome  unfreeze_again refused: db-b: writable: a primary follows nobody
  10.2s ended    switchover under_replicated: stopped before a restart of the controller; unfreeze_again: db-b: writable: a primary follows nobody
  10.3s veto     primary db-a in zone a takes no writes: another_writable (db-b accepts writes too: end all but one by hand)
  15.6s story    close b
  15.6s veto     none holds; primary db-a in zone a takes no writes
  15.6s started  reopen epoch=4 at confirm: db-a: db-a was closed by an order of ours and is read-only
  15.6s intent   confirm
  15.6s outcome  confirm done
  15.6s intent   follow
  15.6s outcome  follow done
  15.6s intent   enable
  15.6s outcome  enable done
  15.6s intent   earn
  15.6s outcome  earn done acker=db-b
  15.6s intent   open
  15.6s outcome  open done
  15.6s intent   canary
  15.6s outcome  canary done acker=db-b
  15.6s intent   verify_end
  15.6s outcome  verify_end done
  15.6s ended    reopen completed
  45.6s stopped  
