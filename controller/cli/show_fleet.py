"""A fleet in a table: one line a cluster."""

import json
from collections.abc import Mapping
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from controller.cli.client import call_at
from controller.config.budget import rto_worst_s
from controller.config.fleet import load_fleet

Tree = Mapping[str, object]


def check_fleet(config: Path, *, as_json: bool) -> None:
    """Say what a fleet's file promises; raise `ConfigError` with what is wrong."""
    fleet = load_fleet(config)
    settings = fleet.settings
    rows = [
        {
            "cluster": c.name,
            "file": str(c.file),
            "priority": c.priority,
            "mode": c.site.mode,
            "rto_worst_s": round(rto_worst_s(c.site), 3),
            "rto_target_s": c.site.rto_target_s,
        }
        for c in fleet.clusters
    ]
    if as_json:
        click.echo(json.dumps({"fleet": settings.fleet, "clusters": rows}, indent=2))
        return
    click.echo(f"{config}: no problem found; {len(rows)} clusters")
    for row in rows:
        click.echo(
            f"  {row['cluster']}: priority {row['priority']}, mode {row['mode']},"
            f" worst case {row['rto_worst_s']} s (target {row['rto_target_s']:g} s)"
        )


def ask_fleet(config: Path) -> Tree:
    """Return one row a cluster, from the fleet's own socket."""
    _, tree = call_at(load_fleet(config).state_dir, config, "GET", "/fleet")
    assert isinstance(tree, Mapping)
    return tree


def fleet_table(tree: Tree) -> Table:
    """Return what `ask_fleet` found, for people."""
    rows = tree["clusters"]
    assert isinstance(rows, list)
    title = f"fleet {tree['fleet']}: {_counts(rows)}{_promotions(tree)}"
    table = Table(title=title, title_justify="left")
    for name in ("cluster", "mode", "primary", "epoch", "durability"):
        table.add_column(name)
    table.add_column("what it does, or why it does not act", overflow="fold", ratio=1)
    for row in rows:
        table.add_row(
            str(row["cluster"]),
            str(row.get("mode", row["life"])),
            str(row.get("primary") or "none"),
            str(row.get("epoch", "")),
            _durability(row),
            Text(str(row["sentence"]), style="red" if _ill(row) else ""),
        )
    return table


def _counts(rows: list[Tree]) -> str:
    ill = sum(map(_ill, rows))
    paused = sum(bool(row.get("paused")) for row in rows)
    told = [f"{ill} in trouble"] if ill else []
    told += [f"{paused} paused"] if paused else []
    return f"{len(rows)} clusters, " + (", ".join(told) or "all well")


def _promotions(tree: Tree) -> str:
    """Return how far a mass failover is; nothing while there is none."""
    found = tree["promotions"]
    assert isinstance(found, Mapping)
    if not found["under_way"] and not found["waiting"] and not found["stuck"]:
        return ""
    told = f"; {found['under_way']} of {found['max']} promotions under way"
    stuck = f", {found['stuck']} stuck" if found["stuck"] else ""
    return f"{told}, {found['waiting']} wait{stuck}"


def _ill(row: Tree) -> bool:
    """Tell whether a person should look at this line first."""
    return bool(row["life"] == "stopped" or row.get("trouble") or row.get("halted"))


def _durability(row: Tree) -> str:
    if "protected" not in row:
        return ""
    return "protected" if row["protected"] else "UNPROTECTED"
