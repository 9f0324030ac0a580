"""What an edge's answer becomes: a fact, a silence, or a disorder."""

from dataclasses import replace

from typing_extensions import override

from cdn_router.adapters.memory import Fault, MemoryEdge
from cdn_router.ports import EdgeState, Gate, Route, RouteTable
from controller.act.observe import Observatory, ObservePolicy
from controller.act.virtual import VirtualClock, run_virtual
from controller.decide.facts import EdgeFact
from controller.model.ids import EdgeId, Epoch, SiteId, SlotId, ZoneId
from controller.model.outcomes import NotSeen
from health.detector import DetectorPolicy, Verdict
from tests.no_ports import NO_PORTS
from tests.unit.inspections import WANTED

A, E1 = ZoneId("a"), EdgeId("e1")
SITE, SLOT = SiteId("www.example.test"), SlotId("s1")
ROUTE = Route(read=A, write=A, gate=Gate.OPEN)
ROUNDS_DOWN = 3


class Garbled(MemoryEdge):
    """There, and in disorder: half of a change, or a stranger's edit."""

    @override
    async def read(self) -> EdgeState | NotSeen:
        return NotSeen("body", "the three maps do not name the same slots")


def asked(kind: type[MemoryEdge], fault: Fault, times: int) -> EdgeFact:
    """Return the fact after *times* questions."""
    table = RouteTable(epoch=Epoch(4), routes={SLOT: ROUTE})
    edge = kind(E1, table, zones=(A,), sites={SITE: SLOT})
    edge.hooks.fault = fault

    async def ask() -> EdgeFact:
        ports = replace(NO_PORTS, edges={E1: edge}, slots={SLOT: (SITE,)})
        detector = DetectorPolicy(rounds_down=ROUNDS_DOWN, rounds_clear=1, stale_s=9)
        policy = ObservePolicy(
            interval_s=0.1, timeout_s=0.1, detector=detector, wanted=WANTED
        )
        watch = Observatory(ports, VirtualClock(), policy)
        for _ in range(times):
            await watch.ask_edge(E1)
        facts = watch.facts(lease_held=True)
        assert facts.slots == (SLOT,)
        return facts.edges[E1]

    return run_virtual(ask())


def test_what_an_edge_says_is_read_back() -> None:
    fact = asked(MemoryEdge, Fault.NONE, 1)
    assert (fact.reachable, fact.epoch, fact.garbled) == (True, 4, "")
    assert fact.routes == {SLOT: ROUTE}
    assert fact.reading.verdict is Verdict.OK


def test_a_silent_edge_is_called_down_after_some_rounds_and_not_before() -> None:
    for times in range(ROUNDS_DOWN + 1):
        fact = asked(MemoryEdge, Fault.UNREACHABLE, times)
        assert (fact.reachable, fact.epoch, dict(fact.routes)) == (False, 0, {})
        assert (fact.reading.verdict is Verdict.DOWN) == (times == ROUNDS_DOWN)


def test_an_answer_that_makes_no_sense_is_an_edge_to_repair() -> None:
    """It is there: nothing of it is known, and nothing of it is believed."""
    fact = asked(Garbled, Fault.NONE, ROUNDS_DOWN)
    assert fact.reachable
    assert "three maps" in fact.garbled
    assert (fact.epoch, dict(fact.routes), dict(fact.zones_up)) == (0, {}, {})
    assert fact.reading.verdict is Verdict.OK
