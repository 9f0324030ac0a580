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


class Tells(Probe):
    """Answers with a figure while it is up."""

    up = True

    @override
    async def probe(self) -> Sample:
        if self.up:
            figures = {"memory_ratio": 0.5}
            return Sample(phase="", reason="answers", latency_s=0.0, figures=figures)
        return Sample(phase="connect", reason="refused", latency_s=0.0)


def test_what_a_service_told_of_itself_is_forgotten_with_its_answer() -> None:
    """Old figures beside a dead service would say that it is well."""

    async def ask() -> list[object]:
        redis = Tells()
        ports = replace(NO_PORTS, probes={A: {"redis": redis}})
        detector = DetectorPolicy(rounds_down=3, rounds_clear=1, stale_s=9)
        policy = ObservePolicy(
            interval_s=0.1, timeout_s=0.1, detector=detector, wanted=WANTED
        )
        watch = Observatory(ports, VirtualClock(), policy)
        found: list[object] = []
        for up in (True, False):
            redis.up = up
            await watch.ask_service(A, "redis")
            latest = watch.facts(lease_held=True).zones[A].latest["redis"]
            found.append(dict(latest.figures))
        return found

    assert run_virtual(ask()) == [{"memory_ratio": 0.5}, {}]
