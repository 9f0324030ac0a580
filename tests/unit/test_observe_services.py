"""What a probe's answer becomes, and what a probe that fails by itself does."""

from dataclasses import replace

import pytest
from typing_extensions import override

from controller.act.observe import Observatory, ObservePolicy
from controller.act.virtual import VirtualClock, run_virtual
from controller.model.ids import ZoneId
from health.detector import DetectorPolicy, Reading, Verdict
from health.ports import Probe, Sample
from tests.no_ports import NO_PORTS
from tests.unit.inspections import WANTED

A = ZoneId("a")
ROUNDS_DOWN = 3


class Raising(Probe):
    """Breaks its promise to raise nothing."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    @override
    async def probe(self) -> Sample:
        raise self.error


def asked(error: Exception) -> Reading:
    """Return the reading after as many questions as make DOWN."""

    async def ask() -> Reading:
        ports = replace(NO_PORTS, probes={A: {"origin": Raising(error)}})
        detector = DetectorPolicy(rounds_down=ROUNDS_DOWN, rounds_clear=1, stale_s=9)
        policy = ObservePolicy(
            interval_s=0.1, timeout_s=0.1, detector=detector, wanted=WANTED
        )
        watch = Observatory(ports, VirtualClock(), policy)
        for _ in range(ROUNDS_DOWN):
            await watch.ask_service(A, "origin")
        return watch.facts(lease_held=True).zones[A].services["origin"]

    return run_virtual(ask())


def test_a_probe_that_was_cut_off_is_a_service_without_an_answer() -> None:
    assert asked(TimeoutError()).verdict is Verdict.DOWN


@pytest.mark.parametrize("error", [ValueError("line too long"), KeyError("x")])
def test_a_mistake_of_a_probe_is_told_and_says_nothing_about_the_zone(
    error: Exception,
) -> None:
    found = asked(error)
    assert found.verdict is Verdict.CANNOT_OBSERVE
    assert repr(error) in found.reason
