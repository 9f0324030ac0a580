"""A primary that is isolated and lives: proof (d) alone, on real servers. Root.

Nobody waits for acknowledgements and nothing outside answers for the zone. Its own
clients go on writing to it. After OPEN it acknowledges nothing that the new primary
has not got: neither cut off, nor back, nor thawed, nor stopped by its agent.
"""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import pytest
import yaml

from controller.cli.demo import on_stage
from controller.cli.demo_check import Databases
from controller.cli.demo_run import Stage
from controller.config.load import load_site
from controller.incident.record import Record, RecordKind
from controller.main import build_ports
from controller.model.ids import Epoch
from controller.model.outcomes import Done
from deploy.agent.client import AgentClient
from deploy.agent.ports import MARGIN_S
from deploy.lab.bootstrap import connect, wait_ready
from deploy.lab.durable import write_durably
from deploy.lab.engines import ENGINES
from deploy.lab.inzone import InZone, in_zone
from deploy.lab.launcher import Lab
from deploy.lab.secret_files import read_accounts
from deploy.lab.site import SITE_FILE, site_tree
from deploy.lab.slot import Slot
from deploy.lab.spec import SITE, ZONES, Net
from replication.ports import ServerView
from tests.integration.test_switchover import Telling
from tests.labs import make_spec, owned_lab, require_programs, short_directory

pytestmark = [pytest.mark.lab, pytest.mark.netns]
A, B, C = ZONES
TTL_S = 4.0
CALM_S = 40.0
THAW_MAX_S = 0.5
"""While it thaws the kernel may wake the database before its agent; see proof (d)."""

SOURCE_OFF = {
    "mariadb": "SET GLOBAL rpl_semi_sync_master_enabled=0",
    "mysql": "SET GLOBAL rpl_semi_sync_source_enabled=0",
}


@dataclass(frozen=True, kw_only=True)
class Lost:
    """One loss: when it began, when OPEN was done; monotonic seconds."""

    fault_s: float
    opened_s: float


def stand_alone(lab: Lab) -> None:
    """Let nobody wait for acknowledgements, and accept proof (d) alone."""
    spec = lab.spec
    account = read_accounts(spec.directory / "secrets").controller
    with closing(connect(spec.instance(A), account)) as line, line.cursor() as cursor:
        cursor.execute(SOURCE_OFF[spec.engine])
    tree: dict[str, Any] = dict(site_tree(spec, primary=A))
    tree |= {
        "proofs": ["self_fence"],
        "durability": "none",
        "rto_target_s": 60,
        "cooldown_s": 1,
        "retry_s": 2,
        "listen": "127.0.0.1:19180",
    }
    text = yaml.safe_dump(tree, sort_keys=False)
    write_durably(spec.directory / SITE_FILE, text)


def rests_armed(zone: str) -> Any:
    """Tell whether nothing runs and the primary's agent is on record as armed."""

    def holds(status: Mapping[str, Any]) -> bool:
        agents = status["agents"]
        return (
            status["run"] is None
            and status["primary_zone"] == zone
            and bool(agents[zone]["armed_s"])
            and all(a["answers"] for a in agents.values())
            and bool(status["ackers"])
        )

    return holds


def opened_at_s(records: Sequence[Record]) -> float | None:
    found = [
        r.at_mono_s
        for r in records
        if r.kind is RecordKind.OUTCOME
        and (r.body["step"], r.body["outcome"]) == ("open", "done")
    ]
    return found[-1] if found else None


async def resting(stage: Stage, zone: str) -> None:
    if await stage.until(rests_armed(zone), CALM_S, []) is None:
        fail(stage, f"no rest with zone {zone} primary and armed")


def fail(stage: Stage, why: str) -> None:
    assert isinstance(stage.viewer, Telling)
    stage.viewer.fail(why)


async def lose(stage: Stage, zone: str, fault: Any) -> Lost:
    """Lose *zone* by *fault*; return once another zone was opened."""
    records: list[Record] = []
    await stage.new_records()
    fault_s = time.monotonic()
    await asyncio.to_thread(fault)
    moved = await stage.until(lambda s: s["primary_zone"] != zone, CALM_S, records)
    opened_s = opened_at_s(records)
    if moved is None or opened_s is None:
        fail(stage, f"zone {zone} was lost and nobody took over")
        raise AssertionError
    return Lost(fault_s=fault_s, opened_s=opened_s)


def acked_after(clients: InZone, since_s: float) -> list[float]:
    """Return when, seconds after *since_s*, the zone's clients were told OK."""
    return sorted(w.at_s - since_s for w in clients.acked() if w.at_s > since_s)


async def stopped_in_order(lab: Lab) -> None:
    """Stop the primary by its agent while commits wait: none of them is told OK.

    An orderly shutdown would tell them so on MySQL. Then it is opened again by hand.
    """
    spec, secrets = lab.spec, lab.spec.directory / "secrets"
    token = (secrets / "agent").read_text("utf-8").strip()
    agent = AgentClient(f"http://{spec.agent(A)}", token, SITE, order_s=10.0)
    try:
        async with in_zone(spec, A, "stopped") as clients:
            for _ in range(100):  # a loaded machine starts them late
                if clients.acked():
                    break
                await asyncio.sleep(0.1)
            await asyncio.to_thread(lab.freeze, B)
            frozen_s = time.monotonic()
            await asyncio.sleep(1.0)
            stopped = await agent.stop_database("test")
            assert isinstance(stopped, Done), stopped
            await asyncio.sleep(0.5)
        assert clients.acked(), "its clients never reached it"
        assert [s for s in acked_after(clients, frozen_s) if s > 0.3] == []
        assert Slot(spec.zone_dir(A)).order().inhibited
        await asyncio.to_thread(lab.thaw, B)
        started = await agent.start_database(fenced=False)
        assert isinstance(started, Done), started
    finally:
        await agent.aclose()
    account = read_accounts(secrets).controller
    await asyncio.to_thread(wait_ready, spec.instance(A), account, 20)
    await open_by_hand(lab)


async def open_by_hand(lab: Lab) -> None:
    """Open zone a's database as a person would, with our own words for it."""
    base = lab.spec.directory
    ports = build_ports(load_site(base / SITE_FILE), base)
    try:
        database = ports.databases[lab.spec.server(A)].database
        view = await database.view()
        assert isinstance(view, ServerView), view
        assert not view.writable
        opened = await database.ensure_open(Epoch(1), boot_id=view.boot_id)
        assert isinstance(opened, Done), opened
    finally:
        for seat in ports.databases.values():
            await seat.database.aclose()


async def controller_alone_lost(stage: Stage) -> float:
    """Cut the controller off all zones for longer than the window; writes go on."""
    lab = stage.lab
    async with in_zone(lab.spec, A, "alone") as clients:
        await asyncio.sleep(0.5)
        for zone in ZONES:
            await asyncio.to_thread(lab.cut, zone, ["host"], None)
        began_s = time.monotonic()
        await asyncio.sleep(TTL_S + MARGIN_S + 2.0)
        lasted_s = time.monotonic() - began_s
        for zone in ZONES:
            await asyncio.to_thread(lab.mend, zone)
    acked = acked_after(clients, began_s)
    assert acked, "the primary takes no writes"
    assert acked[-1] > lasted_s - 1.5, "it stopped, although its peers renewed it"
    return lasted_s


async def isolated(stage: Stage) -> Lost:
    """Cut zone a off while its own clients write; then let it come back."""
    lab = stage.lab
    async with in_zone(lab.spec, A, "isolated") as clients:
        await asyncio.sleep(0.5)
        lost = await lose(stage, A, lambda: lab.cut(A))
        order = Slot(lab.spec.zone_dir(A)).order()
        assert order.inhibited, "it would start again"
        assert "self-fence" in order.why
        await asyncio.sleep(1.0)
        await asyncio.to_thread(lab.kill, A)  # its machine restarts, too
        await asyncio.to_thread(lab.heal, A)
        await asyncio.sleep(3.0)
    before = [w for w in clients.acked() if lost.fault_s < w.at_s < lost.opened_s]
    assert before, "its clients never reached it: nothing was tried"
    assert acked_after(clients, lost.opened_s) == []
    return lost


async def frozen(stage: Stage, zone: Any) -> tuple[Lost, float]:
    """Freeze the primary's whole zone; it thaws after OPEN, clients waiting."""
    lab = stage.lab
    async with in_zone(lab.spec, zone, "frozen") as clients:
        await asyncio.sleep(0.5)
        lost = await lose(stage, zone, lambda: lab.freeze(zone))
        await asyncio.sleep(1.0)
        thawed_s = time.monotonic()
        await asyncio.to_thread(lab.thaw, zone)
        await asyncio.sleep(4.0)
    order = Slot(lab.spec.zone_dir(zone)).order()
    # Ended, and by now perhaps a replica again: clean on its own data, or laid anew.
    assert order.inhibited or order.why.startswith(("it rejoins", "seeded from"))
    present = (await asyncio.to_thread(Databases(lab.spec).findings, None)).present
    late = [
        w.at_s - thawed_s
        for w in clients.acked()
        if w.at_s > lost.opened_s and w.id not in present
    ]
    return lost, max(late, default=0.0)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_an_isolated_primary_ends_itself_before_another_opens(engine: str) -> None:
    """Promise 1 with nothing but the zones' agents; measured from fault to OPEN."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with short_directory() as directory:
        spec = replace(
            make_spec(directory, Net.NETNS, engine=engine),
            agents=True,
            self_fence_s=TTL_S,
        )
        lab = owned_lab(spec)
        try:
            lab.up(lambda _line: None)
            asyncio.run(stopped_in_order(lab))
            stand_alone(lab)

            async def play(stage: Stage) -> None:
                await resting(stage, "a")
                alone_s = await controller_alone_lost(stage)
                await resting(stage, "a")
                cut = await isolated(stage)
                await resting(stage, "b")
                froze, late_s = await frozen(stage, B)
                sys.stdout.write(
                    f"\n{engine}: controller alone lost for {alone_s:.1f} s: it lives;"
                    f" fault to OPEN cut {cut.opened_s - cut.fault_s:.2f} s, frozen"
                    f" {froze.opened_s - froze.fault_s:.2f} s; last write acknowledged"
                    f" and absent {late_s * 1000:.0f} ms after the thaw\n"
                )
                assert cut.opened_s - cut.fault_s > TTL_S
                assert late_s < THAW_MAX_S

            on_stage(lab, Telling(), play)
        finally:
            lab.down()
