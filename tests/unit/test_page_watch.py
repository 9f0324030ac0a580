"""Pages of every zone become rates of the zone, and never a down zone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from typing_extensions import override

from controller.act.observe import Observatory, ObservePolicy
from controller.act.pages import serves_pages
from controller.act.ports import DatabaseSeat
from controller.act.virtual import VirtualClock, run_virtual
from controller.decide.facts import Facts
from controller.model.ids import ZoneId
from health.detector import DetectorPolicy, Verdict
from health.elevated import Asker, Elevation
from health.ports import Probe, Sample
from health.recording import Began, Line, Page
from health.replay import Replay, Tuning
from replication.adapters.memory import MemoryDatabase, World
from tests.no_ports import NO_PORTS
from tests.unit import world_facts
from tests.unit.inspections import WANTED

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
GOOD = Sample(phase="", reason="answers", latency_s=0.1)
BAD = Sample(phase="status", reason="HTTP 500", latency_s=0.1)
SLOW = Sample(phase="slow", reason="no answer within 3 s", latency_s=3.0)
BLIND = Sample(phase="auth", reason="certificate: expired", latency_s=0.1)
DETECTOR = DetectorPolicy(rounds_down=3, rounds_clear=10, stale_s=5.0)
ROUNDS = 60


class Says(Probe):
    """Answers the same, always."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample

    @override
    async def probe(self) -> Sample:
        return self.sample


def seen(
    home: dict[ZoneId, Sample],
    *,
    other: Sample = GOOD,
    counts: Callable[[ZoneId], bool] = lambda _zone: True,
) -> tuple[Facts, list[Line]]:
    """Return what is known after a minute of asking three zones for two pages."""
    lines: list[Line] = []

    async def ask() -> Facts:
        clock = VirtualClock()
        ports = replace(
            NO_PORTS,
            probes={zone: {"origin": Says(GOOD)} for zone in (A, B, C)},
            pages={
                zone: {"home": Says(home.get(zone, GOOD)), "other": Says(other)}
                for zone in (A, B, C)
            },
        )
        policy = ObservePolicy(
            interval_s=0.1, timeout_s=0.4, detector=DETECTOR, wanted=WANTED
        )
        watch = Observatory(ports, clock, policy, lines.append)
        for _ in range(ROUNDS):
            await asyncio.sleep(1.0)
            for zone in (A, B, C):
                await watch.ask_service(zone, "origin")
            for question, _ in watch.pages.questions(counts):
                await question()
        return watch.facts(lease_held=True)

    return run_virtual(ask()), lines


@pytest.mark.parametrize(
    ("home", "says"),
    [
        pytest.param({A: BAD}, Elevation.ELEVATED, id="D8 health fine, a page not"),
        pytest.param({A: SLOW}, Elevation.ELEVATED, id="D7 late"),
        pytest.param({A: BAD, B: BAD, C: BAD}, Elevation.NOT_ZONAL, id="D1 bad deploy"),
        pytest.param({A: BLIND}, Elevation.CALM, id="we cannot observe"),
        pytest.param({}, Elevation.CALM, id="all is well"),
    ],
)
def test_pages_tell_where_nobody_visits(
    home: dict[ZoneId, Sample], says: Elevation
) -> None:
    facts, _ = seen(home)
    rates = facts.zones[A].rates
    assert (rates.says, rates.by) == (says, Asker.PAGES)


def test_a_failing_page_is_shown_and_makes_no_zone_down() -> None:
    facts, _ = seen({A: BAD})
    zone = facts.zones[A]
    page = zone.pages["home"]
    assert (page.reading.verdict, page.reading.reason) == (Verdict.DOWN, "HTTP 500")
    assert zone.pages["other"].reading.verdict is Verdict.OK
    assert {n: r.verdict for n, r in zone.services.items()} == {"origin": Verdict.OK}


def test_blindness_is_shown_as_blindness() -> None:
    facts, _ = seen({A: BLIND})
    page = facts.zones[A].pages["home"].reading
    assert (page.verdict, page.reason) == (Verdict.CANNOT_OBSERVE, BLIND.reason)


def test_a_zone_without_pages_to_serve_hides_no_failing_one() -> None:
    """A spare fails every page by design; a and it together are no common cause."""
    spared, _ = seen({A: BAD, C: BAD}, counts=lambda zone: zone != C)
    assert spared.zones[A].rates.says is Elevation.ELEVATED
    assert spared.zones[C].rates.says is Elevation.LOW_VOLUME
    both, _ = seen({A: BAD, C: BAD})
    assert both.zones[A].rates.says is Elevation.NOT_ZONAL


@pytest.mark.parametrize("home", [{A: BAD}, {A: BLIND}, {A: BAD, B: BAD, C: BAD}])
def test_what_is_recorded_is_judged_the_same_again(home: dict[ZoneId, Sample]) -> None:
    facts, lines = seen(home)
    began = Began(
        at_s=0.0,
        wall_s=0.0,
        site="cms",
        zones=(A, B, C),
        interval_s=0.1,
        rounds_down=DETECTOR.rounds_down,
        rounds_clear=DETECTOR.rounds_clear,
        stale_s=DETECTOR.stale_s,
    )
    assert any(isinstance(line, Page) for line in lines)
    changes = list(Replay(Tuning()).run([began, *lines]))
    last = {c.subject: c.verdict for c in changes}
    zone = facts.zones[A]
    assert last["rates of zone a"] == zone.rates.says
    assert last["page home of zone a"] == zone.pages["home"].reading.verdict


def test_only_who_has_a_copy_has_pages_to_serve() -> None:
    """The primary and its acker; the third zone is a spare."""
    world = World(VirtualClock())
    members = (world_facts.A, world_facts.B, world_facts.C)
    for member in members:
        world.add(member.server)
    ports = replace(
        NO_PORTS,
        databases={
            member.server: DatabaseSeat(
                database=MemoryDatabase(world, member.server),
                zone=member.zone,
                address=f"{member.server}:3306",
            )
            for member in members
        },
    )
    told = [serves_pages(world_facts.LEDGER, ports, zone) for zone in (A, B, C)]
    assert told == [True, True, False]
