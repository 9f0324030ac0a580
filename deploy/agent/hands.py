"""How an agent acts on its zone's database process: the lab's slot, or commands."""

import asyncio
import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from deploy.agent.ports import HandState, ProcessHand
from deploy.lab.control import NoAnswerError, ask
from deploy.lab.slot import Order, Slot
from deploy.lab.stopping import KILL_S, NOT_RECORDED, stop_slot
from deploy.running import Ended, run_bounded

_DEAD_S = 3.0
_ASK_S = 0.05


@dataclass(frozen=True, slots=True)
class SlotHand(ProcessHand):
    """The lab: order file, lock and supervisor of one zone's slot."""

    slot: Slot

    @classmethod
    def of(cls, zone_dir: Path) -> "SlotHand":
        """Return the hand of the zone kept in *zone_dir*."""
        return cls(Slot(zone_dir))

    @property
    @override
    def kill_s(self) -> float:
        return KILL_S

    @override
    async def state(self) -> HandState | NotSeen:
        try:
            order = self.slot.order()
            return HandState(running=self.slot.is_running(), inhibited=order.inhibited)
        except OSError as error:
            return NotSeen("read", str(error))

    @override
    async def kill(self, epoch: Epoch | None, why: str) -> Outcome:
        if epoch is None:
            await self._kill_anyhow()
        newest = epoch or self.slot.order().epoch or Epoch(0)
        ended = await asyncio.to_thread(stop_slot, self.slot, newest, why)
        if epoch is None and not isinstance(ended, Done):
            await self._kill_anyhow()
        return ended

    async def _kill_anyhow(self) -> None:
        """What must die by itself dies, also where nothing can be written down."""
        with contextlib.suppress(OSError):
            proof = await asyncio.to_thread(self.slot.kill, KILL_S)
            if proof is not None:
                os.close(proof)

    @override
    async def release(self, epoch: Epoch, why: str) -> Outcome:
        return await asyncio.to_thread(self._release, epoch, why)

    def _release(self, epoch: Epoch, why: str) -> Outcome:
        known = self.slot.order().epoch
        if known is None:
            return Refused("the recorded order cannot be read")
        if known > epoch:
            return Refused(f"a newer order stands: epoch {known}, this is {epoch}")
        try:
            self.slot.record(Order(epoch=epoch, inhibited=False, why=why))
            answer = ask(self.slot.zone_dir, "start-database")
        except NOT_RECORDED as error:
            return Refused(str(error))
        except (OSError, NoAnswerError) as error:
            return Unknown(f"the supervisor did not answer: {error}")
        if answer.get("ok") is not True:
            return Refused(str(answer.get("why")))
        return Done({"started": "true"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHand(ProcessHand):
    """Any service manager, as commands without a shell (systemd: see the README).

    inhibit: 0 once the restart is prevented, also over a reboot. kill: SIGKILL to
    every process of the database; its exit code says nothing. dead: 0 when none of
    them lives. release: take the inhibition back and start it. bound_s: for each.
    """

    inhibit: Sequence[str]
    kill_argv: Sequence[str]
    dead: Sequence[str]
    release_argv: Sequence[str]
    inhibited: Sequence[str]
    bound_s: float = 2.0

    @property
    @override
    def kill_s(self) -> float:
        return self.bound_s

    async def _run(self, argv: Sequence[str]) -> Ended | Unknown:
        try:
            return await run_bounded(argv, {}, bound_s=self.bound_s)
        except OSError as error:
            return Unknown(f"{argv[0]}: not started: {error.strerror}")

    @override
    async def state(self) -> HandState | NotSeen:
        dead, inhibited = await asyncio.gather(
            self._run(self.dead), self._run(self.inhibited)
        )
        for answer in (dead, inhibited):
            if isinstance(answer, Unknown):
                return NotSeen("read", answer.reason)
        assert isinstance(dead, Ended)
        assert isinstance(inhibited, Ended)
        return HandState(running=dead.code != 0, inhibited=inhibited.code == 0)

    @override
    async def kill(self, epoch: Epoch | None, why: str) -> Outcome:
        del epoch, why  # the agent keeps the epochs
        prevented, _ = await asyncio.gather(
            self._run(self.inhibit), self._run(self.kill_argv)
        )
        if isinstance(prevented, Unknown) or prevented.code != 0:
            return Unknown(f"the restart may not be inhibited: {prevented}")
        await self._run(self.kill_argv)  # what was started before that
        loop = asyncio.get_running_loop()
        until_s = loop.time() + _DEAD_S
        while loop.time() < until_s:
            dead = await self._run(self.dead)
            if isinstance(dead, Ended) and dead.code == 0:
                return Done({"pid": "none", "inhibited": "true"})
            await asyncio.sleep(_ASK_S)
        return Unknown(f"restart inhibited, death not proven within {_DEAD_S:g} s")

    @override
    async def release(self, epoch: Epoch, why: str) -> Outcome:
        del epoch, why
        ended = await self._run(self.release_argv)
        if isinstance(ended, Unknown):
            return ended
        return Done({"said": ended.said}) if ended.code == 0 else Unknown(str(ended))


def hand_of(tree: Mapping[str, object]) -> ProcessHand:
    """Return the hand that *tree* describes: `kind` is `lab` or `command`.

    The shape is the agent's configuration's, checked there; the guard is handed the
    same, so that both act alike. Paths are absolute.
    """
    if tree["kind"] == "lab":
        return SlotHand.of(Path(str(tree["zone_dir"])))
    return CommandHand(
        inhibit=_argv(tree["inhibit"]),
        inhibited=_argv(tree["inhibited"]),
        kill_argv=_argv(tree["kill"]),
        dead=_argv(tree["dead"]),
        release_argv=_argv(tree["release"]),
        bound_s=float(str(tree["timeout_s"])),
    )


def _argv(words: object) -> Sequence[str]:
    assert isinstance(words, list)
    return [str(word) for word in words]
