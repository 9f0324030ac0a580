"""The demo on real servers, through its own door: what a user would run."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from controller.decide.failover import FAILOVER, UNDOING
from controller.decide.saga import Step
from deploy.lab import procs
from tests.conftest import ROOT
from tests.labs import CACHE, require_programs, short_directory, until

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]
PROGRAM = ("-P", "-m", "controller.main", "demo")
LOSING_MORE = {Step.DEGRADE, Step.WITHDRAW, *UNDOING}
"""Rows that a failover passes only when something else fails too."""
ENGINES = ["mariadb", "mysql"]
FAULTS = ["kill", "freeze", pytest.param("cut", marks=pytest.mark.netns)]
CRASH_STEPS = [s.value for s in FAILOVER if s not in LOSING_MORE]


@pytest.fixture
def home() -> Iterator[Path]:
    """A working directory for one demo; its `build/` is made there."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with short_directory() as directory:
        yield directory


def _start(home: Path, argv: Sequence[str]) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SITEDR_CACHE": str(CACHE)}
    return subprocess.Popen(
        [sys.executable, *PROGRAM, *argv],
        cwd=home,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _demo(home: Path, *argv: str) -> dict[str, Any]:
    """Run a demo to its end and return its figures; it must have succeeded."""
    demo = _start(home, [*argv, "--json", "figures.json"])
    try:
        shown, _ = demo.communicate(timeout=150)
    finally:
        demo.kill()
        demo.wait()
    assert demo.returncode == 0, shown
    figures: dict[str, Any] = json.loads((home / "figures.json").read_text("utf-8"))
    wrapped = json.loads((home / "build" / "demo.json").read_text("utf-8"))
    assert wrapped["rows"] == [figures]
    assert not _left_over(home), "something still runs"
    return figures


def _left_over(home: Path) -> list[procs.Process]:
    """Return processes that work for a lab below *home*."""
    wanted = str(home).encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        process = procs.identify(int(entry.name))
        if wanted in command and process is not None:
            found.append(process)
    return found


def _kept_every_promise(figures: dict[str, Any]) -> None:
    assert figures["ok"]
    assert (figures["acked_lost"], figures["old_primary_acks"]) == (0, 0)
    assert figures["reads_failed"] == 0
    assert figures["writes_acked"] > 20
    assert figures["reads_total"] > 60


@pytest.mark.parametrize("engine", ENGINES)
def test_the_primarys_zone_is_killed(home: Path, engine: str) -> None:
    figures = _demo(home, "--engine", engine)
    _kept_every_promise(figures)
    assert figures["fence_proof"] == "process"
    assert (figures["zone_primary"], figures["zone_replica"]) == ("b", "c")
    assert figures["epoch"] >= 2
    assert 0 < figures["detect_s"] < figures["write_gap_s"] + 1
    assert figures["protected_again_s"] > figures["detect_s"]
    assert {"confirm", "freeze", "fence", "open", "release"} <= set(figures["steps"])
    assert figures["unreplicated"]["sessions_lost"] == 1
    assert figures["unreplicated"]["search_documents_lost"] == 3


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)],
)
def test_an_interrupted_demo_leaves_nothing_behind(
    home: Path, number: signal.Signals
) -> None:
    demo = _start(home, [])
    try:
        until(lambda: _daemon_log(home) is not None, "the daemon is started", 60)
        demo.send_signal(number)
        shown, _ = demo.communicate(timeout=30)
    finally:
        demo.kill()
        demo.wait()
    assert demo.returncode == 130, shown
    until(lambda: not _left_over(home), "everything has ended")
    assert list((home / "build").glob("demo-*")) == []


def _daemon_log(home: Path) -> Path | None:
    return next((home / "build").glob("demo-*/daemon.log"), None)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_replicas_zone_is_lost(home: Path, engine: str, fault: str) -> None:
    """A short write stall, degraded on record, protected again elsewhere."""
    figures = _demo(home, "--engine", engine, "--lose", "b", "--fault", fault)
    _kept_every_promise(figures)
    assert (figures["zone_primary"], figures["zone_replica"]) == ("a", "c")
    assert figures["fence_proof"] is None
    assert figures["protected_again_s"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_the_spare_zone_is_lost(home: Path, fault: str) -> None:
    """Nothing moves, and that is said."""
    figures = _demo(home, "--lose", "spare", "--fault", fault)
    _kept_every_promise(figures)
    assert (figures["zone_lost"], figures["steps"]) == ("c", {})
    assert (figures["detect_s"], figures["protected_again_s"]) == (None, 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("without", [[], ["--without-proof", "a"]], ids=["", "not_a"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_primarys_zone_is_lost(
    home: Path, engine: str, fault: str, without: list[str]
) -> None:
    """Every fault, with proof (a) and with it switched off."""
    figures = _demo(home, "--engine", engine, "--fault", fault, *without)
    _kept_every_promise(figures)
    assert (figures["fence_proof"] == "process") is not bool(without)


@pytest.mark.slow
@pytest.mark.parametrize("point", ["intent", "effect"])
@pytest.mark.parametrize("step", CRASH_STEPS)
def test_the_daemon_is_killed_in_the_middle_of_a_step(
    home: Path, step: str, point: str
) -> None:
    """The next process continues from the journal."""
    _kept_every_promise(_demo(home, "--crash-controller", f"{step}:{point}"))


@pytest.mark.slow
@pytest.mark.parametrize("step", CRASH_STEPS)
def test_the_daemon_is_killed_in_mid_step_on_mysql(home: Path, step: str) -> None:
    """The same on the other engine, where proof of death is not to be had."""
    argv = ("--engine", "mysql", "--without-proof", "a", "--crash-controller", step)
    _kept_every_promise(_demo(home, *argv))


@pytest.mark.slow
@pytest.mark.parametrize("point", ["intent", "effect"])
def test_the_daemon_is_killed_while_it_degrades(home: Path, point: str) -> None:
    """Recorded first, so the next one knows that it may be in place."""
    argv = ("--lose", "b", "--crash-controller", f"degrade:{point}")
    _kept_every_promise(_demo(home, *argv))
