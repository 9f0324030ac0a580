# Two of two: with one acker lost nothing could commit, so the primary is not opened,
# and the reason says so. It is opened as soon as the other one is back.
set engine=mysql
set replicas=2
set acks=2
kill c
restart a
run-for 20
heal c
run-for 10
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
   4.0s story    kill c
   4.0s story    restart a
   4.0s findings warning relay_log_recovery on db-c: the next boot sets relay_log_recovery=ON; mend: SET PERSIST_ONLY relay_log_recovery=OFF; then restart
   4.0s started  reopen epoch=3 at confirm: db-a: db-a restarted in place and is read-only
   4.0s intent   confirm
   4.0s outcome  confirm unknown: db-b, db-c may not be read since the restart
   4.1s verdict  database db-c is down: connection refused
   4.1s verdict  zone c is zone_lost: neither database nor services answer
   4.2s verdict  origin c is down: connection refused
   4.2s verdict  redis c is down: connection refused
   4.3s intent   confirm attempt 2
   4.3s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   4.6s intent   confirm attempt 3
   4.6s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   4.9s intent   confirm attempt 4
   4.9s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   5.2s intent   confirm attempt 5
   5.2s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   5.5s intent   confirm attempt 6
   5.5s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   5.8s intent   confirm attempt 7
   5.8s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   6.1s intent   confirm attempt 8
   6.1s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   6.4s intent   confirm attempt 9
   6.4s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   6.7s intent   confirm attempt 10
   6.7s outcome  confirm refused: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   6.7s ended    reopen abandoned: confirm: too_few_ackers: commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand
   7.2s veto     primary db-a in zone a takes no writes: too_few_ackers (commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand); recent_attempt (an attempt was abandoned recently; 1 s left)
   9.6s veto     primary db-a in zone a takes no writes: too_few_ackers (commits wait for 2 acknowledgements and only db-b answers: it is opened when more do; only a person may open it unprotected, by hand)
  24.0s story    heal c
  24.2s verdict  database db-c is ok: answers
  24.2s verdict  origin c is ok: answers
  24.2s verdict  redis c is ok: answers
  24.2s veto     none holds; primary db-a in zone a takes no writes
  24.2s started  reopen epoch=4 at confirm: db-a: db-a restarted in place and is read-only
  24.2s intent   confirm
  24.2s outcome  confirm done
  24.2s intent   follow
  24.2s outcome  follow done
  24.2s intent   enable
  24.2s outcome  enable done
  24.2s intent   earn
  25.4s verdict  zone c is none: nothing is the matter with it
  26.0s outcome  earn done acker=db-b
  26.0s intent   open
  26.0s outcome  open done
  26.0s intent   canary
  26.0s outcome  canary done acker=db-b
  26.0s intent   verify_end
  26.0s outcome  verify_end done
  26.0s ended    reopen completed
  34.0s stopped  
