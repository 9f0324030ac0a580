"""`sitedr lost-writes`: what people read, and that rows are shown only when asked."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.act.archive import FileArchive, reports
from controller.cli import build_cli
from controller.cli.lost import lost_command
from controller.model.ids import ServerId
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


def test_nothing_was_lost(config: Path) -> None:
    answer = sitedr(config)
    assert (answer.exit_code, "held anything" in answer.output) == (0, True)
    assert json.loads(sitedr(config, "--json").output) == []


def test_transactions_and_tables_without_a_row(config: Path) -> None:
    keep(config, report=True)
    shown = sitedr(config).output
    assert "db-a in zone a against db-b, 2026-11-21" in shown
    assert "2 transactions, 0 of them heartbeats of ours; 2 rows of yours" in shown
    assert "cms.wide: 1 update" in shown
    assert "nobody was told OK for any of it" in shown
    assert EXTRA["mysql"][0] in shown
    assert "lost-1" not in shown


def test_rows_when_they_are_asked_for(config: Path) -> None:
    keep(config, report=True)
    assert 'insert cms.t {"row_id": "lost-1"}' in sitedr(config, "--rows").output
    (found,) = json.loads(sitedr(config, "--json").output)
    assert found["lost"][0]["rows"][0]["after"] == {"row_id": "lost-1"}
    assert found["files"][0]["sha256"]


def test_what_could_not_be_read_is_said_loudly(config: Path) -> None:
    keep(config, report=True, missing=3, broken=f"{NEWEST}: a wrong checksum")
    shown = sitedr(config).output
    assert "NOT ALL OF IT COULD BE READ: 3 transactions are missing here." in shown
    assert f"{NEWEST}: a wrong checksum" in shown


def test_logs_without_a_report_are_named(config: Path) -> None:
    keep(config, report=False)
    assert "there is no report of them" in sitedr(config).output
    assert "held anything" in sitedr(config, "--server", "db-c").output


def test_an_unreadable_archive_is_one_line(config: Path) -> None:
    keep(config, report=True)
    (manifest,) = (config.parent / "state").rglob("manifest.json")
    manifest.write_text("{")
    answer = sitedr(config)
    assert answer.exit_code == 1
    assert "the archive cannot be read" in answer.output
