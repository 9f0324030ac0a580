"""What a run is worth to people: timeline, figures, verdict; and the files."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import controller
from controller.cli.demo_figures import (
    Row,
    available_ratio,
    broken_promises,
    local_acked,
    pauses,
)
from controller.cli.demo_run import Evidence, Fault, Role
from controller.incident.record import Record, RecordKind
from controller.sla.timeline import timeline
from deploy.lab.durable import write_durably
from deploy.lab.spec import EDGES

GAP_TARGET_S: Mapping[Fault, float] = {Fault.KILL: 2.0}
STALL_TARGET_S = 1.5
_SHOWN = frozenset(RecordKind) - {RecordKind.INTENT}
_PROOFS = {
    "process": "the zone's processes are dead and may not start again",
    "acks_revoked": "whoever could acknowledge for the old primary was frozen first",
    "sql": "the old primary itself answered that it is closed",
}


def print_report(console: Console, evidence: Evidence, figures: Row) -> None:
    """Print timeline, figures and verdict."""
    _print_timeline(console, evidence)
    console.print(_figures(evidence, figures))
    for miss in missed_targets(evidence, figures):
        console.print(f"[yellow]target missed:[/] {escape(miss)}")
    broken = broken_promises(evidence)
    for sentence in broken:
        console.print(f"[bold red]promise broken:[/] {escape(sentence)}")
    if not broken:
        console.print("[bold green]every promise kept[/]")


def _print_timeline(console: Console, evidence: Evidence) -> None:
    console.print("[bold]timeline, from the journal[/], seconds after the fault")
    for at_s, kind, text in timeline_lines(evidence.records, evidence.fault_s):
        line = f"{at_s:+9.3f}  {kind:9} {text}"
        console.print(escape(line), overflow="ellipsis", no_wrap=True)
    console.print()


def timeline_lines(
    records: Sequence[Record], fault_s: float
) -> list[tuple[float, str, str]]:
    """Return (seconds after the fault, kind, text) of what is worth reading."""
    return [
        (record.at_mono_s - fault_s, line.kind, line.text)
        for record, line in zip(records, timeline(records), strict=True)
        if record.kind in _SHOWN and record.at_mono_s >= fault_s
    ]


def _figures(evidence: Evidence, figures: Row) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, text in figure_lines(evidence, figures):
        table.add_row(name, escape(text))
    return table


def figure_lines(evidence: Evidence, figures: Row) -> list[tuple[str, str]]:
    """Return every figure with its name and how it was measured."""
    return [
        ("lost", f"zone {figures.zone_lost} ({evidence.role}) by {figures.fault}"),
        ("now", _now(evidence, figures)),
        ("fence proof", _proof(figures)),
        ("detected after", _or_none(figures.detect_s, "nothing was started")),
        ("write gap", _gap(evidence, figures)),
        ("reads failed", _reads(evidence, figures)),
        ("writes", _writes(figures)),
        ("acknowledged, lost", _lost(evidence, figures)),
        ("old primary alone", _old_primary(evidence, figures)),
        ("protected again", _or_none(figures.protected_again_s, "not yet")),
        ("not replicated", _unreplicated(figures)),
        ("availability", _availability(evidence)),
        *_crash_lines(evidence),
        ("journal", f"{figures.journal_records} records"),
        ("in all", f"{figures.total_s:.1f} s"),
    ]


def _gap(evidence: Evidence, figures: Row) -> str:
    rates = evidence.settings.rates
    return (
        f"{figures.write_gap_s:.3f} s from the last acknowledgement before to the first"
        f" after ({len(EDGES)} edges x {rates.writes_per_s:g} writes/s, time-out"
        f" {rates.write_timeout_s:g} s); later pauses: {pauses(evidence)[1]:.3f} s"
        " at most"
    )


def _reads(evidence: Evidence, figures: Row) -> str:
    rates = evidence.settings.rates
    return (
        f"{figures.reads_failed} of {figures.reads_total}"
        f" ({len(EDGES)} edges x {rates.reads_per_s:g} reads/s;"
        f" failed: no complete 200 within {rates.read_timeout_s:g} s)"
    )


def _writes(figures: Row) -> str:
    return (
        f"{figures.writes_acked} acknowledged, {figures.writes_failed} failed"
        f" (certainly not executed), {figures.writes_unknown} unknown"
    )


def _lost(evidence: Evidence, figures: Row) -> str:
    return (
        f"{figures.acked_lost} of {figures.writes_acked} (every remembered id was"
        f" looked for in the database of zone {evidence.zone_primary})"
    )


def _availability(evidence: Evidence) -> str:
    return (
        f"{100 * available_ratio(evidence):.2f} % of this run's 100 ms slots had"
        " an answered read, no failed read and an acknowledged write"
    )


def _now(evidence: Evidence, figures: Row) -> str:
    text = (
        f"primary in zone {figures.zone_primary}, replica in zone"
        f" {figures.zone_replica}, epoch {figures.epoch}"
    )
    if evidence.role is Role.SPARE:
        return f"{text}: the lost zone was a spare, nothing moved"
    return text


def _proof(figures: Row) -> str:
    if figures.fence_proof is None:
        return "none needed: no primary was replaced"
    return f"{figures.fence_proof}: {_PROOFS.get(figures.fence_proof, '')}"


def _old_primary(evidence: Evidence, figures: Row) -> str:
    text = f"{figures.old_primary_acks} acknowledged there and missing in the new one"
    if evidence.settings.fault is Fault.KILL:
        return text
    local = local_acked(evidence)
    after = sum(1 for w in local if w.at_s > evidence.fault_s)
    before = len(local) - after
    return (
        f"{text} (clients inside zone {figures.zone_lost} tried to write all the time:"
        f" {before} acknowledged before the fault, {after} after it)"
    )


def _or_none(value_s: float | None, otherwise: str) -> str:
    return otherwise if value_s is None else f"{value_s:.3f} s"


def _unreplicated(figures: Row) -> str:
    told = {k: "?" if v is None else v for k, v in figures.unreplicated.items()}
    return (
        f"Redis lost {told['sessions_lost']} sessions and"
        f" {told['cached_pages_lost']} cached pages; search lost"
        f" {told['search_documents_lost']} documents and has"
        f" {told['search_documents_left']}"
    )


def _crash_lines(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (
            "controller",
            crash.why
            if crash.answered_s is None
            else f"{crash.why}, answering again {crash.answered_s - crash.died_s:.2f} s"
            " later",
        )
        for crash in evidence.crashes
    ]


def missed_targets(evidence: Evidence, figures: Row) -> list[str]:
    """Return what is slower than it should be; no promise is broken by it."""
    target_s = GAP_TARGET_S.get(evidence.settings.fault)
    if evidence.role is Role.REPLICA:
        target_s = STALL_TARGET_S
    found = []
    if evidence.crash_at is not None:
        target_s = None  # meant for a controller that lives
    if target_s is not None and figures.write_gap_s > target_s:
        over_s = figures.write_gap_s - target_s
        found.append(f"write gap {over_s:.3f} s above {target_s:g} s")
    if figures.reads_failed:
        whys = sorted({r.why for r in evidence.traffic.reads if not r.ok})
        found.append(f"{figures.reads_failed} failed reads, none are wanted: {whys}")
    return found


def commit() -> str:
    """Return the commit this code is at; `unknown` outside a checkout."""
    root = Path(controller.__file__).resolve().parent.parent
    argv = ("git", "-c", f"safe.directory={root}", "-C", str(root))
    try:
        done = subprocess.run(
            (*argv, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"),
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()


def machine() -> Mapping[str, object]:
    """Return what the figures depend on, without a name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpus": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "arch": platform.machine(),
    }


def write_figures(
    path: Path,
    command: str,
    settings: Mapping[str, object],
    rows: Sequence[Mapping[str, object]],
) -> None:
    """Write *rows* with all that is needed to compare them with others."""
    tree = {
        "command": command,
        "commit": commit(),
        "machine": machine(),
        "settings": settings,
        "rows": rows,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, json.dumps(tree, indent=1) + "\n")
