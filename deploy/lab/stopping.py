"""Ending a slot's database for good, by whoever may: provisioner, agent, guard."""

import os

from controller.model.ids import Epoch
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.lab.slot import Order, Slot, StaleOrderError, UnreadableOrderError

KILL_S = 0.7
NOT_RECORDED = (StaleOrderError, UnreadableOrderError, TimeoutError)


def stop_slot(slot: Slot, epoch: Epoch, why: str) -> Outcome:
    """Inhibit durably, SIGKILL, prove by the lock; within about a second.

    Nobody inside the zone is asked. `Done` only when both are so; evidence `pid`,
    `inhibited`, `epoch`.
    """
    try:
        slot.record(Order(epoch=epoch, inhibited=True, why=why))
    except (*NOT_RECORDED, FileNotFoundError) as error:
        return Refused(str(error))  # nothing was written
    except OSError as error:
        return Unknown(f"the inhibition may not be durable: {error}")
    noted = slot.process()
    try:
        proof = slot.kill(KILL_S)
    except OSError as error:
        return Unknown(f"restart inhibited, death not proven: {error}")
    if proof is None:
        return Unknown(f"restart inhibited, death not proven within {KILL_S:g} s")
    os.close(proof)
    pid = "none" if noted is None else str(noted.pid)
    return Done({"pid": pid, "inhibited": "true", "epoch": str(epoch)})
