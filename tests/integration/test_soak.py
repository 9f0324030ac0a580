"""A sample of `make soak-replication`: random losses, judged by their histories."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from deploy.lab.engines import ENGINES
from tests.bench.soak import Series, draw, missing, run
from tests.labs import CACHE, require_programs

SAMPLE = (1, 17, 18)
"""Drawn numbers: primaries and replicas lost, with and without proof (a)."""


def test_a_number_says_everything_about_its_run() -> None:
    """Who repeats a run by its number gets that run, whatever ran before."""
    assert draw("mysql", 7) == draw("mysql", 7)
    series = Series(engines=["mysql"], numbers=range(3), file=Path("unused.json"))
    rows = [{"engine": "mysql", "number": 1}]
    assert [d.number for d in missing(series, rows)] == [0, 2]


@pytest.mark.slow
@pytest.mark.lab
@pytest.mark.timeout(240)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_random_losses_break_no_promise(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every operation of every client is judged, not only what was acknowledged."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    monkeypatch.setenv("SITEDR_CACHE", str(CACHE))
    series = Series(engines=[engine], numbers=SAMPLE, file=tmp_path / "soak.json")
    assert run(series, Console(width=160)) == 0, "see the lines of the runs above"
    rows = json.loads(series.file.read_text("utf-8"))["rows"]
    assert [r["number"] for r in rows] == list(SAMPLE)
    assert all(r["looks"] > 20 and r["writes_acked"] > 20 for r in rows)
