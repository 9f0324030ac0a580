"""Bugs in the ways of proof."""

from dataclasses import replace

from typing_extensions import override

from controller.act.ports import Ports
from controller.model.commands import EnsureFenced, Proof
from controller.model.outcomes import Done, Outcome, Unknown
from controller.rehearsal.site import RehearsalSite, Settings
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
