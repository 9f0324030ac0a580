# The graceful move cannot be made and is undone; the next one waits, for it costs users a pause.
traffic a good=70 bad=30
traffic b good=20
order b open refused
run-for 40s

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
   0.6s story    traffic a good=70 bad=30
   0.6s story    traffic b good=20
   0.6s story    order b open refused
   0.9s verdict  zone a is one_site: users get many errors, and nothing says that elsewhere they would not
   0.9s veto     zone a fails its users: not_zonal (zone a fails many, but nothing says that another zone would not: they fail too, or nobody asks them)
   2.3s veto     zone a fails its users: elevated_errors (zone a fails many, and others do not; left when that has surely been so for 5 s)
   3.7s verdict  zone a is degraded: users get many errors here, and not elsewhere
   8.1s veto     none holds; zone a fails its users
   8.1s started  switchover epoch=2 at confirm: db-a to db-b: zone a fails its users: 224 of 748 failed, surely above 26.8%; 100% of all failures; p 1.7e-21
   8.1s intent   confirm
   8.1s outcome  confirm done
   8.1s intent   hold
   8.1s outcome  hold done
   8.1s intent   close
   8.1s outcome  close done proof=sql
   8.1s intent   catch_up
   8.1s outcome  catch_up done
   8.1s intent   freeze
   8.1s outcome  freeze done
   8.1s intent   verify
   8.1s outcome  verify done
   8.1s intent   invalidate
   8.1s outcome  invalidate done
   8.1s intent   repoint
   8.1s outcome  repoint refused: no other replica exists
   8.1s intent   unprotect
   8.1s outcome  unprotect done
   8.1s intent   open
   8.1s outcome  open refused: the server said no
   8.1s intent   unfreeze
   8.1s outcome  unfreeze done
   8.1s intent   reopen
   8.1s outcome  reopen done
   8.1s intent   unhold
   8.1s outcome  unhold done
   8.1s intent   unfreeze_again
   8.1s outcome  unfreeze_again done
   8.1s ended    switchover abandoned: open: the server said no
   9.1s veto     zone a fails its users: cooldown (a move ended, or was undone, recently; 59 s left)
  40.6s stopped  
