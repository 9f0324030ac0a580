"""`make bench-fleet`: what many clusters under one daemon cost, and how fast they move.

Three questions: a zone is lost on virtual time (memory adapters, the real daemons,
gate and sagas); the daemons' rounds on a real loop (memory adapters: databases that
answer cost their round trips on top); and reading one real HAProxy for many clusters,
each for itself and together. Figures go to `build/bench-fleet.json`.
"""

import asyncio
import json
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import click
from typing_extensions import override

from cdn_router.adapters.haproxy import HaproxyEdge, HaproxyRuntime
from cdn_router.ports import EdgeState, Route, RouteTable
from cdn_router.ports import Gate as EdgeGate
from cdn_router.shares import Share
from controller.act.admission import Gate, Turn
from controller.act.bulkhead import evaluate_s
from controller.act.clock import SystemClock
from controller.act.together import Together
from controller.act.virtual import run_virtual
from controller.decide.admission import Limits
from controller.decide.decide import Decision
from controller.decide.facts import Facts
from controller.decide.ledger import Ledger
from controller.model.ids import ClusterId, EdgeId, Epoch, SiteId, SlotId, ZoneId
from controller.model.outcomes import Done
from controller.rehearsal.checkers import broken_promises
from controller.rehearsal.fleet import FleetStage
from controller.rehearsal.fleet_checkers import FleetCase, broken_in
from controller.rehearsal.report import BUILD, commit, machine
from controller.rehearsal.site import A, B, Settings
from controller.shared_adapters import EDGE_BOUND_S, EDGE_PACE_S
from tests.edge_lab import EdgeLab, edge_lab

Row = Mapping[str, object]
READ_EVERY_S = 0.25
LATER_S = 20.0
"""How long a loss is followed; what is not open by then is told."""


@dataclass(slots=True)
class CountingTurn(Turn):
    """Counts evaluations."""

    evaluations: int = 0

    @override
    def judge(self, found: Decision, ledger: Ledger, facts: Facts) -> Decision:
        self.evaluations += 1
        return Turn.judge(self, found, ledger, facts)


@dataclass(slots=True)
class CountingGate(Gate):
    """Hands out turns that count."""

    counted: list[CountingTurn] = field(default_factory=list)

    @override
    def turn(self, cluster: str, priority: int) -> Turn:
        turn = CountingTurn(self, cluster, priority)
        self.turns.append(turn)
        self.counted.append(turn)
        return turn


class Stage(FleetStage):
    """Counts evaluations."""

    @override
    def make_gate(self) -> CountingGate:
        return CountingGate(self.limits, self.clock)

    @property
    def evaluations(self) -> int:
        assert isinstance(self.gate, CountingGate)
        return sum(turn.evaluations for turn in self.gate.counted)


def names(clusters: int) -> dict[str, int]:
    """Return clusters with priorities 0, 10 … 90."""
    return {f"c{n:03}": n % 10 * 10 for n in range(clusters)}


def lose_zone(clusters: int, limit: int, *, hang: int = 0) -> tuple[Row, list[str]]:
    """Lose the zone of every primary; *hang* candidates of the first never drain."""
    limits = Limits(promotions_max=limit, stuck_s=3.0)
    began_cpu_s = time.process_time()

    async def story() -> tuple[Stage, float, float]:
        stage = Stage(names(clusters), limits, Settings(timeout_s=0.2))
        await stage.begin()
        first = sorted(stage.priorities, key=lambda n: -stage.priorities[n])[:hang]
        for name in first:
            stage.hang_in_drain(name, B)
        await stage.run_for(0.5)
        lost_at_s = stage.clock.monotonic_s()
        stage.lose(A)
        await stage.run_for(LATER_S)
        virtual_s = stage.clock.monotonic_s()
        await stage.end()
        return stage, lost_at_s, virtual_s

    stage, lost_s, virtual_s = run_virtual(story(), horizon_s=600)
    cpu_s = time.process_time() - began_cpu_s
    case = FleetCase(
        journals={n: p.site.journal.records() for n, p in stage.plays.items()},
        priorities=stage.priorities,
        limits=limits,
    )
    opened = sorted(p.opened_s - lost_s for p in case.promotions() if p.opened_s)
    broken = [f"{name}: {why[0]}" for name, why in broken_in(case).items()]
    for name, play in stage.plays.items():
        broken += [f"{name}: {b}" for b in broken_promises(play.site.case())]
    row = {
        "what": "zone lost, virtual time",
        "clusters": clusters,
        "limit": limit,
        "hang_in_drain": hang,
        "opened": len(opened),
        "first_open_s": round(opened[0], 2) if opened else None,
        "last_open_s": round(opened[-1], 2) if opened else None,
        "evaluations_per_s": round(stage.evaluations / virtual_s),
        "cpu_ms_per_cluster_s": round(1000 * cpu_s / clusters / virtual_s, 2),
    }
    return row, broken


def idle_rounds(clusters: int, *, seconds: float = 5.0) -> Row:
    """Run the real loops side by side on a real clock; nothing is wrong."""

    async def story() -> tuple[int, float, float]:
        stage = Stage(names(clusters), settings=Settings(), clock=SystemClock())
        daemons = []
        for number, play in enumerate(stage.plays.values()):
            await play.site.open_first()
            daemon = play.site.daemon()
            daemon.phase = number / clusters
            daemon.evaluate_s = evaluate_s(clusters, Settings().interval_s)
            daemons.append(daemon)
        tasks = [asyncio.ensure_future(d.run()) for d in daemons]
        await asyncio.sleep(3.0)
        before, cpu_s, wall_s = stage.evaluations, time.process_time(), time.monotonic()
        await asyncio.sleep(seconds)
        cpu_s, wall_s = time.process_time() - cpu_s, time.monotonic() - wall_s
        count = stage.evaluations - before
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return count, cpu_s, wall_s

    count, cpu_s, wall_s = asyncio.run(story())
    return {
        "what": "rounds of 100 ms, real clock",
        "clusters": clusters,
        "evaluations_per_s": round(count / wall_s),
        "cores": round(cpu_s / wall_s, 2),
        "cpu_ms_per_cluster_s": round(1000 * cpu_s / clusters / wall_s, 2),
    }


def edge_reads(clusters: int, *, together: bool, seconds: float = 4.0) -> Row:
    """Read one HAProxy for many clusters, each every 250 ms."""
    slots = {SlotId(f"s-{n}"): (SiteId(f"{n}.example.test"),) for n in range(clusters)}

    async def story(lab: EdgeLab) -> tuple[list[float], int, float, float]:
        runtime = HaproxyRuntime(socket=lab.spec.socket, maps=lab.spec.maps)
        shared = Together(runtime.look, EDGE_PACE_S, EDGE_BOUND_S)
        if together:
            runtime.reading = shared
        doors = [_door(lab, runtime, slot) for slot in slots]
        for door, slot in zip(doors, slots, strict=True):
            await _own(door, slot)
        took: list[float] = []
        failed = 0
        loop = asyncio.get_running_loop()
        end_s = loop.time() + seconds

        async def asks(number: int, door: HaproxyEdge) -> None:
            nonlocal failed
            await asyncio.sleep(READ_EVERY_S * number / clusters)
            while loop.time() < end_s:
                began_s = loop.time()
                failed += not isinstance(await door.read(), EdgeState)
                took.append(loop.time() - began_s)
                await asyncio.sleep(max(READ_EVERY_S - took[-1], 0.001))

        shared.asked = 0
        cpu_s = time.process_time()
        await asyncio.gather(*(asks(n, d) for n, d in enumerate(doors)))
        cpu_s = time.process_time() - cpu_s
        rounds = shared.asked if together else len(took)
        return sorted(took), failed, cpu_s, rounds

    with edge_lab(slots=slots, quiet=True) as lab:
        took, failed, cpu_s, rounds = asyncio.run(story(lab))
    return {
        "what": "edge reads, real HAProxy",
        "clusters": clusters,
        "how": "together" if together else "each for itself",
        "reads_per_s": round(len(took) / seconds),
        "looks_per_s": round(rounds / seconds),
        "failed": failed,
        "p50_ms": round(1000 * took[len(took) // 2], 1),
        "p99_ms": round(1000 * took[int(len(took) * 0.99)], 1),
        "cores": round(cpu_s / seconds, 2),
    }


def edge_orders(at_once: int, *, clusters: int = 200) -> Row:
    """Order *at_once* clusters elsewhere at an edge that many share."""
    slots = {SlotId(f"s-{n}"): (SiteId(f"{n}.example.test"),) for n in range(clusters)}

    async def story(lab: EdgeLab) -> tuple[list[float], int]:
        runtime = HaproxyRuntime(socket=lab.spec.socket, maps=lab.spec.maps)
        took: list[float] = []
        failed = 0

        async def order(slot: SlotId) -> None:
            nonlocal failed
            route = Route(read=ZoneId("b"), write=ZoneId("b"), gate=EdgeGate.HOLD)
            table = RouteTable(epoch=Epoch(5), routes={slot: route})
            began_s = time.monotonic()
            outcome = await _door(lab, runtime, slot).ensure_routes(table)
            failed += not isinstance(outcome, Done)
            took.append(time.monotonic() - began_s)

        await asyncio.gather(*(order(slot) for slot in list(slots)[:at_once]))
        return sorted(took), failed

    with edge_lab(slots=slots, quiet=True) as lab:
        took, failed = asyncio.run(story(lab))
    return {
        "what": "orders at one edge, real HAProxy",
        "clusters": clusters,
        "at_once": at_once,
        "failed": failed,
        "p50_ms": round(1000 * took[len(took) // 2], 1),
        "last_ms": round(1000 * took[-1], 1),
    }


def _door(lab: EdgeLab, runtime: HaproxyRuntime, slot: SlotId) -> HaproxyEdge:
    share = Share(cluster=ClusterId(f"cluster-{slot}"), slots=frozenset({slot}))
    return HaproxyEdge(EdgeId("edge-1"), url=lab.url, runtime=runtime, share=share)


async def _own(door: HaproxyEdge, slot: SlotId) -> None:
    """Order once, so that the slot has an owner as after a first failover."""
    state = await door.read()
    assert isinstance(state, EdgeState), state
    await door.ensure_routes(state.table)


def _edges(*, quick: bool) -> list[Row]:
    """Measure reads of and orders to a real edge; nothing where there is none."""
    if not shutil.which("haproxy"):
        click.echo("haproxy is not installed: reading an edge was not measured")
        return []
    found: list[Row] = []
    for clusters in (20,) if quick else (1, 50, 200):
        for together in (False, True):
            found.append(edge_reads(clusters, together=together))
            _say(found[-1])
    for at_once in (8,) if quick else (1, 8, 32, 200):
        found.append(edge_orders(at_once))
        _say(found[-1])
    return found


@click.command()
@click.option("--quick", is_flag=True, help="Small fleets only, for a look.")
def bench(*, quick: bool) -> None:
    """Measure; exit 1 when a promise was broken."""
    found: list[Row] = []
    broken: list[str] = []
    sizes = (
        [(20, 4, 0)] if quick else [(20, 8, 0), (200, 8, 0), (200, 32, 0), (200, 8, 8)]
    )
    for clusters, limit, hang in sizes:
        row, objections = lose_zone(clusters, limit, hang=hang)
        found.append(row)
        broken += objections
        _say(row)
    for clusters in (10,) if quick else (1, 20, 100):
        found.append(idle_rounds(clusters))
        _say(found[-1])
    found += _edges(quick=quick)
    BUILD.mkdir(exist_ok=True)
    path = BUILD / "bench-fleet.json"
    tree = {
        "command": "bench-fleet",
        "commit": commit(),
        "machine": machine(),
        "settings": {"quick": quick},
        "rows": found,
        "broken": broken,
    }
    path.write_text(json.dumps(tree, indent=2) + "\n", encoding="utf-8")
    click.echo(f"written to {path}")
    for objection in broken:
        click.echo(f"BROKEN {objection}", err=True)
    if broken:
        sys.exit(1)


def _say(row: Row) -> None:
    click.echo("  ".join(f"{key} {value}" for key, value in row.items()))


if __name__ == "__main__":
    bench()
