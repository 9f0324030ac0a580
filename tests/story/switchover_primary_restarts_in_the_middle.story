# restarted before CLOSE: taken back, and opened in place by its own evidence
on hold effect restart a
switchover b patching a
run-for 60s
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
   0.6s story    on hold effect restart a
   0.6s story    switchover b patching a
   0.6s wish     to=b, why=patching a, planned=True
   0.6s started  switchover epoch=2 at confirm: db-a to db-b: patching a
   0.6s intent   confirm
   0.6s outcome  confirm done
   0.6s intent   hold
   0.6s outcome  hold done
   0.6s intent   close
   0.6s outcome  close refused: not sent, it restarted: boot id is db-a-boot-2
   0.6s intent   unfreeze
   0.6s outcome  unfreeze done
   0.6s intent   reopen
   0.6s outcome  reopen refused: restarted: boot id is db-a-boot-2
   1.1s intent   reopen attempt 2
   1.1s outcome  reopen refused: restarted: boot id is db-a-boot-2
   1.6s intent   reopen attempt 3
   1.6s outcome  reopen refused: restarted: boot id is db-a-boot-2
   2.1s intent   reopen attempt 4
   2.1s outcome  reopen refused: restarted: boot id is db-a-boot-2
   2.6s intent   reopen attempt 5
   2.6s outcome  reopen refused: restarted: boot id is db-a-boot-2
   3.1s intent   reopen attempt 6
   3.1s outcome  reopen refused: restarted: boot id is db-a-boot-2
   3.6s intent   reopen attempt 7
   3.6s outcome  reopen refused: restarted: boot id is db-a-boot-2
   4.1s intent   reopen attempt 8
   4.1s outcome  reopen refused: restarted: boot id is db-a-boot-2
   4.6s intent   reopen attempt 9
   4.6s outcome  reopen refused: restarted: boot id is db-a-boot-2
   5.1s intent   reopen attempt 10
   5.1s outcome  reopen refused: restarted: boot id is db-a-boot-2
   5.1s intent   unhold
   5.1s outcome  unhold done
   5.1s intent   unfreeze_again
   5.1s outcome  unfreeze_again done
   5.1s ended    switchover abandoned: close: not sent, it restarted: boot id is db-a-boot-2; reopen: restarted: boot id is db-a-boot-2
   5.9s started  reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
   5.9s intent   confirm
   5.9s outcome  confirm done
   5.9s intent   follow
   5.9s outcome  follow done
   5.9s intent   enable
   5.9s outcome  enable done
   5.9s intent   earn
   5.9s outcome  earn done acker=db-b
   5.9s intent   open
   5.9s outcome  open done
   5.9s intent   canary
   5.9s outcome  canary done acker=db-b
   5.9s intent   verify_end
   5.9s outcome  verify_end done
   5.9s ended    reopen completed
  60.6s stopped  
