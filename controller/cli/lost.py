"""`sitedr lost-writes`: what only an old primary had, for people and programs."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from controller.cli.choose import CONFIG
from controller.cli.past import journal_on_disk, state_dir_of
from controller.cli.show import JSON
from controller.config.load import load_site
from controller.decide.ledger import fold
from controller.decide.old import Known, OldPrimary
from controller.model.errors import ControllerError

Tree = Mapping[str, object]
Reports = Callable[[Path], Sequence[Tree]]


def lost_command(reports: Reports) -> click.Command:
    """Return the command; *reports* reads them out of a state directory."""

    @click.command("lost-writes")
    @CONFIG
    @JSON
    @click.option("--server", default="", help="Only of this server, e.g. db-a.")
    @click.option("--rows", is_flag=True, help="Show row images: people's data.")
    def lost_writes(config: Path, server: str, *, rows: bool, as_json: bool) -> None:
        """List the writes that were on an old primary and nowhere else.

        When an old primary's zone answers again its process is ended and its
        binary logs are compared with its successor. What the successor lacks was
        acknowledged to nobody while the site was `protected`; while it was
        `unprotected` it may have been: the report says which. The logs are kept
        with checksums before the server is laid anew; sitedr never erases them.

        Of each transaction: its GTID, when it was written, how many rows of which
        tables it inserted, updated, deleted. Rows are shown with --rows or --json,
        at most 50 of a transaction. Our own heartbeat rows are counted apart.
        Columns are @1, @2, ... unless the servers run with
        binlog_row_metadata=FULL.

        An old primary that was not compared yet, or not saved, is named first:
        nothing is known of it, which is not the same as nothing lost.

        What could not be read is named, with the file, for mysqlbinlog or
        mariadb-binlog of the server's own version. Needs no daemon. Exit code 0
        also when there is nothing to show.
        """
        known = {z.database.server for z in load_site(config).zones.values()}
        if server and server not in known:
            raise click.UsageError(f"no server {server}: {'|'.join(sorted(known))}")
        state_dir = state_dir_of(config)
        old = fold(journal_on_disk(state_dir)).old
        try:
            reported = reports(state_dir)
        except (OSError, ValueError) as error:
            raise ControllerError(f"the archive cannot be read: {error}") from error
        found = [t for t in reported if server in {"", t["server"]}]
        doubts = [
            _doubt(o) for s, o in sorted(old.items()) if server in {"", s} and _open(o)
        ]
        if as_json:
            told = {"reports": found, "not_known": doubts}
            click.echo(json.dumps(told, indent=2))
            return
        for doubt in doubts:
            click.echo(
                f"{doubt['server']} in zone {doubt['zone']}: {doubt['sentence']}"
            )
        if not found and not doubts:
            click.echo("no old primary held anything that its successor lacks")
        for tree in found:
            click.echo("\n".join(render_report(tree, rows=rows)))

    return lost_writes


def _open(old: OldPrimary) -> bool:
    """Tell whether it may hold what is in no report."""
    return old.known is not Known.CLEAN and not old.saved


def _doubt(old: OldPrimary) -> Tree:
    """Return what is not known of an old primary, and until when."""
    sentences = {
        Known.NOTHING: "not compared yet: that is done when its zone answers again",
        Known.EXTRA: "it has what its successor lacks, and that is not saved yet",
        Known.UNKNOWN: "nobody can tell what it has: `sitedr status` says why",
    }
    return {
        "server": old.member.server,
        "zone": old.member.zone,
        "known": old.known.value,
        "sentence": f"{sentences[old.known]}{old.why and f' ({old.why})'}",
        "perhaps_acknowledged": not old.covered,
    }


def render_report(tree: Tree, *, rows: bool) -> list[str]:
    """Return one report as lines; row images only with *rows*."""
    about = f"{tree['server']} in zone {tree['zone']} against {tree['successor']}"
    lines = [
        f"{about}, {_moment(tree['saved_at_wall_s'])}",
        f"  kept in {tree['archive']}",
    ]
    told = {
        "nobody": "nobody was told OK for any of it: the site was protected",
        "perhaps": "clients MAY HAVE BEEN TOLD OK: the site was unprotected",
    }
    lines.append(f"  {told[str(tree['acknowledged'])]}")
    if tree.get("torn"):
        lines.append(
            "  its log ends in an incomplete transaction: it was never committed"
        )
    if "lost" not in tree:
        extra = tree["extra"]
        assert isinstance(extra, list)
        return [*lines, f"  {len(extra)} transactions; there is no report of them"]
    lines.append(
        f"  {tree['transactions']} transactions, {tree['canaries']} of them heartbeats"
        f" of ours; {tree['rows']} rows of yours"
    )
    lines += [f"  {line}" for line in _tables(tree["tables"])]
    if tree["broken"] or tree["missing"]:
        lines.append(
            f"  NOT ALL OF IT COULD BE READ: {tree['missing']} transactions are"
            f" missing here. {tree['broken']}".rstrip()
        )
    lost = tree["lost"]
    assert isinstance(lost, list)
    for transaction in lost:
        lines += [f"  {line}" for line in _transaction(transaction, rows=rows)]
    if tree["not_listed"]:
        lines.append(f"  … and {tree['not_listed']} more, counted above, not listed")
    return lines


def _tables(tables: object) -> list[str]:
    assert isinstance(tables, Mapping)
    return [
        f"{table}: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items() if n)
        for table, kinds in tables.items()
    ]


def _transaction(lost: Tree, *, rows: bool) -> list[str]:
    told = "; ".join(_tables(lost["tables"])) or "no rows"
    mark = " (heartbeat of ours)" if lost["canary"] else ""
    lines = [f"{lost['gtid']}  {_moment(lost['at_wall_s'])}  {told}{mark}"]
    unread, statements, images = lost["unread"], lost["statements"], lost["rows"]
    assert isinstance(unread, Mapping)
    assert isinstance(statements, list)
    assert isinstance(images, list)
    lines += [f"    not read: {what} ({count} times)" for what, count in unread.items()]
    if statements and not rows:
        lines.append(f"    {len(statements)} statements; --rows shows them")
    if rows:
        lines += [f"    statement: {text!r}" for text in statements]
        lines += [f"    {_row(image)}" for image in images]
        if lost["rows_not_shown"]:
            lines.append(f"    … and {lost['rows_not_shown']} rows more")
    return lines


def _row(image: Tree) -> str:
    sides = [
        json.dumps(image[side], ensure_ascii=False)
        for side in ("before", "after")
        if image[side] is not None
    ]
    return f"{image['kind']} {image['table']} {' → '.join(sides)}"


def _moment(wall_s: object) -> str:
    assert isinstance(wall_s, int | float)
    return f"{datetime.fromtimestamp(wall_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
