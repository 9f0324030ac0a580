"""`sitedr doctor`: is this installation fit to be trusted with a failover?"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from controller.cli.choose import CONFIG
from controller.cli.show import JSON
from controller.config.load import load_site
from controller.config.policy import wanted_of
from controller.config.schema import Site
from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import (
    Finding,
    Inspection,
    NotInspected,
    Severity,
)

Answers = Sequence[Inspection | NotInspected]
InspectSite = Callable[[Site, Path], Answers]

_STYLES: Mapping[Severity, str] = {
    Severity.BLOCKER: "bold red",
    Severity.WARNING: "yellow",
    Severity.UNKNOWN: "cyan",
}

_HELP = """Check the databases of a site before you trust it with a failover.

Asks every database over its admin port, as the controller's account:
does it boot read-only, does it stay silent after a restart, does the
primary wait for its replica without limit, which accounts write past
read-only or end that wait, does the controller have its privileges, are
server ids, clocks, release series and GTID modes right, does a replica
have transactions the primary has not (errant_transactions) or leave any
out (replication_filter), does a certificate end soon, is there a port
left when connections run out. It reads only, needs no daemon and may run
beside one.

\b
Every finding says what it would cost and the statement that mends it:
  blocker   a promise does not hold until it is mended
  warning   costs something, breaks no promise
  unknown   could not be asked, or nothing proves the answer: look
            yourself. MariaDB shows neither skip_slave_start nor,
            once opened, what its files say of read_only.

\b
Exit code:
  0   no blocker (unknowns are counted in the last line; a server that
      is not reached is one: the spare zone of a site may be empty)
  1   a blocker, or no server could be asked anything
  2   the configuration is wrong
"""


def doctor_command(inspect_site: InspectSite) -> click.Command:
    """Return the command. *inspect_site* asks every database of a site."""

    @click.command(help=_HELP)
    @CONFIG
    @JSON
    @click.option("--strict", is_flag=True, help="Exit 1 for anything unknown, too.")
    def doctor(config: Path, *, as_json: bool, strict: bool) -> None:
        """Check the databases of a site before you trust it with a failover."""
        site = load_site(config)
        answers = inspect_site(site, config.absolute().parent)
        found = diagnose(answers, wanted_of(site))
        if as_json:
            click.echo(json.dumps(_tree(site, answers, found), indent=2))
        else:
            _show(answers, found)
        if not _is_trusted(answers, found, strict=strict):
            sys.exit(1)

    return doctor


def _is_trusted(answers: Answers, found: Sequence[Finding], *, strict: bool) -> bool:
    """An unknown is nobody's fault, but a site of unknowns is not well."""
    heavy = {Severity.BLOCKER, Severity.UNKNOWN} if strict else {Severity.BLOCKER}
    asked = any(isinstance(answer, Inspection) for answer in answers)
    return asked and not any(f.severity in heavy for f in found)


def _tree(
    site: Site, answers: Answers, found: Sequence[Finding]
) -> Mapping[str, object]:
    """Return what `--json` prints; `server` is null for what concerns several."""
    return {
        "command": "doctor",
        "site": site.site,
        "engine": site.engine,
        "servers": {
            a.server: {"version": a.version, "uptime_s": a.uptime_s}
            if isinstance(a, Inspection)
            else None
            for a in answers
        },
        "counts": _counts(found),
        "rows": [
            {
                "server": f.server,
                "name": f.name,
                "severity": f.severity.value,
                "what": f.what,
                "cost": f.cost,
                "mend": f.mend,
            }
            for f in found
        ],
    }


def _counts(found: Sequence[Finding]) -> Mapping[str, int]:
    return {s.value: sum(f.severity is s for f in found) for s in Severity}


def _show(answers: Answers, found: Sequence[Finding]) -> None:
    console = Console()
    together = [f for f in found if f.server is None]
    if together:
        console.print(_table("all servers together", together))
    for answer in answers:
        own = [f for f in found if f.server == answer.server]
        if own:
            console.print(_table(_title(answer), own))
        else:
            console.print(Text(f"{_title(answer)}: nothing found"))
    counts = _counts(found)
    click.echo(", ".join(f"{n} {name}" for name, n in counts.items()))


def _title(answer: Inspection | NotInspected) -> str:
    if isinstance(answer, NotInspected):
        return answer.server
    return f"{answer.server} {answer.version}, up {answer.uptime_s / 3600:.1f} h"


def _table(title: str, found: Sequence[Finding]) -> Table:
    # As Text: a `[mysqld]` in a mend is no markup.
    table = Table(title=Text(title), title_justify="left", show_lines=True)
    table.add_column("finding", overflow="fold", ratio=3)
    table.add_column("what it would cost", overflow="fold", ratio=3)
    table.add_column("what mends it", overflow="fold", ratio=3)
    for f in found:
        name = Text(f"{f.severity.value} {f.name}", style=_STYLES[f.severity])
        table.add_row(Text("\n").join([name, Text(f.what)]), Text(f.cost), Text(f.mend))
    return table
