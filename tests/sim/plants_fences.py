"""Bugs in the ways of proof, and in the agents."""

import asyncio
from dataclasses import replace

from typing_extensions import override

from controller.act.ports import Ports
from controller.model.commands import EnsureFenced, Proof
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from controller.rehearsal.site import RehearsalSite, Settings
from deploy.agent.agent import Agent
from deploy.agent.ports import AgentState, Contact
from deploy.fencing.self_fence import SelfFence
from deploy.ports import FenceProof


class _Believing(FenceProof):
    """Takes a time-out for a yes."""

    def __init__(self, inner: FenceProof) -> None:
        self._inner = inner

    @property
    @override
    def timeout_s(self) -> float:
        return self._inner.timeout_s

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        answer = await self._inner.prove(order)
        return Done({"said": ""}) if isinstance(answer, Unknown) else answer


class _BelievingSite(RehearsalSite):
    @override
    def _ports(self) -> Ports:
        ports = super()._ports()
        believing = _Believing(ports.fences[Proof.EXTERNAL])
        return replace(ports, fences={**ports.fences, Proof.EXTERNAL: believing})


def silence_is_done(settings: Settings) -> RehearsalSite:
    """Whatever the command did not say counts as fenced."""
    return _BelievingSite(settings)


# ---- proof (d) ----------------------------------------------------------------


class _Changed(RehearsalSite):
    """Another proof (d) than the real one."""

    fence: type[SelfFence] = SelfFence

    @override
    def _ports(self) -> Ports:
        ports = super()._ports()
        changed = self.fence(ports.agents, self.agents.promote_wait_s)
        return replace(ports, fences={**ports.fences, Proof.SELF_FENCE: changed})


def _with_fence(settings: Settings, fence: type[SelfFence]) -> RehearsalSite:
    site = _Changed(settings)
    site.fence = fence
    return site


class _FromTheLoss(SelfFence):
    @override
    async def _oaths(self, order: EnsureFenced) -> tuple[list[str], float]:
        missing, last_s = await super()._oaths(order)
        return missing, last_s - 30.0


def waits_from_the_loss(settings: Settings) -> RehearsalSite:
    """The zone has been silent for long when the oaths are made."""
    return _with_fence(settings, _FromTheLoss)


class _SilenceSwears(SelfFence):
    @override
    async def _oaths(self, order: EnsureFenced) -> tuple[list[str], float]:
        _, last_s = await super()._oaths(order)
        return [], last_s


def silence_swears(settings: Settings) -> RehearsalSite:
    """Who does not answer cannot renew, one might think."""
    return _with_fence(settings, _SilenceSwears)


class _AllArmed(SelfFence):
    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        return await super().prove(replace(order, armed_s=self.wait_s - 3.0))


def all_are_armed(settings: Settings) -> RehearsalSite:
    """What the journal says of the agent is not looked at."""
    return _with_fence(settings, _AllArmed)


# ---- agents -------------------------------------------------------------------


class _OtherAgents(RehearsalSite):
    """Its agents are of another kind."""

    kind: type[Agent] = Agent

    @override
    def __post_init__(self) -> None:
        self.agent_type = type(self).kind
        super().__post_init__()


class _ByNewestEpoch(Agent):
    @override
    def contact(self, said: Contact) -> AgentState | Refused:
        answer = super().contact(said)
        self._save(replace(self.memo, vouched=self.memo.epoch))
        return answer


class _NoPeers(Agent):
    @override
    async def _ask_peers(self) -> None:
        await asyncio.sleep(0)


class _NoController(Agent):
    @override
    def contact(self, said: Contact) -> AgentState | Refused:
        return super().contact(replace(said, nonce=""))


class _Anyone(Agent):
    @override
    async def tick(self) -> None:
        await super().tick()
        running = self._process is not None and self._process.running
        self._primary = running
        self._let()


def _of(kind: type[Agent], settings: Settings) -> RehearsalSite:
    made = type("_Site", (_OtherAgents,), {"kind": kind})
    site: RehearsalSite = made(settings)
    return site


def asks_by_the_newest_epoch(settings: Settings) -> RehearsalSite:
    """Peers are asked under whatever epoch was heard of last."""
    return _of(_ByNewestEpoch, settings)


def peers_do_not_count(settings: Settings) -> RehearsalSite:
    """Only the controller renews."""
    return _of(_NoPeers, settings)


def the_controller_does_not_count(settings: Settings) -> RehearsalSite:
    """Only peers renew."""
    return _of(_NoController, settings)


def replicas_too(settings: Settings) -> RehearsalSite:
    """Whatever runs is ended when it is alone."""
    return _of(_Anyone, settings)
