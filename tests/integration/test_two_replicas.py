"""Two replicas on real servers: what k of n promises when zones are lost.

One acknowledgement of two, as both engines can: a zone is lost, and the replica that
is left acknowledges from the first write on. Two of two, as MySQL can: the primary
and one replica are lost at once, and the other one holds every acknowledged write.
"""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import yaml

from controller.cli.demo_daemon import running_daemon
from controller.incident.record import Record, RecordKind
from controller.model.ids import ZoneId
from deploy.lab.launcher import Lab
from deploy.lab.spec import ZONES
from tests.integration.test_reopen import Writer, connected, rows, seen
from tests.labs import running_lab

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(240)]
A, B, C = ZONES


@pytest.fixture
def lab(engine: str, acks: int) -> Iterator[Lab]:
    with running_lab(engine=engine) as lab:
        site = lab.spec.directory / "site.yaml"
        tree = yaml.safe_load(site.read_text())
        tree["durability"] = {"acks": acks, "of": 2, "cross_zone": True}
        site.write_text(yaml.safe_dump(tree))
        yield lab


@pytest.mark.parametrize(
    ("engine", "acks", "lost", "left"),
    [("mariadb", 1, (A,), True), ("mysql", 2, (C, A), False)],
)
def test_what_is_left_holds_every_acknowledged_write(
    lab: Lab, acks: int, *, lost: tuple[ZoneId, ...], left: bool
) -> None:
    """*left*: another replica acknowledges from the first write on."""
    writer = Writer(lab)
    status, records = asyncio.run(lose_under(lab, writer, acks, lost))
    writer.join(20)
    assert status["primary"] in {"db-b", "db-c"}
    told = [
        f"{r.body['step']} {r.body}" for r in records if r.kind is RecordKind.OUTCOME
    ]
    assert status["durability"]["protected"] is left, "; ".join(told[-24:])
    plans = [r.body["plan"] for r in records if r.kind is RecordKind.STARTED]
    (moved,) = (p for p in plans if isinstance(p, dict) and p["kind"] == "failover")
    assert (moved["acked_by"], len(moved["ackers"])) == (acks, 2 if left else 1)
    primary = ZoneId(str(status["primary_zone"]))
    assert len(writer.acknowledged) > 20
    assert set(writer.acknowledged) <= rows(lab, primary)


async def lose_under(
    lab: Lab, writer: Writer, acks: int, lost: tuple[ZoneId, ...]
) -> tuple[Any, list[Record]]:
    """Lose zones at once under a writer; return the status at the end, and records."""
    async with running_daemon(lab.spec.directory, None) as daemon:
        await seen(
            daemon.client,
            lambda s: (
                len(s["ackers"]) == 2
                and s["durability"]["acks"] == acks
                and s["run"] is None
                and not s["trouble"]
            ),
            90.0,
        )
        assert waits_for(lab, acks)
        writer.start()
        await asyncio.sleep(1.0)
        for zone in lost:
            lab.kill(zone)
        await seen(daemon.client, lambda s: s["primary"] != "db-a", 30.0)
        await seen(daemon.client, lambda s: s["run"] is None, 30.0)
        if len(lost) == 1:
            await seen(daemon.client, lambda s: s["durability"]["protected"], 30.0)
        status = await daemon.client.status()
        records = list(await daemon.client.records(0))
    writer.ending.set()
    return status, records


def waits_for(lab: Lab, acks: int) -> bool:
    """Ask the server itself; MariaDB has no such setting and waits for one."""
    if acks == 1:
        return True
    with closing(connected(lab, A, timeout_s=5)) as line, line.cursor() as cursor:
        cursor.execute("SELECT @@GLOBAL.rpl_semi_sync_source_wait_for_replica_count")
        (row,) = cursor.fetchall()
    return bool(row == (acks,))
