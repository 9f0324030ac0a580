"""The origin on a real MariaDB: what it acknowledges, refuses and cannot know."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pymysql
import pytest

from deploy.lab.schema import STATEMENTS
from tests.edge_lab import end, host
from tests.labs import require_programs, until

pytestmark = pytest.mark.lab
ROOT = Path(__file__).resolve().parents[2]
DATABASE, REDIS, SEARCH, CMS = 23306, 26379, 28983, 28081
COMMIT_S = 0.5


@dataclass(slots=True)
class Zone:
    """One zone's processes by name."""

    home: Path
    address: str
    processes: dict[str, subprocess.Popen[bytes]]

    @property
    def url(self) -> str:
        return f"http://{self.address}:{CMS}"

    def start(self, name: str, *argv: str) -> None:
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                argv, cwd=ROOT, stdout=log, stderr=log
            )

    def start_database(self) -> None:
        options = [f"--datadir={self.home / 'data'}", f"--socket={self.home / 's'}"]
        options += [f"--bind-address={self.address}", f"--port={DATABASE}"]
        options += ["--log-bin=bin", "--server-id=1", "--skip-log-error"]
        options += ["--innodb-buffer-pool-size=16M", f"--user={user()}"]
        path = f"{os.environ.get('PATH', '')}:/usr/sbin"
        server = shutil.which("mariadbd", path=path) or "mariadbd"
        self.start("database", server, "--no-defaults", *options)
        until(self.answers, "mariadbd answers", 30)

    def answers(self) -> bool:
        assert self.processes["database"].poll() is None, "mariadbd ended"
        # PyMySQL leaves its socket open when it is refused: knock first.
        with socket.socket(socket.AF_UNIX) as door:
            if door.connect_ex(str(self.home / "s")) != 0:
                return False
        return self.sql("SELECT 1") == [(1,)]

    def sql(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as root over the socket; return the last rows."""
        with (
            pymysql.connect(unix_socket=str(self.home / "s"), user="root") as conn,
            conn.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def stop(self) -> None:
        for process in self.processes.values():
            end(process)

    def kill(self, name: str) -> None:
        end(self.processes[name])


def user() -> str:
    return "root" if os.geteuid() == 0 else str(os.geteuid())


def lay_database(zone: Zone) -> None:
    argv = ["mariadb-install-db", "--no-defaults", f"--datadir={zone.home / 'data'}"]
    argv += ["--auth-root-authentication-method=normal", "--skip-test-db"]
    argv += ["--force"]  # or a host that cannot resolve its own name is refused
    subprocess.run(
        [*argv, f"--user={user()}"], check=True, capture_output=True, timeout=60
    )


def seed(zone: Zone) -> None:
    zone.sql(
        *STATEMENTS,
        f"CREATE USER IF NOT EXISTS cms@'%' IDENTIFIED BY '{'s3cret'}'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON cms.* TO cms@'%'",
    )


def configure(zone: Zone) -> Path:
    (zone.home / "password").write_text("s3cret\n")
    tree = {
        "zone": "a",
        "host": zone.address,
        "port": CMS,
        "database": {
            "host": zone.address,
            "port": DATABASE,
            "user": "cms",
            "password_file": "password",
            "name": "cms",
        },
        "redis": {"host": zone.address, "port": REDIS},
        "search": f"http://{zone.address}:{SEARCH}",
        "editor": {"user": "editor", "password_file": "password"},
        "commit_s": COMMIT_S,
    }
    path = zone.home / "cms.json"
    path.write_text(json.dumps(tree))
    search = {"host": zone.address, "port": SEARCH}
    (zone.home / "search.json").write_text(json.dumps(search))
    return path


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    require_programs("mariadbd", "mariadb-install-db", "redis-server")
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="sitedr-cms-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        running = Zone(home, host(30), {})
        stack.callback(running.stop)
        lay_database(running)
        running.start_database()
        redis = ["redis-server", "--bind", running.address, "--port", str(REDIS)]
        running.start("redis", *redis, "--save", "", "--dir", str(home))
        module = [sys.executable, "-m"]
        config = str(configure(running))
        running.start("cms", *module, "deploy.lab.cms", "--config", config)
        search = str(home / "search.json")
        running.start("search", *module, "deploy.lab.search", "--config", search)
        until(lambda: status(running, "/healthz") is not None, "the origin answers")
        # Not seeded yet: no reads for this origin.
        assert status(running, "/healthz") == 503
        seed(running)
        until(lambda: status(running, "/healthz") == 200, "healthy once seeded")
        yield running


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client sees."""

    status: int
    outcome: str
    text: str
    headers: dict[str, str]


async def ask(zone: Zone, path: str, body: object = None, **headers: str) -> Answer:
    async with asyncio.timeout(10), aiohttp.ClientSession() as http:
        method = "GET" if body is None else "POST"
        async with http.request(
            method, zone.url + path, json=body, headers=headers, allow_redirects=False
        ) as answer:
            return Answer(
                answer.status,
                answer.headers.get("X-Write-Outcome", ""),
                await answer.text(),
                dict(answer.headers),
            )


def status(zone: Zone, path: str) -> int | None:
    try:
        return asyncio.run(ask(zone, path)).status
    except (aiohttp.ClientError, OSError):
        return None


def write(zone: Zone, key: str, **headers: str) -> Answer:
    return asyncio.run(ask(zone, "/write", {"id": key}, **headers))


def test_an_acknowledged_write_is_there_and_is_not_acknowledged_twice(
    zone: Zone,
) -> None:
    answer = write(zone, "one")
    assert answer.status == 200
    assert json.loads(answer.text) == {"id": "one", "zone": "a"}
    assert zone.sql("SELECT id FROM cms.writes WHERE id = 'one'") == [("one",)]
    assert status(zone, "/writes/one") == 200
    assert status(zone, "/writes/none") == 404
    assert write(zone, "one").status == 409


def test_a_read_only_database_is_told_as_not_sent(zone: Zone) -> None:
    zone.sql("SET GLOBAL read_only = 1")
    try:
        answer = write(zone, "while-read-only")
        assert (answer.status, answer.outcome) == (425, "not-sent")
        assert status(zone, "/") == 200
        assert status(zone, "/healthz") == 200
    finally:
        zone.sql("SET GLOBAL read_only = 0")
    assert status(zone, "/writes/while-read-only") == 404
    assert write(zone, "after-read-only").status == 200


def test_a_write_the_client_gave_up_long_ago_is_refused(zone: Zone) -> None:
    def sent(age_s: float) -> str:
        return str(int((time.time_ns() / 1e9 - age_s) * 1000))

    old = write(zone, "old", **{"X-Edge-Sent": sent(5)})
    assert (old.status, old.outcome) == (425, "not-sent")
    assert status(zone, "/writes/old") == 404
    assert write(zone, "fresh", **{"X-Edge-Sent": sent(0)}).status == 200


def test_hanging_commits_are_unknown_and_leave_the_readers_alone(zone: Zone) -> None:
    """More of them than the write pool holds: the rest was never sent."""
    zone.sql(
        "SET GLOBAL rpl_semi_sync_master_timeout = 600000",
        "SET GLOBAL rpl_semi_sync_master_enabled = 1",
    )

    async def story() -> list[Answer]:
        jobs = [ask(zone, "/write", {"id": f"hang-{n}"}) for n in range(40)]
        hanging = asyncio.gather(*jobs)
        await asyncio.wait({hanging}, timeout=COMMIT_S / 2)
        reads = [await ask(zone, path) for path in ("/", "/healthz", "/writes/one")]
        assert [answer.status for answer in reads] == [200, 200, 200]
        return list(await hanging)

    try:
        answers = asyncio.run(story())
    finally:
        zone.sql("SET GLOBAL rpl_semi_sync_master_enabled = 0")
    fates = {(a.status, a.outcome) for a in answers}
    assert fates == {(504, "unknown"), (425, "not-sent")}
    for number, answer in enumerate(answers):
        if answer.status == 425:
            assert status(zone, f"/writes/hang-{number}") == 404
    # Releasing the waiters frees the pool.
    until(
        lambda: write(zone, f"free-{time.monotonic_ns()}").status == 200,
        "released waiters free the write pool",
    )


def test_an_editor_changes_a_page_and_everyone_sees_it(zone: Zone) -> None:
    async def story() -> None:
        page = {"slug": "news", "title": "News <1>", "body": "first"}
        assert (await ask(zone, "/page", page)).status == 403
        wrong = await ask(zone, "/login", {"user": "editor", "password": "no"})
        assert wrong.status == 403
        login = await ask(zone, "/login", {"user": "editor", "password": "s3cret"})
        cookie = {"Cookie": login.headers["Set-Cookie"].split(";")[0]}
        assert (await ask(zone, "/page", page, **cookie)).status == 200
        for expected in ("miss", "hit"):
            seen = await ask(zone, "/page/news")
            assert seen.headers["X-Cache"] == expected
            assert "News &lt;1&gt;" in seen.text
            assert seen.headers["X-Zone"] == "a"
            assert "max-age" in seen.headers["Cache-Control"]
        changed = await ask(zone, "/page/news", {"body": "second"}, **cookie)
        assert changed.status == 200
        assert "second" in (await ask(zone, "/page/news")).text
        assert "/page/news" in (await ask(zone, "/search?q=second")).text
        assert "/page/news" not in (await ask(zone, "/search?q=first")).text

    asyncio.run(story())


def test_reads_go_on_without_redis(zone: Zone) -> None:
    zone.processes["redis"].send_signal(signal.SIGSTOP)
    try:
        assert status(zone, "/page/welcome") == 200
        assert status(zone, "/healthz") == 200
    finally:
        zone.processes["redis"].send_signal(signal.SIGCONT)


def test_a_dead_database_is_told_and_its_return_is_noticed(zone: Zone) -> None:
    assert write(zone, "before-crash").status == 200
    zone.kill("database")
    answer = write(zone, "while-dead")
    assert (answer.status, answer.outcome) == (425, "not-sent")
    until(lambda: status(zone, "/healthz") == 503, "unhealthy")
    assert status(zone, "/writes/before-crash") == 503
    zone.start_database()
    until(lambda: status(zone, "/healthz") == 200, "healthy again")
    assert status(zone, "/writes/before-crash") == 200
    assert write(zone, "after-crash").status == 200


def test_a_frozen_database_fails_health_within_its_bound(zone: Zone) -> None:
    zone.processes["database"].send_signal(signal.SIGSTOP)
    try:
        before = time.monotonic()
        assert status(zone, "/healthz") == 503
        assert time.monotonic() - before < 1.0
        assert write(zone, "while-frozen").outcome == "not-sent"
    finally:
        zone.processes["database"].send_signal(signal.SIGCONT)
    until(lambda: status(zone, "/healthz") == 200, "healthy again")
    assert write(zone, "after-thaw").status == 200
    # The statement ran at the thaw, its COMMIT never left: it is rolled back.
    assert status(zone, "/writes/while-frozen") == 404
