"""A port that accepts and a command that judges: what each can say, and what not."""

import asyncio
import contextlib
import errno
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from deploy.running import run_bounded
from health.adapters.command import CommandProbe
from health.adapters.http import HttpProbe
from health.adapters.redis import RedisProbe
from health.adapters.tcp import ACCEPTS, TcpProbe
from health.detector import BLIND_PHASES, FAULTY
from health.ports import Sample
from tests.contract.loops import on_both_loops, run_on
from tests.contract.test_probes import closed_port

TIMEOUT_S = 0.4
SERVER = """
import socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
while True:
    asked, _ = listening.accept()
    asked.recv(4096)
    asked.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    asked.close()
"""


@asynccontextmanager
async def a_server() -> AsyncIterator[tuple[int, int]]:
    """Run an HTTP server in a process of its own; yield its pid and its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield process.pid, int(await process.stdout.readline())
    finally:
        process.kill()
        await process.communicate()


async def connected(port: int) -> Sample:
    return await TcpProbe("127.0.0.1", port, timeout_s=TIMEOUT_S).probe()


@on_both_loops
def test_a_frozen_server_still_accepts(loop: str) -> None:
    """TCP alone is never proof of life: only the protocol itself tells."""

    async def story() -> tuple[Sample, Sample, Sample]:
        async with a_server() as (pid, port):
            http = HttpProbe(f"http://127.0.0.1:{port}/", timeout_s=TIMEOUT_S)
            alive = await http.probe()
            os.kill(pid, signal.SIGSTOP)
            try:
                return alive, await connected(port), await http.probe()
            finally:
                os.kill(pid, signal.SIGCONT)

    alive, tcp, http = run_on(loop, story())
    assert alive.phase == ""
    assert (tcp.phase, tcp.reason) == ("", ACCEPTS)
    assert http.phase == "read"


@on_both_loops
def test_nobody_listens_and_nobody_is_found(loop: str) -> None:
    async def story() -> list[str]:
        unknown = TcpProbe("a.invalid", 80, timeout_s=5.0)
        return [
            (await connected(await closed_port())).phase,
            (await unknown.probe()).phase,
        ]

    assert run_on(loop, story()) == ["connect", "dns"]


def test_a_machine_without_sockets_says_nothing_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Too many open files are ours: no zone is down by them."""

    async def none_left(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(asyncio, "open_connection", none_left)
    redis = RedisProbe("127.0.0.1", 9, timeout_s=TIMEOUT_S)
    assert asyncio.run(connected(9)).phase == FAULTY
    assert asyncio.run(redis.probe()).phase == FAULTY


async def ran(script: str, *, timeout_s: float = 5.0) -> Sample:
    argv, told = ["/bin/sh", "-c", script], {"SITEDR_ZONE": "a"}
    run = partial(run_bounded, argv, told, bound_s=timeout_s)
    return await CommandProbe(run, timeout_s=timeout_s).probe()


@on_both_loops
@pytest.mark.parametrize(
    ("script", "phase", "reason"),
    [
        pytest.param("exit 0", "", "answers", id="well"),
        pytest.param("echo one >&2; echo 'lag 900 s' >&2; exit 2", "status", "exit code 2: lag 900 s", id="not well"),
        pytest.param("exit 1", "status", "it said nothing", id="says nothing"),
        pytest.param("echo no route >&2; exit 75", FAULTY, "it could not look: no route", id="EX_TEMPFAIL"),
        pytest.param("kill -9 $$", FAULTY, "ended by signal 9", id="ended by us"),
        pytest.param('test "$SITEDR_ZONE" = a && test -z "$SECRET"', "", "answers", id="a clean environment"),
        pytest.param("yes | head -c 3000000; echo >&2; echo last >&2; exit 1", "status", "last", id="much to say"),
    ],
)  # fmt: skip
def test_the_exit_code_judges(
    loop: str,
    script: str,
    phase: str,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET", "sesame")
    found = run_on(loop, ran(script))
    assert found.phase == phase
    assert reason in found.reason


def test_what_could_not_look_is_blindness() -> None:
    assert FAULTY in BLIND_PHASES


@on_both_loops
def test_a_command_without_end_is_ended_with_its_children(
    loop: str, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"

    async def story() -> tuple[Sample, list[int]]:
        script = f"sleep 60 & echo $! > {pids}; echo $$ >> {pids}; wait"
        found = await ran(script, timeout_s=TIMEOUT_S)
        return found, [int(pid) for pid in pids.read_text().split()]

    found, left = run_on(loop, story())
    assert (found.phase, found.reason) == ("read", f"no answer within {TIMEOUT_S:g} s")
    assert len(left) == 2
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            assert state == "Z", "still running"


def test_a_command_that_is_not_there_is_our_mistake() -> None:
    async def story() -> Sample:
        run = partial(run_bounded, ["/nonexistent/check"], {}, bound_s=1.0)
        return await CommandProbe(run, timeout_s=1.0).probe()

    found = asyncio.run(story())
    assert (found.phase, found.reason) == (
        FAULTY,
        "not started: No such file or directory",
    )
