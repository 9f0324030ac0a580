"""`sitedr detect --replay FILE`: what the detector says of what was recorded."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, fields
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from health.detector import DetectorPolicy
from health.elevated import RatePolicy
from health.recording import Began, RecordingError, read
from health.replay import Change, Replay, Tuning, TuningError

Command = Callable[..., None]
_WIDTH = 22
_HELP = """\
Judge recorded observations, with the daemon's thresholds or with others.

\b
Record on a daemon, then judge as it did, and otherwise:
  sitedr run -c F --record seen.jsonl
  sitedr detect --replay seen.jsonl
  sitedr detect --replay seen.jsonl --rounds-down 5 --rate-min 0.05

Every change of a verdict is a line with its arithmetic: how many answers in a
row, and for the rates of a zone both windows, what is surely their lower bound
(Wilson, 95 %), the zone's share of all failures, and how likely that is by
chance (Fisher). Nothing is touched and no daemon is needed. Exit code 1: a
file is no recording.
"""


def _rate(name: str, words: str) -> Callable[[Command], Command]:
    """Return the option for one threshold of the rates, as the daemon has it."""
    kind = int if name == "answers_min" else float
    told = f"{words}  [default: as recorded]"
    return click.option(f"--{name.replace('_', '-')}", type=kind, help=told)


@click.command(help=_HELP)
@click.option(
    "--replay",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    multiple=True,
    help="A recording; repeat for several, in any order.",
)
@click.option(
    "--rounds-down",
    type=click.IntRange(2),
    help="Failures in a row that make `down`.  [default: as recorded]",
)
@click.option(
    "--rounds-clear",
    type=click.IntRange(1),
    help="Answers in a row that end it.  [default: as recorded]",
)
@click.option(
    "--stale-s",
    type=click.FloatRange(0, min_open=True),
    help="No answer for so long is no knowledge, seconds.  [default: as recorded]",
)
@_rate("short_s", "The short window, seconds: it is still so.")
@_rate("long_s", "The long window, seconds: it is no blip.")
@_rate("answers_min", "Fewer answers in a window say nothing.")
@_rate("rate_min", "The share of bad answers must surely be above this.")
@_rate("share_min", "So much of all bad answers must be this zone's.")
@_rate("p_max", "By chance at most so likely.")
@_rate("clear_s", "Calm for so long in all ends it, seconds.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead.")
def detect(files: tuple[Path, ...], *, as_json: bool, **named: float | None) -> None:
    """Judge a recording; the help is for the reader of it."""
    replay = Replay(_tuning(named))
    changes = 0
    try:
        for change in replay.run(read(_lines(sorted(files, key=_first_s)))):
            changes += 1
            click.echo(json.dumps(asdict(change)) if as_json else _sentence(change))
    except TuningError as error:
        raise click.UsageError(str(error)) from error
    except RecordingError as error:
        raise click.ClickException(f"{', '.join(map(str, files))}: {error}") from error
    if not as_json:
        click.echo(f"{replay.lines} lines, {changes} changes")


def _tuning(named: Mapping[str, Any]) -> Tuning:
    rates = {
        f.name: value
        for f in fields(RatePolicy)
        if (value := named[f.name]) is not None
    }
    hard: Mapping[str, Any] = {f.name: named[f.name] for f in fields(DetectorPolicy)}
    return Tuning(rates=rates, **hard)


def _first_s(file: Path) -> tuple[float, float]:
    """Return when *file* begins: its start of the daemon, and its first line."""
    with file.open(encoding="utf-8", errors="replace") as text:
        head = list(islice(text, 2))
    try:
        first, *rest = read(head)
    except (RecordingError, ValueError):
        return (0.0, 0.0)  # it is said when it is read
    wall_s = first.wall_s if isinstance(first, Began) else 0.0
    return (wall_s, rest[0].at_s if rest else first.at_s)


def _lines(files: Sequence[Path]) -> Iterator[str]:
    """Yield all lines; where a person looks, say how far it is."""
    total = sum(file.stat().st_size for file in files)
    shown = sys.stderr.isatty() and not sys.stdout.isatty()
    with ExitStack() as stack:
        bar = click.progressbar(length=total, file=sys.stderr, label="judging")
        if shown:
            stack.enter_context(bar)
        for file in files:
            for line in stack.enter_context(
                file.open(encoding="utf-8", errors="replace")
            ):
                if shown:
                    bar.update(len(line))
                yield line


def _sentence(change: Change) -> str:
    at = datetime.fromtimestamp(change.wall_s, UTC)
    when = f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 100_000}"
    return f"{when}  {change.subject:<{_WIDTH}} {change.verdict:<14} {change.why}"
