"""Drawn faults: every promise holds, and a seed is the same run every time."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.decide import decide
from controller.decide.leaving import Upkeep
from controller.rehearsal.cli import rehearse
from controller.rehearsal.run_seed import run_script, run_seed
from controller.rehearsal.seeds import Episode, Script, Timed
from controller.rehearsal.site import Settings
from controller.rehearsal.transcript import transcript

SAMPLE = range(120)


def test_a_sample_of_seeds_keeps_every_promise() -> None:
    """Safety always, liveness when calm."""
    verdicts = [run_seed(seed)[0] for seed in SAMPLE]
    assert {v.seed: v.broken for v in verdicts if v.broken} == {}
    assert sum(v.failovers for v in verdicts) > len(verdicts) / 2


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_thousand_seeds_keep_every_promise() -> None:
    broken = {seed: v.broken for seed in range(2000) if (v := run_seed(seed)[0]).broken}
    assert broken == {}


def test_an_edge_nobody_puts_back_is_no_calm_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Liveness: without its repair an edge that missed a failover is named."""
    lines = (
        Timed(at_s=0.0, line="edge pop2 unreachable"),
        Timed(at_s=0.3, line="kill primary"),
    )
    episode = Episode(lines=lines, lasts_s=3.0)
    what = Script(seed=1, settings=Settings(), episodes=(episode,))
    assert run_script(what)[0].broken == {}
    monkeypatch.setattr(decide, "plan_reconcile", lambda *_: Upkeep())
    assert set(run_script(what)[0].broken) == {"edges_on_the_route"}


@pytest.mark.parametrize("seed", range(3))
def test_a_seed_is_the_same_run_every_time(seed: int) -> None:
    """Otherwise nothing could be replayed."""
    told = [transcript(run_seed(seed)[1].case()) for _ in range(2)]
    assert told[0] == told[1]


def test_the_command_writes_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people read and what machines read are the same figures."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(rehearse, ["--seeds", "5", "--json"])
    assert done.exit_code == 0, done.output
    written = json.loads((tmp_path / "build" / "rehearse.json").read_text())
    assert {"command", "commit", "machine", "settings", "rows"} == set(written)
    assert written["rows"][0]["seeds"] == 5
    assert json.loads(done.stdout)["rows"] == written["rows"]


def test_one_seed_is_told_line_by_line() -> None:
    done = CliRunner().invoke(rehearse, ["--seed", "1"])
    assert done.exit_code == 0, done.output
    assert "story" in done.output
    assert "every promise kept" in done.output


def test_an_unknown_story_is_one_clear_error() -> None:
    done = CliRunner().invoke(rehearse, ["no-such-story"])
    assert done.exit_code != 0
    assert "no-such-story" in str(done.exception)
