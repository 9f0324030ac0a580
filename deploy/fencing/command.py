"""Proof (e): a command of the operator's ends the server from outside.

Power switch, hypervisor, security group, storage fence: whatever the site has.
The command is started without a shell and learns from its environment alone
what to fence: `SITEDR_ZONE`, `SITEDR_SERVER` and `SITEDR_EPOCH`; no secret is
handed over, it brings its own. It must be safe to repeat, and must not say 0
before the server can acknowledge nothing any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.ids import Epoch, ZoneId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.ports import FenceProof
from deploy.running import REAP_S, Ended, run_bounded

REFUSED_EXIT = 10
"""The one exit code that means: certainly nothing was fenced."""


@dataclass(slots=True)
class CommandFence(FenceProof):
    """Runs *argv*; with *check*, 0 from that is what counts as fenced.

    argv: 0 says fenced, `REFUSED_EXIT` says certainly not, any other end and a
        time-out leave it unknown.
    check: reads back, changing nothing: 0 says that the server is fenced now. It
        is asked after an *argv* that said 0 and after one that did not answer.
    command_s: for each of the two, seconds; then its whole process group is killed.
    """

    argv: Sequence[str]
    command_s: float
    check: Sequence[str] = ()
    _newest: dict[ZoneId, Epoch] = field(default_factory=dict)

    @property
    @override
    def timeout_s(self) -> float:
        runs = 2 if self.check else 1
        return runs * (self.command_s + REAP_S) + REAP_S

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        """Run the command; evidence `exit_code`, `seconds`, `said` (its last line).

        An older epoch than one that was run for is `Refused` and runs nothing; the
        command sees the epoch too, for what it keeps itself.
        """
        zone, newest = order.lost.zone, self._newest.get(order.lost.zone)
        if newest is not None and order.epoch < newest:
            return Refused(f"epoch {order.epoch} is older than {newest}, carried out")
        self._newest[zone] = order.epoch
        try:
            ended = await self._run(self.argv, order)
        except OSError as error:
            return Refused(f"{self.argv[0]}: not started: {error.strerror}")
        if ended.code == REFUSED_EXIT:
            return Refused(str(ended))
        if self.check:
            return await self._read_back(order, ended)
        return Done(ended.evidence()) if ended.code == 0 else Unknown(str(ended))

    async def _read_back(self, order: EnsureFenced, ended: Ended) -> Outcome:
        try:
            seen = await self._run(self.check, order)
        except OSError as error:
            return Unknown(f"{ended}; {self.check[0]}: not started: {error.strerror}")
        if seen.code == 0:
            return Done({**ended.evidence(), "check": seen.said or "0"})
        return Unknown(f"{ended}; check: {seen}")

    async def _run(self, argv: Sequence[str], order: EnsureFenced) -> Ended:
        told = {
            "SITEDR_ZONE": order.lost.zone,
            "SITEDR_SERVER": order.lost.server,
            "SITEDR_EPOCH": str(order.epoch),
        }
        return await run_bounded(argv, told, bound_s=self.command_s)
