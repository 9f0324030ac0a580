# The replica comes and goes: short absences are waited out, a long one is replaced.
freeze b
run-for 0.4s
heal b
run-for 1s
freeze b
run-for 0.4s
heal b
run-for 1s
freeze b
run-for 3s
heal b
run-for 6s
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
   0.6s story    freeze b
   1.1s story    heal b
   2.1s story    freeze b
   2.9s story    heal b
   3.9s story    freeze b
   5.6s verdict  database db-b is down: no answer within 0.4 s
   5.6s verdict  origin b is down: connection refused
   5.6s verdict  redis b is down: connection refused
   5.6s verdict  zone b is zone_lost: neither database nor services answer
   5.6s started  restore epoch=2 at degrade: a replica of db-a in db-c: writes stall for 1.3 s: no acker answers
   5.6s intent   degrade
   5.6s outcome  degrade done
   5.6s intent   provision
   6.6s outcome  provision done
   6.6s intent   seed
   6.6s outcome  seed done
   6.6s intent   register
   6.6s outcome  register done
   6.6s intent   attach
   6.6s outcome  attach done
   6.6s intent   protect
   7.3s story    heal b
   8.3s verdict  database db-c is ok: answers
   8.6s outcome  protect done acker=db-c
   8.6s intent   verify_end
   8.6s outcome  verify_end done
   8.6s ended    restore completed
   9.3s verdict  database db-b is ok: answers
   9.3s verdict  origin b is ok: answers
   9.3s verdict  redis b is ok: answers
   9.4s started  leave epoch=3 at retire: db-b, db-c stays: db-b in zone b is no member any more
   9.4s intent   retire
   9.4s outcome  retire done proof=process
   9.4s intent   protect
   9.4s outcome  protect done acker=db-c
   9.4s ended    leave completed
   9.7s verdict  database db-b is down: connection refused
  11.1s verdict  zone b is none: nothing is the matter with it
  13.3s stopped  
