"""The doctor inside the daemon: looks at servers beside everything else.

One task a server, on the inspector's own connection, and nobody waits for it. A
look is given up when a run begins. What a server answered last is kept, also when
it is gone: it can be asked no more, and its word is the best there is.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.act.cancel import heed_cancel
from controller.act.caught import caught
from controller.act.within import within
from controller.decide.facts import NO_BOOT, DoctorFact, LookFact
from controller.model.clock import Clock
from controller.model.ids import BootId, ServerId
from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import Finding, Inspection, NotInspected, Wanted
from replication.ports import Inspector

LOOK_S_MAX = 20.0
"""An inspector bounds itself; this is for one that does not."""


@dataclass(slots=True)
class _Look:
    asked_at_s: float | None = None
    answered_at_s: float | None = None
    boot_id: BootId = NO_BOOT
    why: str = ""
    answer: Inspection | None = None


@dataclass(slots=True)
class Doctor:
    """Everything the servers of one site said of their fitness."""

    inspectors: Mapping[ServerId, Inspector]
    wanted: Wanted
    clock: Clock
    _looks: dict[ServerId, _Look] = field(init=False)
    _tasks: dict[ServerId, asyncio.Task[None]] = field(default_factory=dict)
    _findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        self._looks = {server: _Look() for server in self.inspectors}

    def begin(self, due: Mapping[ServerId, BootId]) -> None:
        """Start a look at each server of *due* that none is under way at; no wait."""
        for server, boot_id in due.items():
            task = self._tasks.get(server)
            if task is None or task.done():
                look = self._looks[server]
                look.asked_at_s, look.boot_id = self.clock.monotonic_s(), boot_id
                self._tasks[server] = asyncio.ensure_future(self._look(server))

    def give_up(self) -> None:
        """End every look under way; those servers are due again."""
        for server, task in self._tasks.items():
            if not task.done():
                task.cancel()
                self._looks[server].asked_at_s = None

    async def aclose(self) -> None:
        """End every look under way and wait until it has ended."""
        self.give_up()
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    def fact(self) -> DoctorFact:
        """Return what is known now."""
        now_s = self.clock.monotonic_s()

        def age_s(at_s: float | None) -> float | None:
            return None if at_s is None else now_s - at_s

        return DoctorFact(
            looks={
                server: LookFact(
                    asked_s=age_s(look.asked_at_s),
                    answered_s=age_s(look.answered_at_s),
                    boot_id=look.boot_id,
                    why=look.why,
                )
                for server, look in self._looks.items()
            },
            findings=self._findings,
        )

    async def _look(self, server: ServerId) -> None:
        """Ask *server* and judge; a mistake of ours is no answer, and no crash.

        The daemon that fails over must not end by what only advises it.
        """
        look = self._looks[server]
        answer = await caught(self._asked(server))
        if isinstance(answer, Exception):
            look.why = f"failed: {answer!r}"
        elif isinstance(answer, NotInspected):
            look.why = f"{answer.why.phase}: {answer.why.reason}"
        else:
            look.why, look.answer = "", answer
            look.answered_at_s = self.clock.monotonic_s()

    async def _asked(self, server: ServerId) -> Inspection | NotInspected:
        answer = await within(LOOK_S_MAX, self.inspectors[server].inspect())
        heed_cancel()
        if not isinstance(answer, NotInspected):
            answers = {s: k.answer for s, k in self._looks.items()} | {server: answer}
            # In one order whoever answered last: a finding names those it is about.
            told = [a for _, a in sorted(answers.items()) if a is not None]
            self._findings = diagnose(told, self.wanted)
        return answer
