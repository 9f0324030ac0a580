# Nothing proves the fence: hold. A person sees to it that the zone's hypervisor
# answers, says resume, and does not wait for the cool-down.
set proofs=process
provisioner off
kill a
run-for 5s
provisioner on
resume
run-for 1s
failover b +cooldown a is switched off
run-for 4s
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
   0.6s story    provisioner off
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
   0.8s outcome  fence unknown: process: zone a does not answer
   1.0s intent   fence attempt 2
   1.0s outcome  fence unknown: process: zone a does not answer
   1.0s intent   unfreeze_fenced
   1.0s outcome  unfreeze_fenced done
   1.0s intent   unhold_fenced
   1.0s outcome  unhold_fenced done
   1.0s ended    failover halted: fence: process: zone a does not answer
   2.0s veto     halted: halted (fence: process: zone a does not answer; nothing proves that db-a is fenced: see that its zone, or what can end it there, answers, then `sitedr resume`; while it stays lost, `sitedr failover --to b --why REASON --override cooldown` tries again at once)
   5.6s story    provisioner on
   5.6s story    resume
   5.6s resumed  what=halted
   5.6s veto     primary db-a in zone a is lost: cooldown (a failover ended recently; 55 s left)
   6.6s story    failover b +cooldown a is switched off
   6.6s wish     to=b, why=a is switched off, overrides=['cooldown']
   6.6s veto     none holds; primary db-a in zone a is lost
   6.6s started  failover epoch=3 at confirm: db-a to db-b, spare db-c: a is switched off
   6.6s intent   confirm
   6.6s outcome  confirm done
   6.6s intent   hold
   6.6s outcome  hold done
   6.6s intent   freeze
   6.6s outcome  freeze done
   6.6s intent   fence
   6.6s outcome  fence done proof=process
   6.6s intent   drain
   6.6s outcome  drain done
   6.6s intent   verify
   6.6s outcome  verify done
   6.6s intent   invalidate
   6.6s outcome  invalidate done
   6.6s intent   repoint
   6.6s outcome  repoint refused: no other replica exists
   6.6s intent   unprotect
   6.6s outcome  unprotect done
   6.6s intent   open
   6.6s outcome  open done
   6.6s intent   canary
   6.6s outcome  canary done
   6.6s intent   reroute
   6.6s outcome  reroute done
   6.6s intent   release
   6.6s outcome  release done
   6.6s intent   provision
   7.6s outcome  provision done
   7.6s intent   seed
   7.6s outcome  seed done
   7.6s intent   register
   7.6s outcome  register done
   7.6s intent   attach
   7.6s outcome  attach done
   7.6s intent   protect
   9.6s outcome  protect done acker=db-c
   9.6s intent   verify_end
   9.6s outcome  verify_end done
   9.6s ended    failover completed
  10.6s stopped  
