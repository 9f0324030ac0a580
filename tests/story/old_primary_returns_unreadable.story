# Its logs make no sense: it is neither clean nor laid anew; the reason is named.
kill a
run-for 8s
garble a
heal a
run-for 15s
kill c
run-for 10s
give-up db-a nobody needs it
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
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   0.8s intent   confirm
   0.8s outcome  confirm done
   0.8s intent   hold
   0.8s outcome  hold done
   0.8s intent   freeze
   0.8s outcome  freeze done
   0.8s intent   fence
   0.8s outcome  fence done proof=process
   0.8s intent   drain
   0.8s outcome  drain done
   0.8s intent   verify
   0.8s outcome  verify done
   0.8s intent   invalidate
   0.8s outcome  invalidate done
   0.8s intent   repoint
   0.8s outcome  repoint refused: no other replica exists
   0.8s intent   unprotect
   0.8s outcome  unprotect done
   0.8s intent   open
   0.8s outcome  open done
   0.8s intent   canary
   0.8s outcome  canary done
   0.8s intent   reroute
   0.8s outcome  reroute done
   0.8s intent   release
   0.8s outcome  release done
   0.8s intent   provision
   1.8s outcome  provision done
   1.8s intent   seed
   1.8s outcome  seed done
   1.8s intent   register
   1.8s outcome  register done
   1.8s intent   attach
   1.8s outcome  attach done
   1.8s intent   protect
   3.8s outcome  protect done acker=db-c
   3.8s intent   verify_end
   3.8s outcome  verify_end done
   3.8s ended    failover completed
   4.0s verdict  database db-c is ok: answers
   4.0s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
   8.6s story    garble a
   8.6s story    heal a
   8.8s verdict  origin a is ok: answers
   8.8s verdict  redis a is ok: answers
   8.8s veto     none holds; db-a was primary: does db-b have all of it?
   8.8s started  examine epoch=3 at retire: db-a: db-a was primary: does db-b have all of it?
   8.8s intent   retire
   8.8s outcome  retire done proof=process
   8.8s intent   compare
   8.8s outcome  compare unknown: binlog.000001: it makes no sense
   8.8s ended    examine abandoned: compare: binlog.000001: it makes no sense
   8.9s veto     an old primary is left as it is: old_primary_unknown (db-a was primary and cannot be compared, so it neither rejoins nor is laid anew until `sitedr give-up`: binlog.000001: it makes no sense)
  10.3s verdict  zone a is none: nothing is the matter with it
  23.6s story    kill c
  23.8s verdict  database db-c is down: connection refused
  23.8s verdict  origin c is down: connection refused
  23.8s verdict  redis c is down: connection refused
  23.8s verdict  zone c is zone_lost: neither database nor services answer
  23.8s veto     an old primary is left as it is; origin of zone c is down; redis of zone c is down; replica db-c is down: old_primary_unknown (db-a was primary and cannot be compared, so it neither rejoins nor is laid anew until `sitedr give-up`: binlog.000001: it makes no sense); primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  24.2s veto     none holds; writes stall for 0.6 s: no acker answers
  24.2s started  restore epoch=4 at degrade: a replica of db-b in none: writes stall for 0.6 s: no acker answers
  24.2s intent   degrade
  24.2s outcome  degrade done
  24.2s intent   provision
  24.2s outcome  provision refused: no healthy zone is free for a new replica
  24.2s ended    restore under_replicated: provision: no healthy zone is free for a new replica
  25.2s veto     an old primary is left as it is; unprotected: Writes wait for a replica that is gone; recorded, then released.: old_primary_unknown (db-a was primary and cannot be compared, so it neither rejoins nor is laid anew until `sitedr give-up`: binlog.000001: it makes no sense); no_spare_zone (no healthy zone is free for a replica)
  33.6s story    give-up db-a nobody needs it
  33.6s given_up server=db-a, why=nobody needs it
  33.6s veto     none holds; unprotected: Writes wait for a replica that is gone; recorded, then released.
  33.6s started  restore epoch=5 at provision: a replica of db-b in db-a: unprotected: Writes wait for a replica that is gone; recorded, then released.
  33.6s intent   provision
  34.6s outcome  provision done
  34.6s intent   seed
  34.6s outcome  seed done
  34.6s intent   register
  34.6s outcome  register done
  34.6s intent   attach
  34.6s outcome  attach done
  34.6s intent   protect
  36.6s outcome  protect done acker=db-a
  36.6s intent   verify_end
  36.6s outcome  verify_end done
  36.6s ended    restore completed
  37.6s verdict  database db-a is ok: answers
  37.7s started  leave epoch=6 at retire: db-c, db-a stays: db-c in zone c is no member any more
  37.7s intent   retire
  37.7s outcome  retire done proof=process
  37.7s intent   protect
  37.7s outcome  protect done acker=db-a
  37.7s ended    leave completed
  37.8s veto     redis of zone c is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  43.6s stopped  
