"""From a run's evidence to its row, its verdict and what people read."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from controller.cli.demo_check import Findings
from controller.cli.demo_daemon import Crash
from controller.cli.demo_figures import (
    as_json,
    broken_promises,
    protected_again_s,
    row,
)
from controller.cli.demo_report import print_report, write_figures
from controller.cli.demo_run import Evidence, Fault, Role, RunSettings, roles
from controller.cli.demo_stores import Stores
from controller.incident.record import Record, parse_record
from controller.model.ids import ZoneId
from deploy.lab.inzone import LocalWrite
from deploy.lab.launcher import Lab
from deploy.lab.spec import LabSpec
from deploy.lab.traffic import Fate, Read, Traffic, Write

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
FAULT_S = 100.0
KEYS = [
    "engine",
    "fault",
    "zone_lost",
    "zone_primary",
    "zone_replica",
    "epoch",
    "fence_proof",
    "detect_s",
    "write_gap_s",
    "reads_total",
    "reads_failed",
    "writes_acked",
    "writes_failed",
    "writes_unknown",
    "acked_lost",
    "old_primary_acks",
    "protected_again_s",
    "unreplicated",
    "journal_records",
    "steps",
    "total_s",
    "ok",
]


def _record(seq: int, after_s: float, kind: str, /, **body: Any) -> Record:
    return parse_record(
        {
            "seq": seq,
            "at_wall_s": 5000.0 + after_s,
            "at_mono_s": FAULT_S + after_s,
            "incident": "i1",
            "epoch": 2,
            "kind": kind,
            "body": body,
        }
    )


def _step(seq: int, after_s: float, step: str, **evidence: str) -> list[Record]:
    return [
        _record(seq, after_s, "intent", step=step, attempt=1, why="because"),
        _record(
            seq + 1,
            after_s + 0.1,
            "outcome",
            step=step,
            attempt=1,
            outcome="done",
            evidence=evidence,
        ),
    ]


def failover_records() -> list[Record]:
    """A failover as the daemon tells it, shortened."""
    plan = {"kind": "failover", "epoch": 2, "why": "db-a is lost"}
    return [
        _record(1, 0.3, "started", plan=plan, step="confirm"),
        *_step(2, 0.4, "fence", proof="process", pid="7"),
        *_step(4, 0.6, "open"),
        *_step(6, 2.0, "protect", acker="db-c", acker_boot_id="x"),
        _record(8, 2.2, "ended", kind="failover", end="completed", why=""),
    ]


def _write(number: int, after_s: float, fate: Fate, zone: str) -> Write:
    at_s = FAULT_S + after_s
    return Write(
        id=f"w{number}", edge="e", sent_s=at_s, done_s=at_s, fate=fate, zone=zone
    )


def make_evidence(**changes: Any) -> Evidence:
    """Zone a was killed, b took over, c is its replica, nothing was lost."""
    traffic = Traffic(edges={}, sites=["s"], name="w")
    traffic.writes += [
        _write(1, -0.1, Fate.ACKED, "a"),
        _write(2, 0.5, Fate.FAILED, ""),
        _write(3, 0.6, Fate.UNKNOWN, ""),
        _write(4, 0.9, Fate.ACKED, "b"),
    ]
    traffic.reads += [
        Read(edge="e", sent_s=FAULT_S + n, done_s=FAULT_S + n, ok=True)
        for n in (0.2, 0.4)
    ]
    usual: dict[str, Any] = {
        "settings": RunSettings(),
        "engine": "mariadb",
        "zone_lost": A,
        "role": Role.PRIMARY,
        "began_s": FAULT_S - 1,
        "fault_s": FAULT_S,
        "ended_s": FAULT_S + 1,
        "traffic": traffic,
        "local": [],
        "records": failover_records(),
        "journal_records": 8,
        "status": {"sentence": "all well"},
        "calm": True,
        "findings": Findings(writable=(B,), present=frozenset({"w1", "w4"}), in_sync=C),
        "stores": Stores(sessions=1, cached_pages=2, documents=frozenset({"p", "q"})),
        "documents_left": frozenset({"q"}),
        "zone_primary": B,
        "zone_replica": C,
        "epoch": 2,
        "crash_at": None,
        "crashes": (),
    }
    return Evidence(**{**usual, **changes})


def test_the_keys_are_the_documented_ones() -> None:
    assert list(as_json(row(make_evidence(), 12.0))) == KEYS


def test_figures_of_a_clean_failover() -> None:
    found = as_json(row(make_evidence(), 12.0))
    assert found == {
        "engine": "mariadb",
        "fault": "kill",
        "zone_lost": "a",
        "zone_primary": "b",
        "zone_replica": "c",
        "epoch": 2,
        "fence_proof": "process",
        "detect_s": 0.3,
        "write_gap_s": 1.0,
        "reads_total": 2,
        "reads_failed": 0,
        "writes_acked": 2,
        "writes_failed": 1,
        "writes_unknown": 1,
        "acked_lost": 0,
        "old_primary_acks": 0,
        "protected_again_s": 2.1,
        "unreplicated": {
            "sessions_lost": 1,
            "cached_pages_lost": 2,
            "search_documents_lost": 1,
            "search_documents_left": 1,
        },
        "journal_records": 8,
        "steps": {"fence": 0.1, "open": 0.1, "protect": 0.1},
        "total_s": 12.0,
        "ok": True,
    }


def local_write(name: str, at_s: float) -> LocalWrite:
    return LocalWrite(id=name, sent_s=at_s - 0.1, at_s=at_s, fate=Fate.ACKED)


def test_a_lost_acknowledgement_breaks_the_promise() -> None:
    findings = Findings(writable=(B,), present=frozenset({"w4"}), in_sync=C)
    found = row(make_evidence(findings=findings), 1.0)
    assert (found.acked_lost, found.ok) == (1, False)


def test_what_the_old_primary_acknowledged_alone_breaks_the_promise() -> None:
    local = [
        local_write("in1", FAULT_S + 5),
        local_write("w4", FAULT_S + 5),
    ]
    settings = RunSettings(fault=Fault.CUT)
    found = row(make_evidence(local=local, settings=settings), 1.0)
    assert (found.old_primary_acks, found.acked_lost, found.ok) == (1, 0, False)


def test_what_the_zone_acknowledged_before_its_loss_must_survive() -> None:
    local = [local_write("in1", FAULT_S - 5)]
    found = row(make_evidence(local=local), 1.0)
    assert (found.old_primary_acks, found.acked_lost, found.ok) == (0, 1, False)


def test_an_edge_that_still_reached_the_old_primary_counts_too() -> None:
    evidence = make_evidence()
    evidence.traffic.writes.append(_write(9, 0.2, Fate.ACKED, "a"))
    found = row(evidence, 1.0)
    assert (found.old_primary_acks, found.acked_lost, found.ok) == (1, 1, False)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"findings": Findings(writable=(A, B), why_not="?")}, "2 writable"),
        ({"findings": Findings(writable=(), why_not="?")}, "nowhere"),
        ({"zone_replica": None}, "no replica in sync"),
        ({"calm": False}, "did not finish"),
        ({"calm": False, "status": None}, "did not finish"),
        ({"role": Role.SPARE}, "spare"),
        ({"crash_at": "drain"}, "never came to drain"),
        (
            {"crashes": (Crash(died_s=1.0, answered_s=None, why="exit code 1"),)},
            "the daemon died: exit code 1",
        ),
    ],
)
def test_each_broken_promise_is_named(changes: dict[str, Any], word: str) -> None:
    evidence = make_evidence(**changes)
    assert word in " ".join(broken_promises(evidence))
    assert not row(evidence, 1.0).ok


def test_a_crash_that_was_asked_for_breaks_nothing() -> None:
    crash = Crash(died_s=1.0, answered_s=1.5, why="killed at drain")
    assert row(make_evidence(crash_at="drain", crashes=(crash,)), 1.0).ok


def test_a_lost_spare_moves_nothing() -> None:
    found = row(make_evidence(role=Role.SPARE, records=[]), 1.0)
    assert (found.fence_proof, found.detect_s, found.protected_again_s) == (
        None,
        None,
        0.0,
    )
    assert (found.steps, found.ok) == ({}, True)


def test_protection_that_was_not_earned_again_is_not_reported() -> None:
    records = [r for r in failover_records() if r.body.get("step") != "protect"]
    assert protected_again_s(records, FAULT_S) is None


def test_records_from_before_the_fault_do_not_count() -> None:
    early = [replace(r, at_mono_s=r.at_mono_s - 50) for r in failover_records()]
    found = row(make_evidence(records=early), 1.0)
    assert (found.detect_s, found.fence_proof, found.steps) == (None, None, {})


def test_report_names_what_people_ask_for() -> None:
    text = io.StringIO()
    evidence = make_evidence()
    console = Console(file=text, width=160, highlight=False)
    print_report(console, evidence, row(evidence, 12.0))
    shown = text.getvalue()
    for word in ("fence done", "write gap", "0 of 2", "process", "every promise kept"):
        assert word in shown
    assert "2 edges x 10 writes/s" in shown


def test_report_of_a_broken_run_says_so() -> None:
    text = io.StringIO()
    evidence = make_evidence(findings=Findings(writable=(A, B)), zone_replica=None)
    console = Console(file=text, width=160, highlight=False)
    print_report(console, evidence, row(evidence, 12.0))
    assert "promise broken" in text.getvalue()
    assert "every promise kept" not in text.getvalue()


def test_figures_on_disk_say_where_they_are_from(tmp_path: Path) -> None:
    path = tmp_path / "build" / "demo.json"
    write_figures(path, "demo", {"lose": "a"}, [as_json(row(make_evidence(), 12.0))])
    tree = json.loads(path.read_text("utf-8"))
    assert list(tree) == ["command", "commit", "machine", "settings", "rows"]
    assert list(tree["rows"][0]) == KEYS


def test_roles_are_the_daemons_word() -> None:
    spec = LabSpec(directory=Path("/x"), cache=Path("/y"))
    status = {"primary_zone": "c", "ackers": ["db-a"]}
    assert roles(Lab(spec), status) == {
        A: Role.REPLICA,
        B: Role.SPARE,
        C: Role.PRIMARY,
    }
