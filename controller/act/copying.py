"""Asks how far the copy of the present run is; what it hears decides nothing."""

from dataclasses import dataclass

from controller.act.ports import Ports
from controller.act.within import within
from controller.decide.copying import CopyFact, Pace, copy_fact, read_on
from controller.decide.saga import Run, Step
from controller.model.clock import Clock
from controller.model.commands import Member
from controller.model.copying import CopyProgress
from controller.model.outcomes import NotSeen

COPY_S = 0.5
"""How often a copy is asked about: a person is told twice a second at most."""

_STEPS = frozenset({Step.PROVISION, Step.SEED})


@dataclass(slots=True)
class CopyWatch:
    """Remembers the pace of one copy at a time."""

    ports: Ports
    clock: Clock
    timeout_s: float
    _pace: Pace | None = None

    async def ask(self, run: Run | None) -> None:
        """Read the copy *run* waits for, if any; no answer keeps the last one.

        A cloned server does not answer while it restarts on its copy.
        """
        spare = None if run is None else run.plan.spare
        if run is None or spare is None or run.step not in _STEPS:
            self._pace = None
            return
        found = await self._found(spare, run.step)
        if isinstance(found, NotSeen):
            return
        if found is None:
            self._pace = None
            return
        now_s = self.clock.monotonic_s()
        self._pace = read_on(self._pace, spare.server, found, now_s)

    async def _found(self, spare: Member, step: Step) -> CopyProgress | NotSeen | None:
        """PROVISION copies files out of band; SEED is the servers' own affair."""
        try:
            if step is Step.SEED:
                database = self.ports.databases[spare.server].database
                return await within(self.timeout_s, database.copying())
            if self.ports.provisioner is None:
                return None
            asked = self.ports.provisioner.copying(spare.zone)
            return await within(self.timeout_s, asked)
        except TimeoutError:
            return NotSeen("read", f"no answer within {self.timeout_s:g} s")

    def fact(self) -> CopyFact | None:
        """Return what is known now."""
        return copy_fact(self._pace, self.clock.monotonic_s())
