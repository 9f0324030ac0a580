"""The old primary returns, on real servers: compared, reported, laid anew or rejoined.

First with a commit that waited when its zone was killed, then without anything.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pymysql
import pytest
import yaml
from click.testing import CliRunner

from controller.act.archive import reports
from controller.cli import build_cli
from controller.cli.demo_daemon import running_daemon
from controller.cli.lost import lost_command
from controller.incident.record import Record, RecordKind
from controller.model.ids import ZoneId
from deploy.lab.engines import ENGINES
from deploy.lab.launcher import Lab
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import ZONES
from replication import statements
from tests.integration.test_reopen import connected, rows, seen
from tests.labs import running_lab, until

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(240)]
A, B, C = ZONES
DIALECTS = {"mariadb": statements.MARIADB, "mysql": statements.MYSQL}


@pytest.fixture
def lab(engine: str) -> Iterator[Lab]:
    """A lab whose daemon takes a waiting commit for a stall only after long."""
    with running_lab(engine=engine) as lab:
        site = lab.spec.directory / "site.yaml"
        tree = yaml.safe_load(site.read_text())
        tree["probe"]["stall_s"] = 5.0
        tree["cooldown_s"], tree["retry_s"] = 1.0, 1.0
        tree["rto_target_s"] = 120
        site.write_text(yaml.safe_dump(tree))
        yield lab


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_an_old_primary_returns(lab: Lab, engine: str) -> None:
    """The report names the one write; a clean one rejoins without a copy."""
    asyncio.run(returns_with_a_write(lab, engine))
    asyncio.run(returns_clean(lab))
    asyncio.run(lacks_what_is_purged(lab))


async def returns_with_a_write(lab: Lab, engine: str) -> None:
    """The first one dies while a commit waits on it."""
    directory = lab.spec.directory
    async with running_daemon(directory, None) as daemon:
        await settled(daemon.client, "db-a")
        write(lab, A, "kept-1")
        order(lab, B, DIALECTS[engine].stop_receiver)
        waiting = hanging(lab, A, "lost-1")
        await asyncio.sleep(0.3)
        assert waiting.is_alive(), "a commit was acknowledged by nobody"
        lab.kill(A)
        await settled(daemon.client, "db-b")
        lab.heal(A)
        await seen(daemon.client, lambda s: old(s, "db-a") == "extra")
        await seen(daemon.client, lambda s: bool(s["old_primaries"]["db-a"]["report"]))
        await settled(daemon.client, "db-b")
    told_of_the_lost_write(directory)


async def returns_clean(lab: Lab) -> None:
    """The second one dies while nobody writes, not even the daemon."""
    lab.kill(B)
    async with running_daemon(lab.spec.directory, None) as daemon:
        await settled(daemon.client, "db-c")
        lab.heal(B)
        await seen(daemon.client, lambda s: old(s, "db-b") == "clean")
        await settled(daemon.client, "db-c")
        data = lab.spec.zone_dir(B) / "db" / "data"
        before = data.stat().st_ino
        lab.kill(A)
        await seen(daemon.client, lambda s: s["ackers"] == ["db-b"], 40.0)
        await settled(daemon.client, "db-c")
        records = list(await daemon.client.records(0))
    assert data.stat().st_ino == before, "its data was laid anew"
    assert "rejoin completed" in ends(records)
    write(lab, C, "after")
    until(lambda: rows(lab, B) == rows(lab, C) == {"kept-1", "after"}, "the same rows")


async def lacks_what_is_purged(lab: Lab) -> None:
    """The third one is clean, and cannot catch up: it makes room for a copy."""
    lab.heal(A)
    lab.kill(C)
    async with running_daemon(lab.spec.directory, None) as daemon:
        await settled(daemon.client, "db-b")
        lab.heal(C)
        await seen(daemon.client, lambda s: old(s, "db-c") == "clean")
        await settled(daemon.client, "db-b")
        order(lab, B, "SET GLOBAL binlog_expire_logs_seconds=1")
        for _ in range(3):  # file times are whole seconds: 1.5 s were too near
            await asyncio.sleep(2.5)
            order(lab, B, "FLUSH BINARY LOGS")
        data = lab.spec.zone_dir(C) / "db" / "data"
        before = data.stat().st_ino
        lab.kill(A)
        await seen(daemon.client, lambda s: s["ackers"] == ["db-c"], 40.0)
        await settled(daemon.client, "db-b")
        records = list(await daemon.client.records(0))
    assert data.stat().st_ino != before, "it has no new copy"
    assert "rejoin under_replicated" in ends(records)
    until(lambda: rows(lab, C) == rows(lab, B) == {"kept-1", "after"}, "the same rows")


async def settled(client: Any, primary: str) -> None:
    """Wait until *primary* serves, protected, and nothing is under way."""
    await seen(
        client,
        lambda s: (
            s["primary"] == primary
            and s["durability"]["protected"]
            and s["run"] is None
        ),
        60.0,
    )


def old(status: Any, server: str) -> str:
    found = status["old_primaries"].get(server)
    return "" if found is None else str(found["known"])


def told_of_the_lost_write(directory: Path) -> None:
    """Exactly that row, no acknowledged one; by the command people use."""
    sitedr = build_cli(lambda *_: None, extra=[lost_command(reports)])
    config = str(directory / "site.yaml")
    answer = CliRunner().invoke(sitedr, ["lost-writes", "-c", config, "--json"])
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert told["not_known"] == []
    (report,) = told["reports"]
    lost = [t for t in report["lost"] if not t["canary"]]
    assert [t["tables"] for t in lost] == [
        {"cms.writes": {"insert": 1, "update": 0, "delete": 0}}
    ]
    assert lost[0]["rows"][0]["after"]["id"] == "lost-1"
    assert (report["rows"], report["missing"], report["broken"]) == (1, 0, "")
    for kept in (directory / "state" / "lost-writes").rglob("*"):
        assert kept.stat().st_mode & 0o077 == 0, kept
    shown = CliRunner().invoke(sitedr, ["lost-writes", "-c", config]).output
    assert "cms.writes: 1 insert" in shown
    assert "lost-1" not in shown, "row images are shown only when asked for"
    assert "lost-1" not in (directory / "daemon.log").read_text()


def write(lab: Lab, zone: ZoneId, row: str) -> None:
    with closing(connected(lab, zone, timeout_s=20)) as line, line.cursor() as cursor:
        cursor.execute("INSERT INTO cms.writes (id, zone) VALUES (%s, 'x')", (row,))


def hanging(lab: Lab, zone: ZoneId, row: str) -> threading.Thread:
    """Write *row* on a thread: nobody acknowledges it, and its server is killed."""

    def wait() -> None:
        with pytest.raises(pymysql.MySQLError):
            write(lab, zone, row)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def order(lab: Lab, zone: ZoneId, text: str) -> None:
    account = read_accounts(lab.spec.directory / "secrets").controller
    at = lab.spec.instance(zone)
    with (
        closing(
            pymysql.connect(
                host=at.host,
                port=at.admin_port,
                user=account.user,
                password=account.password,
            )
        ) as line,
        line.cursor() as cursor,
    ):
        cursor.execute(text)


def ends(records: list[Record]) -> list[str]:
    return [
        f"{r.body['kind']} {r.body['end']}"
        for r in records
        if r.kind is RecordKind.ENDED
    ]
