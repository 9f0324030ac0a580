# Approved, held back by a pause, and the controller dies: the primary is back and
# lost again before it runs, so nobody knows which loss the approval was for.
set mode=approve
pause lunch
kill a
run-for 3s
approve
resume
crash
heal a
kill a
run-for 4s
approve
run-for 8s
----
   0.0s started  mode=approve
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
   0.6s story    pause lunch
   0.6s paused   what=nothing, why=lunch
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s veto     primary db-a in zone a is lost: paused (paused: lunch); awaiting_approval (run `sitedr approve` to go ahead)
   3.6s story    approve
   3.6s approved what=primary db-a in zone a is lost
   3.6s story    resume
   3.6s resumed  what=primary db-a in zone a is lost
   3.6s story    crash
   3.6s story    heal a
   3.6s story    kill a
   3.6s started  mode=approve
   3.8s verdict  database db-a is down: connection refused
   3.8s verdict  database db-c is down: connection refused
   3.8s verdict  origin a is down: connection refused
   3.8s verdict  redis a is down: connection refused
   3.8s verdict  zone a is zone_lost: neither database nor services answer
   3.8s veto     primary db-a in zone a is lost: awaiting_approval (run `sitedr approve` to go ahead)
   7.6s story    approve
   7.6s approved what=primary db-a in zone a is lost
   7.6s veto     none holds; primary db-a in zone a is lost
   7.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   7.6s intent   confirm
   7.6s outcome  confirm done
   7.6s intent   hold
   7.6s outcome  hold done
   7.6s intent   freeze
   7.6s outcome  freeze done
   7.6s intent   fence
   7.6s outcome  fence done proof=process
   7.6s intent   drain
   7.6s outcome  drain done
   7.6s intent   verify
   7.6s outcome  verify done
   7.6s intent   invalidate
   7.6s outcome  invalidate done
   7.6s intent   repoint
   7.6s outcome  repoint refused: no other replica exists
   7.6s intent   unprotect
   7.6s outcome  unprotect done
   7.6s intent   open
   7.6s outcome  open done
   7.6s intent   canary
   7.6s outcome  canary done
   7.6s intent   reroute
   7.6s outcome  reroute done
   7.6s intent   release
   7.6s outcome  release done
   7.6s intent   provision
   8.6s outcome  provision done
   8.6s intent   seed
   8.6s outcome  seed done
   8.6s intent   register
   8.6s outcome  register done
   8.6s intent   attach
   8.6s outcome  attach done
   8.6s intent   protect
  10.6s outcome  protect done acker=db-c
  10.6s intent   verify_end
  10.6s outcome  verify_end done
  10.6s ended    failover completed
  11.6s verdict  database db-c is ok: answers
  11.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  15.6s stopped  
