# Nobody waits for an acknowledgement by choice: the replica takes over all the same,
# what that may cost is on record, and frozen ackers are no proof of anything.
set durability=none
kill a
run-for 8s
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s started  restore epoch=1 at register: a replica of db-a in db-b: no replica follows the primary, as far as is known
   0.3s intent   register
   0.3s outcome  register done
   0.3s intent   attach
   0.3s outcome  attach done
   0.3s intent   protect
   0.3s outcome  protect done
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.6s story    kill a
   0.8s verdict  database db-a is down: connection refused
   0.8s verdict  origin a is down: connection refused
   0.8s verdict  redis a is down: connection refused
   0.8s verdict  zone a is zone_lost: neither database nor services answer
   0.8s started  failover epoch=2 at confirm: db-a to db-b, spare db-c: db-a in zone a is lost; durability none: acknowledged writes may be in one zone only; zone lost: neither database nor services answer
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
   0.8s outcome  open done ids=no counter to raise
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
   1.8s outcome  protect done
   1.8s intent   verify_end
   1.8s outcome  verify_end done
   1.8s ended    failover completed
   2.0s veto     redis of zone a is down; replica db-c is down: primary_unaffected (the primary db-b serves: nothing is moved)
   2.2s verdict  database db-c is ok: answers
   8.6s stopped  
