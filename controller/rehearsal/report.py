"""The figures of many seeds: a table for people, the same as JSON for machines."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from controller.rehearsal.checkers import SAFETY
from controller.rehearsal.run_seed import Verdict

LIVENESS = ("calm_brings_an_end", "writes_come_back", "no_silence")
TARGET_PER_S = 1000.0
BUILD = Path("build")


@dataclass(slots=True, kw_only=True)
class Tally:
    """Sums over all runs so far; cpu_s is this process's own time on one core."""

    runs: int = 0
    with_failover: int = 0
    failovers: int = 0
    restores: int = 0
    halted: int = 0
    holds: int = 0
    crashes: int = 0
    virtual_s: float = 0.0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    broken: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one run."""
        self.runs += 1
        self.with_failover += verdict.failovers > 0
        self.failovers += verdict.failovers
        self.restores += verdict.restores
        self.halted += verdict.halted
        self.holds += verdict.held
        self.crashes += verdict.crashes
        self.virtual_s += verdict.virtual_s
        if verdict.broken:
            self.broken.append(verdict)

    @property
    def per_s(self) -> float:
        """Return failovers that really happened per second of one core."""
        return self.failovers / self.cpu_s if self.cpu_s else 0.0


def rows(tally: Tally) -> Mapping[str, object]:
    """Return what the table shows, by name."""
    return {
        "seeds": tally.runs,
        "seeds_with_failover": tally.with_failover,
        "failovers": tally.failovers,
        "restores": tally.restores,
        "holds": tally.holds,
        "halted": tally.halted,
        "controller_crashes": tally.crashes,
        "virtual_hours": round(tally.virtual_s / 3600, 2),
        "seconds": round(tally.wall_s, 2),
        "cpu_seconds": round(tally.cpu_s, 2),
        "failovers_per_s": round(tally.per_s, 1),
        "promises_checked": len(SAFETY) + len(LIVENESS),
        "promises_broken": len({n for v in tally.broken for n in v.broken}),
        "seeds_broken": [v.seed for v in tally.broken],
    }


def write_json(tally: Tally, settings: Mapping[str, object]) -> Path:
    """Write `build/rehearse.json` and return its path."""
    BUILD.mkdir(exist_ok=True)
    path = BUILD / "rehearse.json"
    tree = {
        "command": "rehearse",
        "commit": commit(),
        "machine": machine(),
        "settings": dict(settings),
        "rows": [dict(rows(tally))],
    }
    path.write_text(json.dumps(tree, indent=2) + "\n", encoding="utf-8")
    return path


def machine() -> str:
    """Return what the figures were measured on."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {python}"


def commit() -> str:
    """Return the commit that is checked out here, `unknown` outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
            timeout=5,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()


def explain(verdict: Verdict) -> Sequence[str]:
    """Return which promises *verdict* broke and how to see it again."""
    lines: list[str] = []
    for name, found in verdict.broken.items():
        lines.append(f"seed {verdict.seed} broke {name}:")
        lines += [f"    {text}" for text in _first(found)]
    lines.append(f"    see it: sitedr rehearse --seed {verdict.seed}")
    return lines


def _first(found: Iterable[str], at_most: int = 5) -> list[str]:
    listed = list(found)
    rest = len(listed) - at_most
    return listed[:at_most] + ([f"and {rest} more"] if rest > 0 else [])
