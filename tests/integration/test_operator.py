"""The operator's commands against a real daemon on memory adapters, real sockets."""

import asyncio
import contextlib
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.act.clock import SystemClock
from controller.act.daemon import Daemon
from controller.cli import build_cli
from controller.decide.facts import Mode
from controller.http_api import Doors
from controller.http_doors import open_doors
from controller.model.ids import ZoneId
from controller.rehearsal.site import A, B, RehearsalSite, Settings
from tests.labs import short_directory, until

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A daemon in a thread, and the command line beside it."""

    config: Path
    port: int
    site: RehearsalSite
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    ready: threading.Event = field(default_factory=threading.Event)
    daemon: Daemon | None = None

    def sitedr(self, *words: str) -> Result:
        def no_daemon(*_: object) -> None:
            raise AssertionError("not in this test")

        arguments = [words[0], "-c", str(self.config), *words[1:]]
        return CliRunner().invoke(build_cli(no_daemon), arguments)

    def status(self) -> dict[str, object]:
        found = self.sitedr("status", "--json")
        assert found.exit_code == 0, found.output
        tree = json.loads(found.output)
        assert isinstance(tree, dict)
        return tree

    def vetoes(self) -> set[str]:
        found = self.status()["vetoes"]
        assert isinstance(found, list)
        return {v["name"] for v in found}

    def metrics(self) -> str:
        url = f"http://127.0.0.1:{self.port}/metrics"
        with urllib.request.urlopen(url) as answer:
            return str(answer.read(), "utf-8")

    def lose(self) -> None:
        """Kill zone a, in the daemon's own thread."""
        self.loop.call_soon_threadsafe(self.site.kill, A)

    async def serve(self, stop: asyncio.Event) -> None:
        await self.site.open_first()
        self.daemon = self.site.daemon()
        doors = Doors(self.daemon, "cms", self.site.journal.records)
        state_dir, host = self.config.parent / "state", "127.0.0.1"
        async with open_doors(doors, state_dir=state_dir, host=host, port=self.port):
            work = asyncio.ensure_future(self.daemon.run())
            self.ready.set()
            await stop.wait()
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work


@contextlib.contextmanager
def running(mode: Mode, *, granted: tuple[ZoneId, ...] = ()) -> Iterator[Running]:
    with short_directory() as directory:
        (directory / "state").mkdir()
        config = directory / "site.yaml"
        config.write_text(EXAMPLE.read_text())
        settings = Settings(
            mode=mode,
            interval_s=0.02,
            timeout_s=0.1,
            seeding_s=0.05,
            granted=granted,
        )
        site = RehearsalSite(settings, clock=SystemClock())
        found = Running(config, free_port(), site)
        stop = asyncio.Event()
        thread = threading.Thread(
            target=found.loop.run_until_complete, args=(found.serve(stop),)
        )
        thread.start()
        try:
            assert found.ready.wait(10)
            yield found
        finally:
            found.loop.call_soon_threadsafe(stop.set)
            thread.join(10)
            found.loop.close()


def is_protected(found: Running) -> bool:
    durability = found.status()["durability"]
    assert isinstance(durability, dict)
    return bool(durability["protected"])


def test_approve_mode_asks_and_acts_only_after_the_yes() -> None:
    """The veto is named, `approve` ends it, the failover runs to its end."""
    with running(Mode.APPROVE) as found:
        until(lambda: is_protected(found), "protected")
        nothing = found.sitedr("approve")
        assert nothing.exit_code == 1
        assert "nothing waits" in nothing.output
        found.lose()
        until(lambda: found.vetoes() == {"awaiting_approval"}, "the question")
        assert found.status()["primary"] == "db-a"
        assert found.sitedr("approve").exit_code == 0
        until(lambda: found.status()["primary"] == "db-b", "the failover")
        until(lambda: is_protected(found), "protected again")
        told = found.sitedr("timeline").output
        assert "approved" in told
        assert "open done" in told


def test_observe_mode_reports_and_touches_nothing() -> None:
    """The way an operator begins."""
    with running(Mode.OBSERVE) as found:
        until(lambda: found.status()["primary"] == "db-a", "adoption")
        found.lose()
        until(lambda: "observe_mode" in found.vetoes(), "the veto")
        assert found.status()["primary"] == "db-a"
        kinds = {
            r["kind"] for r in json.loads(found.sitedr("timeline", "--json").output)
        }
        assert "intent" not in kinds


def test_pause_holds_by_name_and_resume_lets_go() -> None:
    """A person's word, with its reason in status."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        assert "neither paused nor halted" in found.sitedr("resume").output
        assert "nothing to deny" in found.sitedr("deny").output
        assert found.sitedr("pause", "--why", "rack work").exit_code == 0
        sentence = str(found.status()["sentence"])
        assert sentence.startswith("PAUSED (rack work): db-a serves")
        assert "all well" not in sentence
        assert 'sitedr_paused{site="cms"} 1.0' in found.metrics()
        found.lose()
        until(lambda: "paused" in found.vetoes(), "the veto")
        assert "paused (rack work)" in found.sitedr("resume").output
        until(lambda: found.status()["primary"] == "db-b", "the failover")


def test_a_wish_shows_every_veto_and_each_is_waived_by_name() -> None:
    """A healthy primary: refused with names, then done with overrides."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        refused = found.sitedr("failover", "--to", "b", "--why", "drill")
        assert refused.exit_code == 1
        assert "nothing was touched" in refused.output
        for name in ("primary_answers", "still_receiving", "no_second_vantage"):
            assert f"--override {name}" in refused.output
        assert found.status()["primary"] == "db-a"
        waived = found.sitedr(
            *("failover", "--to", "b", "--why", "drill"),
            *("--override", "primary_answers", "--override", "still_receiving"),
            *("--override", "no_second_vantage"),
        )
        assert waived.exit_code == 0, waived.output
        until(lambda: found.status()["primary"] == "db-b", "the failover")
        nowhere = found.sitedr("failover", "--to", "x", "--why", "drill")
        assert nowhere.exit_code == 1
        assert "no zone x: a|b|c" in nowhere.output
        typo = found.sitedr(
            *("failover", "--to", "c", "--why", "drill", "--override", "primry_answers")
        )
        assert "--override primry_answers waives nothing" in typo.output
        unknown = found.sitedr("timeline", "--incident", "i99")
        assert unknown.exit_code == 2
        assert "no incident i99" in unknown.output


def test_plan_is_the_dry_run_with_every_veto() -> None:
    """What would happen, and what holds; nothing is written."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        before = len(found.site.journal.records())
        tree = json.loads(found.sitedr("plan", "--lose", "a", "--json").output)
        assert tree["action"] == "failover"
        assert tree["would_act"] is True
        assert tree["plan"]["target"]["server"] == "db-b"
        steps = [s["step"] for s in tree["steps"]]
        assert steps.index("fence") < steps.index("open") < steps.index("release")
        assert "restore" in found.sitedr("plan", "--lose", "b").output
        assert "holds no database role" in found.sitedr("plan", "--lose", "c").output
        assert len(found.site.journal.records()) == before
        assert found.sitedr("plan", "--lose", "x").exit_code == 2


def test_an_unfit_installation_is_told_everywhere_and_moved_by_name_alone() -> None:
    """Server, finding and mend, before there is need of them and when there is."""
    with running(Mode.AUTO, granted=(B,)) as found:
        until(lambda: is_protected(found), "protected")
        until(lambda: found.vetoes() == {"doctor_blocker"}, "the veto")
        shown = found.sitedr("status").output
        told = " ".join(found.sitedr("timeline").output.split())
        plan = found.sitedr("plan", "--lose", "a").output
        for text in (" ".join(shown.split()), told, plan):
            assert "bypasses_read_only" in text
            assert "db-b" in text
        assert "REVOKE READ_ONLY ADMIN" in plan
        assert "doctor: 1 blocker, 0 warning" in shown
        assert "db-c is not inspected" in shown
        assert "HOLDS      doctor_blocker" in plan
        found.lose()
        until(lambda: "db-a in zone a is lost" in str(found.status()), "the loss")
        assert found.status()["primary"] == "db-a"
        refused = found.sitedr("failover", "--to", "b", "--why", "users wait")
        assert refused.exit_code == 1
        assert "--override doctor_blocker" in refused.output
        waived = found.sitedr(
            *("failover", "--to", "b", "--why", "users wait"),
            *("--override", "doctor_blocker"),
        )
        assert waived.exit_code == 0, waived.output
        until(lambda: found.status()["primary"] == "db-b", "the failover")


def test_metrics_and_healthz_are_public_and_control_is_not() -> None:
    """The TCP port shows two pages; the socket belongs to the daemon's user."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        base = f"http://127.0.0.1:{found.port}"
        with urllib.request.urlopen(f"{base}/metrics") as answer:  # noqa: S310  http, ours
            text = answer.read().decode()
        assert 'sitedr_protected{site="cms"} 1.0' in text
        assert 'sitedr_database_writable{server="db-a",site="cms"} 1.0' in text
        with urllib.request.urlopen(f"{base}/healthz") as answer:  # noqa: S310  http, ours
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{base}/status")  # noqa: S310  http, ours
        mode = (found.config.parent / "state" / "control.sock").stat().st_mode
        assert mode & 0o077 == 0


def test_without_a_daemon_the_answer_is_one_line(tmp_path: Path) -> None:
    """Exit 1 and what to do."""
    config = tmp_path / "site.yaml"
    config.write_text(EXAMPLE.read_text())
    answer = CliRunner().invoke(
        build_cli(lambda *_: None), ["status", "-c", str(config)]
    )
    assert answer.exit_code == 1
    assert "start it with `sitedr run" in answer.output


def test_a_broken_configuration_is_exit_code_two(tmp_path: Path) -> None:
    """With every problem on a line of its own."""
    config = tmp_path / "site.yaml"
    config.write_text("site: 3\nmode: fast\n")
    answer = CliRunner().invoke(
        build_cli(lambda *_: None), ["check-config", "-c", str(config)]
    )
    assert answer.exit_code == 2
    assert "site.yaml:2: mode:" in answer.output
