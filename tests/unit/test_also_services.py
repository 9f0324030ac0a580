"""Further services: shown, named when they are lost, and never a sign of life."""

from dataclasses import replace

import pytest
from typing_extensions import override

from controller.act.observe import Observatory, ObservePolicy
from controller.act.ports import Also
from controller.act.virtual import VirtualClock, run_virtual
from controller.decide.decide import decide
from controller.decide.facts import Facts, Policy, ZoneFact
from controller.decide.redundancy import find_spare
from controller.model.ids import ZoneId
from health.detector import DetectorPolicy, Verdict
from health.ports import Probe, Sample
from health.recording import Answer, Line
from tests.no_ports import NO_PORTS
from tests.unit.inspections import WANTED
from tests.unit.world_facts import LEDGER, POLICY, A, B, C, primary_gone, reading

NONE = replace(POLICY, required_acks=False)


class Gone(Probe):
    """Nobody listens."""

    @override
    async def probe(self) -> Sample:
        return Sample(phase="connect", reason="refused", latency_s=0.1)


def observed() -> tuple[ZoneFact, list[Line]]:
    """Return what is known of a zone whose two further services are gone."""
    lines: list[Line] = []

    async def ask() -> ZoneFact:
        also = Also(probe=Gone(), every_s=5.0, bound_s=1.0)
        ports = replace(
            NO_PORTS,
            probes={A.zone: {}},
            also={A.zone: {"mail": also, "disk": replace(also, mandatory=True)}},
        )
        detector = DetectorPolicy(rounds_down=3, rounds_clear=1, stale_s=1)
        policy = ObservePolicy(
            interval_s=0.1, timeout_s=0.1, detector=detector, wanted=WANTED
        )
        watch = Observatory(ports, VirtualClock(), policy, lines.append)
        for _ in range(3):
            for question, every_s in watch.singles.questions():
                assert every_s == 5.0
                await question()
        return watch.facts(lease_held=True).zones[A.zone]

    return run_virtual(ask()), lines


def test_they_are_watched_beside_the_zones_own_and_recorded() -> None:
    zone, lines = observed()
    assert {n: r.verdict for n, r in zone.also.items()} == {
        "mail": Verdict.DOWN,
        "disk": Verdict.DOWN,
    }
    assert zone.services == {}
    assert zone.mandatory == {"disk"}
    told = [(x.service, x.phase) for x in lines if isinstance(x, Answer)]
    assert told == [("mail", "connect"), ("disk", "connect")] * 3


def lost_with(
    verdict: Verdict, zone: ZoneId = B.zone, *, mandatory: bool = True
) -> Facts:
    facts = primary_gone()
    found = replace(
        facts.zones[zone],
        also={"disk": reading(verdict, "exit code 1: full")},
        mandatory=frozenset({"disk"} if mandatory else ()),
    )
    return replace(facts, zones={**facts.zones, zone: found})


@pytest.mark.parametrize("policy", [POLICY, NONE], ids=["protected", "none"])
def test_nobody_is_moved_to_where_a_mandatory_service_is_down(policy: Policy) -> None:
    decision = decide(LEDGER, lost_with(Verdict.DOWN), policy)
    assert decision.start is None
    (veto,) = [v for v in decision.vetoes if v.name == "candidate_zone_down"]
    assert veto.reason == "disk of zone b is mandatory and down: exit code 1: full"


@pytest.mark.parametrize(
    "verdict", [Verdict.OK, Verdict.CANNOT_OBSERVE, Verdict.UNDECIDED]
)
def test_a_mandatory_service_that_is_not_down_holds_nothing(verdict: Verdict) -> None:
    assert decide(LEDGER, lost_with(verdict), POLICY).start is not None


def test_another_service_that_is_down_holds_nothing() -> None:
    facts = lost_with(Verdict.DOWN, mandatory=False)
    assert decide(LEDGER, facts, POLICY).start is not None


def test_that_one_answers_does_not_make_a_zone_alive() -> None:
    """A frozen server still accepts."""
    facts = lost_with(Verdict.OK, C.zone)
    down = reading(Verdict.DOWN)
    dead = replace(facts.zones[C.zone], services={"origin": down, "redis": down})
    facts = replace(facts, zones={**facts.zones, C.zone: dead})
    assert find_spare(LEDGER, facts, POLICY, taken=(A.zone, B.zone)) is None
