"""Routing orders reach the edges they name, and no other."""

from dataclasses import replace

import pytest

from cdn_router.adapters.memory import Fault, MemoryEdge
from cdn_router.ports import Gate, Route, RouteTable
from controller.act.execute_routing import RoutingExecutor
from controller.act.virtual import run_virtual
from controller.model.commands import EnsureReleased, EnsureRouted
from controller.model.ids import EdgeId, Epoch, SiteId, SlotId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from tests.no_ports import NO_PORTS

A, B = ZoneId("a"), ZoneId("b")
SITE, SLOT = SiteId("www.example.test"), SlotId("s1")
E1, E2 = EdgeId("e1"), EdgeId("e2")
FIRST = Route(read=A, write=A, gate=Gate.OPEN)


def some_edges() -> dict[EdgeId, MemoryEdge]:
    table = RouteTable(epoch=Epoch(1), routes={SLOT: FIRST})
    return {e: MemoryEdge(e, table, zones=(A, B), sites={SITE: SLOT}) for e in (E1, E2)}


def executor(edges: dict[EdgeId, MemoryEdge]) -> RoutingExecutor:
    ports = replace(NO_PORTS, edges=dict(edges), slots={SLOT: (SITE,)})
    return RoutingExecutor(ports)


def routed(edges: dict[EdgeId, MemoryEdge], *only: EdgeId) -> Outcome:
    order = EnsureRouted(zone=B, edges=only, epoch=Epoch(2))
    return run_virtual(executor(edges).routed(order))


def test_an_order_for_one_edge_holds_nothing_at_another() -> None:
    edges = some_edges()
    assert isinstance(routed(edges, E1), Done)
    assert edges[E1].route(SLOT) == Route(read=B, write=B, gate=Gate.HOLD)
    assert edges[E2].route(SLOT) == FIRST
    order = EnsureReleased(read_zone=B, write_zone=B, edges=(E1,), epoch=Epoch(2))
    assert isinstance(run_virtual(executor(edges).released(order)), Done)
    assert edges[E1].route(SLOT) == Route(read=B, write=B, gate=Gate.OPEN)
    assert edges[E2].route(SLOT) == FIRST


def test_an_order_that_names_no_edge_is_for_all() -> None:
    edges = some_edges()
    assert isinstance(routed(edges), Done)
    assert {e.route(SLOT) for e in edges.values()} == {
        Route(read=B, write=B, gate=Gate.HOLD)
    }


@pytest.mark.parametrize(
    ("fault", "answer"), [(Fault.UNREACHABLE, Refused), (Fault.LOST_AFTER, Unknown)]
)
def test_the_one_edge_that_was_named_answers_for_itself(
    fault: Fault, answer: type[Outcome]
) -> None:
    """Another edge that would answer is no excuse."""
    edges = some_edges()
    edges[E1].hooks.fault = fault
    assert isinstance(routed(edges, E1), answer)


def test_an_edge_that_is_configured_no_more_is_a_refusal() -> None:
    """A run of the last process may name it."""
    outcome = routed(some_edges(), EdgeId("e9"))
    assert isinstance(outcome, Refused)
    assert "e9" in outcome.reason


def test_every_edge_is_read_back_and_silence_is_said() -> None:
    edges = some_edges()
    edges[E2].hooks.fault = Fault.UNREACHABLE
    states = run_virtual(executor(edges).seen())
    first = states[E1]
    assert not isinstance(first, NotSeen)
    assert first.table.routes == {SLOT: FIRST}
    assert isinstance(states[E2], NotSeen)
