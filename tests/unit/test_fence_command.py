"""Proof (e): what each end of a command means, and what it is told."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.fencing.command import CommandFence
from deploy.running import SAID_MAX, last_line
from tests.contract.fence_proof import fencing


def prove(code: str, *, check: str = "", command_s: float = 5.0) -> Outcome:
    fence = CommandFence(
        argv=(sys.executable, "-c", code),
        check=(sys.executable, "-c", check) if check else (),
        command_s=command_s,
    )
    return asyncio.run(fence.prove(fencing(7)))


def test_zero_is_proof_with_code_duration_and_last_line() -> None:
    done = prove("print('first'); print('outlet 7 off'); print()")
    assert isinstance(done, Done)
    assert done.evidence["exit_code"] == "0"
    assert float(done.evidence["seconds"]) > 0
    assert done.evidence["said"] == "outlet 7 off"


@pytest.mark.parametrize("code", [1, 2, 9, 11, 127])
def test_only_one_code_is_a_certain_no(code: int) -> None:
    assert isinstance(prove("raise SystemExit(10)"), Refused)
    unknown = prove(f"raise SystemExit({code})")
    assert isinstance(unknown, Unknown)
    assert f"exit code {code}" in unknown.reason


def test_a_command_that_hangs_is_unknown_and_nothing_of_it_stays(
    tmp_path: Path,
) -> None:
    """Its children too: a fence that goes off later than we think is none."""
    noted = tmp_path / "child"
    code = (
        "import pathlib, signal, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        f"pathlib.Path({str(noted)!r}).write_text(str(child.pid))\n"
        "signal.pause()"
    )
    began = time.monotonic()
    unknown = prove(code, command_s=1.5)
    assert isinstance(unknown, Unknown), unknown
    assert time.monotonic() - began < 5
    status = Path(f"/proc/{noted.read_text()}/stat")
    end = time.monotonic() + 3
    while status.exists() and status.read_text().split()[2] != "Z":
        assert time.monotonic() < end, "its child lives on"


def test_the_check_has_the_last_word() -> None:
    """It clears a doubt, and takes back a zero; a certain no needs none."""
    assert isinstance(prove("raise SystemExit(1)", check="pass"), Done)
    denied = prove("pass", check="raise SystemExit(1)")
    assert isinstance(denied, Unknown)
    assert isinstance(prove("raise SystemExit(10)", check="pass"), Refused)


def test_a_command_that_is_not_there_fenced_nothing() -> None:
    fence = CommandFence(argv=("/nonexistent/fence",), command_s=1.0)
    assert isinstance(asyncio.run(fence.prove(fencing(7))), Refused)


def test_it_is_told_zone_server_and_epoch_and_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SITE_PASSWORD", "hidden")
    done = prove("import os; print(sorted(n for n in os.environ if n != 'LC_CTYPE'))")
    assert isinstance(done, Done)
    assert "SITE_PASSWORD" not in done.evidence["said"]
    told = prove(
        "import os; e = os.environ;"
        "print(e['SITEDR_ZONE'], e['SITEDR_SERVER'], e['SITEDR_EPOCH'])"
    )
    assert isinstance(told, Done)
    assert told.evidence["said"] == "a db-a 7"
    assert "SITE_PASSWORD" in os.environ


def test_what_it_says_is_bounded_and_printable() -> None:
    assert last_line(b"x" * 5000) == "x" * SAID_MAX
    assert last_line(b"ok\x1b[31m\n\n") == "ok[31m"
    assert last_line(b"\xff\xfe") == "\ufffd\ufffd"
    assert last_line(b"") == ""
