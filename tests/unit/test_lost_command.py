"""`sitedr lost-writes`: what people read, and that rows are shown only when asked."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.act.archive import FileArchive, reports
from controller.act.clock import SystemClock
from controller.act.virtual import run_virtual
from controller.cli import build_cli
from controller.cli.lost import lost_command
from controller.incident.journal import SqliteJournal
from controller.model.ids import ServerId
from controller.rehearsal.commands import perform
from controller.rehearsal.play import Play
from controller.rehearsal.run_seed import until_well
from controller.rehearsal.site import RehearsalSite, Settings
from replication.binlog.lost import LostReader
from tests.unit.test_binlog import EXTRA, NEWEST, data

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"
DB_A = ServerId("db-a")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(EXAMPLE.read_text())
    return path


def sitedr(config: Path, *words: str) -> Result:
    sitedr = build_cli(lambda *_: None, extra=[lost_command(reports)])
    return CliRunner().invoke(sitedr, ["lost-writes", "-c", str(config), *words])


def keep(config: Path, *, report: bool, **changes: object) -> None:
    """Keep MySQL's log as the daemon does."""

    async def story() -> None:
        archive = FileArchive(config.parent / "state")
        await archive.begin(DB_A)
        await archive.add(DB_A, NEWEST, data("mysql", NEWEST))
        kept = await archive.publish(
            DB_A,
            {
                "zone": "a",
                "successor": "db-b",
                "saved_at_wall_s": 1795293000.0,
                "torn": False,
                "acknowledged": "nobody",
                "extra": list(EXTRA["mysql"]),
            },
        )
        if report:
            await archive.report(kept, {**tree(), "broken": "", **changes})

    asyncio.run(story())


def tree() -> Mapping[str, object]:
    reader = LostReader(EXTRA["mysql"])
    reader.feed(data("mysql", NEWEST))
    return reader.tree()


def lived(config: Path, *commands: str) -> None:
    """Leave the journal of a daemon to which *commands* of a story happened."""

    async def story() -> RehearsalSite:
        site = RehearsalSite(Settings())
        play = Play(site)
        await play.begin()
        await until_well(play)
        for line in commands:
            await perform(play, line)
        await play.end()
        return site

    path = config.parent / "state" / "journal.sqlite"
    path.parent.mkdir(exist_ok=True)
    journal = SqliteJournal(path, clock=SystemClock())
    site = run_virtual(story(), horizon_s=100.0)
    for r in site.journal.records():
        journal.append(r.kind, r.body, incident=r.incident, epoch=r.epoch)
    journal.close()


def test_without_a_journal_nothing_is_known(config: Path) -> None:
    """Not the same as: nothing was lost."""
    answer = sitedr(config)
    assert answer.exit_code != 0
    assert "no journal" in answer.output
    assert "held anything" not in answer.output


def test_an_old_primary_that_nobody_looked_at_is_named(config: Path) -> None:
    lived(config, "kill a", "run-for 8s")
    shown = sitedr(config).output
    assert "db-a in zone a: not compared yet" in shown
    assert "held anything" not in shown
    told = json.loads(sitedr(config, "--json").output)
    assert [d["server"] for d in told["not_known"]] == ["db-a"]
    assert told["not_known"][0]["perhaps_acknowledged"] is False
    assert "held anything" in sitedr(config, "--server", "db-b").output
    unknown = sitedr(config, "--server", "db-z")
    assert unknown.exit_code == 2
    assert "db-a|db-b|db-c" in unknown.output


def test_a_clean_old_primary_lost_nothing(config: Path) -> None:
    lived(config, "kill a", "run-for 8s", "heal a", "run-for 10s")
    assert "held anything" in sitedr(config).output


def test_nothing_was_lost(config: Path) -> None:
    lived(config)
    answer = sitedr(config)
    assert (answer.exit_code, "held anything" in answer.output) == (0, True)
    told: dict[str, object] = {"reports": [], "not_known": []}
    assert json.loads(sitedr(config, "--json").output) == told


def test_transactions_and_tables_without_a_row(config: Path) -> None:
    lived(config)
    keep(config, report=True)
    shown = sitedr(config).output
    assert "db-a in zone a against db-b, 2026-11-21" in shown
    assert "2 transactions, 0 of them heartbeats of ours; 2 rows of yours" in shown
    assert "cms.wide: 1 update" in shown
    assert "nobody was told OK for any of it" in shown
    assert EXTRA["mysql"][0] in shown
    assert "lost-1" not in shown


def test_rows_when_they_are_asked_for(config: Path) -> None:
    lived(config)
    keep(config, report=True)
    assert 'insert cms.t {"row_id": "lost-1"}' in sitedr(config, "--rows").output
    (found,) = json.loads(sitedr(config, "--json").output)["reports"]
    assert found["lost"][0]["rows"][0]["after"] == {"row_id": "lost-1"}
    assert found["files"][0]["sha256"]


def test_what_could_not_be_read_is_said_loudly(config: Path) -> None:
    lived(config)
    keep(config, report=True, missing=3, broken=f"{NEWEST}: a wrong checksum")
    shown = sitedr(config).output
    assert "NOT ALL OF IT COULD BE READ: 3 transactions are missing here." in shown
    assert f"{NEWEST}: a wrong checksum" in shown


def test_logs_without_a_report_are_named(config: Path) -> None:
    lived(config)
    keep(config, report=False)
    assert "there is no report of them" in sitedr(config).output
    assert "held anything" in sitedr(config, "--server", "db-c").output


def test_an_unreadable_archive_is_one_line(config: Path) -> None:
    lived(config)
    keep(config, report=True)
    (manifest,) = (config.parent / "state").rglob("manifest.json")
    manifest.write_text("{")
    answer = sitedr(config)
    assert answer.exit_code == 1
    assert "the archive cannot be read" in answer.output
