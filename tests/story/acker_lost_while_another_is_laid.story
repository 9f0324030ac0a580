# Two of two: the other acker is lost while the old primary is laid anew. It is not
# waited for a minute long, during which nothing else could begin.
set engine=mysql
set replicas=2
set acks=2
on register effect kill c
switchover b move
run-for 20
----
   0.0s started  mode=auto
   0.2s verdict  database db-c is down: connection refused
   0.2s adopted  primary db-a
   0.3s findings warning relay_log_recovery on db-a: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart; warning relay_log_recovery on db-b: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   0.3s started  restore epoch=1 at register: a replica of db-a in db-b: unprotected: nothing proven yet
   0.3s intent   register
   0.3s outcome  register done
   0.3s intent   attach
   0.3s outcome  attach done
   0.3s intent   protect
   0.3s outcome  protect done
   0.3s intent   verify_end
   0.3s outcome  verify_end done
   0.3s ended    restore completed
   0.5s started  restore epoch=2 at provision: a replica of db-a in db-c: unprotected: nothing proven yet
   0.5s intent   provision
   1.5s outcome  provision done
   1.5s intent   seed
   1.5s outcome  seed done
   1.5s intent   register
   1.5s outcome  register done
   1.5s intent   attach
   1.5s outcome  attach done
   1.5s intent   protect
   3.5s outcome  protect done acker=db-c
   3.5s intent   verify_end
   3.5s outcome  verify_end done
   3.5s ended    restore completed
   3.8s verdict  database db-c is ok: answers
   4.0s story    on register effect kill c
   4.0s story    switchover b move
   4.0s wish     to=b, why=move, planned=True
   4.0s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   4.0s started  switchover epoch=3 at confirm: db-a to db-b: move
   4.0s intent   confirm
   4.0s outcome  confirm done
   4.0s intent   hold
   4.0s outcome  hold done
   4.0s intent   close
   4.0s outcome  close done proof=sql
   4.0s intent   catch_up
   4.0s outcome  catch_up done
   4.0s intent   freeze
   4.0s outcome  freeze done
   4.0s intent   verify
   4.0s outcome  verify done
   4.0s intent   invalidate
   4.0s outcome  invalidate done
   4.0s intent   repoint
   4.0s outcome  repoint refused: 1 follow, of 2 to wait for
   4.0s intent   unprotect
   4.0s outcome  unprotect done
   4.0s intent   open
   4.0s outcome  open done
   4.0s intent   canary
   4.0s outcome  canary done
   4.0s intent   reroute
   4.0s outcome  reroute done
   4.0s intent   release
   4.0s outcome  release done
   4.0s intent   retire
   4.0s outcome  retire done proof=process
   4.0s intent   compare
   4.0s outcome  compare done told=nothing the successor lacks
   4.0s intent   resume
   4.0s outcome  resume done
   4.0s intent   register
   4.0s outcome  register done
   4.0s intent   attach
   4.0s outcome  attach done
   4.0s intent   protect
   5.2s verdict  database db-c is down: connection refused
   5.2s verdict  origin c is down: connection refused
   5.2s verdict  redis c is down: connection refused
   5.2s verdict  zone c is zone_lost: neither database nor services answer
   6.0s outcome  protect refused: db-c does not answer
   6.2s intent   protect attempt 2
   8.2s outcome  protect refused: db-c does not answer
   8.4s intent   protect attempt 3
  10.5s outcome  protect refused: db-c does not answer
  10.5s intent   withdraw
  10.5s outcome  withdraw done
  10.5s ended    switchover under_replicated: protect: db-c does not answer
  11.2s veto     unprotected: no replica of the new primary acknowledged yet: no_spare_zone (no healthy zone is free for a replica)
  24.0s stopped  
