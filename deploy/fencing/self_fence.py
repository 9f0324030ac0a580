"""Proof (d): the lost zone's agent has surely ended its primary by now.

It rests on four things: the journal says that the agent was armed, alive, with its
ttl; every agent that could renew that zone has sworn, durably, to renew nothing
for it below this epoch; the controller renews nothing since the run began, which
the journal says; and since the last of the oaths `wait_s` has passed, longer than
the agent's ttl and all that may delay it (`MARGIN_S`; a hand slower than that is in
what the agent says of itself, so one that is too slow proves nothing). A renewal
counts at the agent from when it asked, so none can be granted before an oath and
count after it.

What it does not cover. An agent that is dead or frozen while its database lives
is covered by the guard beside it, a process of its own; both dead, or both frozen
alone, are not: use a hardware watchdog, or (e), where that must not be. A whole
zone that is frozen cannot acknowledge; when it thaws, CLOCK_BOOTTIME has gone on
and the agent fences before it asks anybody, but the kernel wakes agent, guard and
database in any order: for some milliseconds the database may acknowledge to
clients that thawed with it. With `durability: semi_sync` and frozen ackers (b) it
cannot; without, what is acknowledged in that moment is lost. A clock that stands
still while the machine runs defeats every lease. So does, for about a second, a
second controller that thaws with the lease it had (rule 10): it may vouch for the
zone until its next claim fails.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.ids import ZoneId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.agent.ports import MARGIN_S, ZoneAgent
from deploy.ports import FenceProof

OATHS_S = 3.5


@dataclass(frozen=True, slots=True)
class SelfFence(FenceProof):
    """Waits out the lease of a zone that nobody renews any more.

    agents: of every zone; all but the lost one's are renewers. wait_s: the site's
    `promote_wait_s`.
    """

    agents: Mapping[ZoneId, ZoneAgent]
    wait_s: float

    @property
    @override
    def timeout_s(self) -> float:
        return self.wait_s + OATHS_S

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        """Evidence: `ttl_s`, `waited_s`, `confirmed`, who swore. Asked again: anew.

        Without an oath of everybody nothing is waited for and it is `Refused`; what
        was sworn stands, and is lifted when the controller vouches under a newer
        epoch. A database that ended itself meanwhile comes back that way, too.
        """
        if not order.armed_s:
            return Refused(f"no armed agent of zone {order.lost.zone} is on record")
        if order.armed_s + MARGIN_S > self.wait_s:
            return Refused(
                f"its agent may need {order.armed_s + MARGIN_S:g} s: longer than"
                f" promote_wait_s {self.wait_s:g} allows"
            )
        missing, last_s = await self._oaths(order)
        if missing:
            return Refused(f"not confirmed that nobody renews: {'; '.join(missing)}")
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, last_s + self.wait_s - loop.time()))
        waited_s = loop.time() - last_s
        return Done(
            {
                "ttl_s": f"{order.armed_s:g}",
                "waited_s": f"{waited_s:.2f}",
                "confirmed": ", ".join((*self._renewers(order), "controller")),
            }
        )

    def _renewers(self, order: EnsureFenced) -> list[ZoneId]:
        return sorted(zone for zone in self.agents if zone != order.lost.zone)

    async def _oaths(self, order: EnsureFenced) -> tuple[list[str], float]:
        """Ask every renewer; return who is missing, and when the last had answered."""
        zones, lost = self._renewers(order), order.lost.zone
        try:
            async with asyncio.timeout(OATHS_S):
                answers = await asyncio.gather(
                    *(self.agents[z].promise(lost, order.epoch) for z in zones)
                )
        except TimeoutError:
            answers = [Unknown("no answer in time")] * len(zones)
        missing = [
            f"zone {zone}: {answer.reason}"
            for zone, answer in zip(zones, answers, strict=True)
            if isinstance(answer, Refused | Unknown)
        ]
        return missing, asyncio.get_running_loop().time()
