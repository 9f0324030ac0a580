"""A planned move on real servers, under traffic, there and back."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typing_extensions import override

from controller.cli.demo import on_stage
from controller.cli.demo_check import Databases, Findings
from controller.cli.demo_lab import LabSettings, running_lab
from controller.cli.demo_run import Stage, Viewer, is_at_rest
from controller.incident.record import Record, RecordKind
from controller.sla.timeline import timeline
from deploy.lab.engines import ENGINES
from deploy.lab.launcher import Lab
from deploy.lab.site import SITE_FILE
from deploy.lab.spec import EDGES, SLOTS
from deploy.lab.traffic import Rates, Traffic, Write
from tests.labs import CACHE, require_programs, short_directory

PROTECTED_S = 60.0
PAUSE_MAX_S = 5.0


class Telling(Viewer):
    """Keeps the journal in words, for whoever has to find out why."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @override
    def record(self, record: Record) -> None:
        (line,) = timeline([record])
        self.lines.append(f"{record.at_mono_s:.2f} {line.kind} {line.text}")

    def fail(self, why: object) -> NoReturn:
        """Fail with the whole story."""
        pytest.fail("\n".join([str(why), *self.lines]))


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What one planned move showed; *gap_s*: between two acknowledgements."""

    gap_s: float
    acked: Sequence[Write]
    records: Sequence[Record]
    findings: Findings

    def opened_at_s(self) -> float:
        """Return when OPEN was done."""
        (found,) = [
            r.at_mono_s
            for r in self.records
            if r.kind is RecordKind.OUTCOME
            and (r.body["step"], r.body["outcome"]) == ("open", "done")
        ]
        return found


def ends_of(records: Sequence[Record]) -> list[tuple[str, str]]:
    """Return kind and end of every run that ended."""
    ended = [r.body for r in records if r.kind is RecordKind.ENDED]
    return [(str(b["kind"]), str(b["end"])) for b in ended]


async def sitedr(lab: Lab, *words: str) -> tuple[int, dict[str, Any]]:
    """Run `sitedr WORDS --json` as an operator does; return its exit and answer."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "controller.main", words[0]),
        *("-c", str(lab.spec.directory / SITE_FILE), *words[1:], "--json"),
        stdout=subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    tree = json.loads(out)
    assert isinstance(tree, dict)
    return process.returncode, tree


def traffic_of(lab: Lab, name: str) -> Traffic:
    """Return readers and writers for both edges, not yet begun."""
    return Traffic(
        edges={e: lab.spec.edge_url(e) for e in EDGES},
        sites=[s for group in SLOTS.values() for s in group],
        name=name,
        rates=Rates(writes_per_s=20.0),
    )


async def move(stage: Stage, viewer: Telling, zone: str, name: str) -> Moved:
    """Move writes to *zone* under traffic; return when all is protected again."""
    lab, records = stage.lab, list[Record]()
    assert await stage.until(is_at_rest, PROTECTED_S, records) is not None
    await stage.new_records()
    records.clear()
    async with traffic_of(lab, name) as traffic:
        await asyncio.sleep(2.0)
        code, dry = await sitedr(lab, "switchover", "--to", zone, "--dry-run")
        if (code, dry["vetoes"], dry["started"]) != (0, [], False):
            viewer.fail(dry)
        code, told = await sitedr(lab, "switchover", "--to", zone, "--why", "test")
        if (code, told["started"]) != (0, True):
            viewer.fail(told)

        def moved(status: Mapping[str, Any]) -> bool:
            return is_at_rest(status) and status["primary_zone"] == zone

        there = await stage.until(moved, PROTECTED_S, records)
        await asyncio.sleep(1.0)
        await traffic.finish()
    if there is None or ("switchover", "completed") not in ends_of(records):
        viewer.fail(f"not moved to {zone} and protected there")
    acked = traffic.acked()
    gap_s = max(after.done_s - before.done_s for before, after in pairwise(acked))
    findings = await asyncio.to_thread(Databases(lab.spec).findings, None)
    return Moved(
        gap_s=gap_s,
        acked=acked,
        records=records,
        findings=findings,
    )


def judge(moved: Moved, *, left: str, to: str) -> None:
    """One primary, everything acknowledged is there, nothing went to the old one."""
    assert moved.findings.writable == (to,)
    assert moved.findings.in_sync == left
    assert not {w.id for w in moved.acked} - moved.findings.present
    zones = {w.zone for w in moved.acked}
    assert zones == {left, to}
    opened_s = moved.opened_at_s()
    sent_after = [w for w in moved.acked if w.zone == left and w.sent_s > opened_s]
    assert not sent_after, sent_after[:3]
    assert "failover" not in {kind for kind, _ in ends_of(moved.records)}
    assert 0 < moved.gap_s < PAUSE_MAX_S + 1


@pytest.mark.slow
@pytest.mark.lab
@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_there_and_back_under_traffic(
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No acknowledged write is lost, and the old primary acknowledges no more."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    monkeypatch.setenv("SITEDR_CACHE", str(CACHE))

    viewer = Telling()

    async def play(stage: Stage) -> tuple[Moved, Moved]:
        there = await move(stage, viewer, "b", f"there-{engine}")
        return there, await move(stage, viewer, "a", f"back-{engine}")

    with short_directory() as directory:
        settings = LabSettings(engine=engine, directory=Path(directory))
        with running_lab(settings, lambda _line: None) as lab:
            there, back = on_stage(lab, viewer, play)
    judge(there, left="a", to="b")
    judge(back, left="b", to="a")
    with capsys.disabled():
        for way, moved in (("a to b", there), ("b to a", back)):
            print(  # noqa: T201  the figure people ask for
                f"\n{engine}, {way}: writes paused for {moved.gap_s:.2f} s,"
                f" {len(moved.acked)} acknowledged, 0 lost"
            )


@pytest.mark.slow
@pytest.mark.lab
@pytest.mark.timeout(180)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_the_daemon_dies_in_the_middle_and_the_next_one_takes_it_back(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The primary was closed by then; it takes writes again, and none is lost."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    monkeypatch.setenv("SITEDR_CACHE", str(CACHE))
    viewer, records = Telling(), list[Record]()

    async def play(stage: Stage) -> tuple[Sequence[Write], Findings]:
        assert await stage.until(is_at_rest, PROTECTED_S, records) is not None
        await stage.daemon.arm()
        assert await stage.until(is_at_rest, PROTECTED_S, records) is not None
        async with traffic_of(stage.lab, f"dies-{engine}") as traffic:
            await asyncio.sleep(1.0)
            await sitedr(stage.lab, "switchover", "--to", "b", "--why", "test")

            def taken_back(status: Mapping[str, Any]) -> bool:
                return ("switchover", "abandoned") in ends_of(records)

            if await stage.until(taken_back, PROTECTED_S, records) is None:
                viewer.fail("not taken back")
            began_s = asyncio.get_running_loop().time()
            await asyncio.sleep(2.0)
            await traffic.finish()
        assert [c.why for c in stage.daemon.crashes] == ["killed at freeze:effect"]
        assert any(w.sent_s > began_s for w in traffic.acked())
        databases = Databases(stage.lab.spec)
        return traffic.acked(), await asyncio.to_thread(databases.findings, None)

    with short_directory() as directory:
        settings = LabSettings(engine=engine, directory=Path(directory))
        with running_lab(settings, lambda _line: None) as lab:
            acked, findings = on_stage(lab, viewer, play, crash_at="freeze:effect")
    assert (findings.writable, findings.in_sync) == (("a",), "b")
    assert not {w.id for w in acked} - findings.present
    assert {w.zone for w in acked} == {"a"}
