# The old primary's logs make no sense after a planned move: it waits, named, for a person.
run-for 3s
on release effect garble a
switchover b drill
run-for 6s
kill c
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
   3.6s story    on release effect garble a
   3.6s story    switchover b drill
   3.6s wish     to=b, why=drill, planned=True
   3.6s started  switchover epoch=2 at confirm: db-a to db-b: drill
   3.6s intent   confirm
   3.6s outcome  confirm done
   3.6s intent   hold
   3.6s outcome  hold done
   3.6s intent   close
   3.6s outcome  close done proof=sql
   3.6s intent   catch_up
   3.6s outcome  catch_up done
   3.6s intent   freeze
   3.6s outcome  freeze done
   3.6s intent   verify
   3.6s outcome  verify done
   3.6s intent   invalidate
   3.6s outcome  invalidate done
   3.6s intent   repoint
   3.6s outcome  repoint refused: no other replica exists
   3.6s intent   unprotect
   3.6s outcome  unprotect done
   3.6s intent   open
   3.6s outcome  open done
   3.6s intent   canary
   3.6s outcome  canary done
   3.6s intent   reroute
   3.6s outcome  reroute done
   3.6s intent   release
   3.6s outcome  release done
   3.6s intent   retire
   3.6s outcome  retire done proof=process
   3.6s intent   compare
   3.6s outcome  compare unknown: binlog.000001: it makes no sense
   3.6s ended    switchover under_replicated: compare: binlog.000001: it makes no sense
   4.6s veto     an old primary is left as it is; unprotected: no replica of the new primary acknowledged yet: old_primary_unknown (db-a was primary and cannot be compared, so it neither rejoins nor is laid anew until `sitedr give-up`: binlog.000001: it makes no sense)
   4.7s started  restore epoch=3 at provision: a replica of db-b in db-c: unprotected: no replica of the new primary acknowledged yet
   4.7s intent   provision
   4.8s verdict  database db-a is down: connection refused
   5.7s outcome  provision done
   5.7s intent   seed
   5.7s outcome  seed done
   5.7s intent   register
   5.7s outcome  register done
   5.7s intent   attach
   5.7s outcome  attach done
   5.7s intent   protect
   7.7s outcome  protect done acker=db-c
   7.7s intent   verify_end
   7.7s outcome  verify_end done
   7.7s ended    restore completed
   8.0s verdict  database db-c is ok: answers
   8.1s started  examine epoch=4 at retire: db-a: db-a was primary: does db-b have all of it?
   8.1s intent   retire
   8.1s outcome  retire done proof=process
   8.1s intent   compare
   8.1s outcome  compare unknown: binlog.000001: it makes no sense
   8.1s ended    examine abandoned: compare: binlog.000001: it makes no sense
   9.6s story    kill c
   9.8s verdict  database db-c is down: connection refused
   9.8s verdict  origin c is down: connection refused
   9.8s verdict  redis c is down: connection refused
   9.8s verdict  zone c is zone_lost: neither database nor services answer
   9.8s veto     an old primary is left as it is; origin of zone c is down; redis of zone c is down; replica db-c is down: old_primary_unknown (db-a was primary and cannot be compared, so it neither rejoins nor is laid anew until `sitedr give-up`: binlog.000001: it makes no sense); primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  11.2s veto     none holds; writes stall for 1.6 s: no acker answers
  11.2s started  restore epoch=5 at degrade: a replica of db-b in none: writes stall for 1.6 s: no acker answers
  11.2s intent   degrade
  11.2s outcome  degrade done
  11.2s intent   provision
  11.2s outcome  provision refused: no healthy zone is free for a new replica
  11.2s ended    restore under_replicated: provision: no healthy zone is free for a new replica
  12.2s veto     an old primary is left as it is; unprotected: Writes wait for a replica that is gone; recorded, then released.: old_primary_unknown (db-a was primary and cannot be compared, so it neither rejoins nor is laid anew until `sitedr give-up`: binlog.000001: it makes no sense); no_spare_zone (no healthy zone is free for a replica)
  39.6s stopped  
