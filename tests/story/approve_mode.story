# A person is asked, and says yes.
set mode=approve
kill a
run-for 3s
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
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s veto     primary db-a in zone a is lost: awaiting_approval (run `sitedr approve` to go ahead)
   3.6s story    approve
   3.6s approved what=primary db-a in zone a is lost
   3.6s veto     none holds; primary db-a in zone a is lost
   3.6s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; zone lost: neither database nor services answer
   3.6s intent   confirm
   3.6s outcome  confirm done
   3.6s intent   hold
   3.6s outcome  hold done
   3.6s intent   freeze
   3.6s outcome  freeze done
   3.6s intent   fence
   3.6s outcome  fence done proof=process
   3.6s intent   drain
   3.6s outcome  drain done
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
   3.6s intent   provision
   4.6s outcome  provision done
   4.6s intent   seed
   4.6s outcome  seed done
   4.6s intent   register
   4.6s outcome  register done
   4.6s intent   attach
   4.6s outcome  attach done
   4.6s intent   protect
   6.6s outcome  protect done acker=db-c
   6.6s intent   verify_end
   6.6s outcome  verify_end done
   6.6s ended    failover completed
   7.6s verdict  database db-c is ok: answers
   7.6s veto     redis of zone a is down: primary_unaffected (the primary db-b serves and is protected: nothing is moved)
  11.6s stopped  
