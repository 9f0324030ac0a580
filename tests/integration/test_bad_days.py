"""The daemon on a bad day: one clear line, an exit code, nothing half-started."""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controller.act.clock import SystemClock
from controller.incident.journal import SqliteJournal
from tests.conftest import ROOT
from tests.integration.test_operator import EXAMPLE, free_port
from tests.labs import until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A site whose zones nobody serves, with readable secrets."""
    (tmp_path / "secrets").mkdir()
    for name in ("controller", "replication"):
        (tmp_path / "secrets" / name).write_text("x\n")
    text = EXAMPLE.read_text()
    text = text.replace("127.0.0.1:9180", f"127.0.0.1:{free_port()}")
    text = text.replace("kind: process, lab: .", "kind: none")
    (tmp_path / "site.yaml").write_text(text.replace("127.81.", "127.199."))
    return tmp_path


@contextlib.contextmanager
def daemon(
    home: Path, before: Callable[[], None] | None = None
) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-P", "-m", "controller.main", "run", "-c", "site.yaml"]
    process = subprocess.Popen(
        argv,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,  # noqa: PLW1509  single-threaded at this point
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(home: Path, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """Run a daemon that must end by itself; return exit code and last line."""
    with daemon(home, before) as process:
        _, said = process.communicate(timeout=30)
        return process.returncode, said.strip().splitlines()[-1]


def is_up(home: Path) -> bool:
    return (home / "state" / "control.sock").exists() or (
        home / "state" / "control.path"
    ).exists()


def has_begun(home: Path) -> bool:
    path = home / "state" / "journal.sqlite"
    return is_up(home) and "daemon_started" in _records(path)


def test_a_second_daemon_on_the_same_state_is_refused(home: Path) -> None:
    """Exit 4, naming the first one's pid; the first one is not disturbed."""
    with daemon(home) as first:
        until(lambda: is_up(home), "the first one listens", 20)
        code, line = told(home)
        assert (code, str(first.pid) in line) == (4, True), line
        assert first.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_on_record(
    home: Path, number: signal.Signals
) -> None:
    """Exit 0; the journal's last word is that it stopped."""
    with daemon(home) as process:
        until(lambda: has_begun(home), "it observes", 20)
        process.send_signal(number)
        assert process.wait(10) == 0
    kinds = _records(home / "state" / "journal.sqlite")
    assert (kinds[0], kinds[-1]) == ("daemon_started", "daemon_stopped")


def test_a_taken_port_is_one_line(home: Path) -> None:
    """And what to do about it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = home / "site.yaml"
        port = taken.getsockname()[1]
        lines = config.read_text().splitlines()
        kept = [
            f"listen: 127.0.0.1:{port}" if line.startswith("listen:") else line
            for line in lines
        ]
        config.write_text("\n".join(kept) + "\n")
        code, line = told(home)
    assert code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in line
    assert "change `listen`" in line


def test_an_unreadable_secret_is_named_and_nothing_is_started(home: Path) -> None:
    """Every bad reference at once; exit 2."""
    (home / "secrets" / "controller").unlink()
    (home / "secrets" / "replication").unlink()
    with daemon(home) as process:
        _, said = process.communicate(timeout=30)
        assert process.returncode == 2
    assert "file:secrets/controller" in said
    assert "file:secrets/replication" in said
    assert not is_up(home)


def test_a_missing_lab_is_one_line(home: Path) -> None:
    """A provisioner that cannot be opened stops the start, not a failover."""
    config = home / "site.yaml"
    config.write_text(config.read_text().replace("kind: none", "kind: process, lab: ."))
    code, line = told(home)
    assert code == 1
    assert line.startswith("sitedr: ")


def test_a_state_directory_that_cannot_be_made_is_one_line(home: Path) -> None:
    """A file stands in its place."""
    (home / "state").write_text("not a directory")
    code, line = told(home)
    assert code == 1
    assert "state_dir" in line


def test_a_foreign_journal_is_refused(home: Path) -> None:
    """Exit 3: the durable truth is not guessed at."""
    (home / "state").mkdir()
    (home / "state" / "journal.sqlite").write_text("something else entirely " * 99)
    code, line = told(home)
    assert code == 3
    assert "journal" in line


def test_a_full_disk_stops_it_with_a_line_and_loses_nothing(home: Path) -> None:
    """Exit 3; what was on record is still there for the next one."""
    with daemon(home) as process:
        until(lambda: has_begun(home), "it observes", 20)
        process.terminate()
        process.wait(10)
    path = home / "state" / "journal.sqlite"
    before = _records(path)

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    code, line = told(home, full)
    assert code == 3, line
    assert "cannot" in line
    assert "journal" in line
    assert _records(path)[: len(before)] == before


def _records(path: Path) -> list[str]:
    journal = SqliteJournal(path, clock=SystemClock(), read_only=True)
    kinds = [r.kind.value for r in journal.records()]
    journal.close()
    return kinds
