"""Commands that only look: check-config, status, timeline, plan."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from controller.cli.choose import CLUSTER, CONFIG, FILE, cluster_file
from controller.cli.client import call
from controller.cli.past import journal_on_disk, state_dir_of
from controller.cli.show_asked import asked_lines
from controller.cli.show_calm import calm_lines
from controller.cli.show_fleet import ask_fleet, check_fleet, fleet_table
from controller.cli.show_observers import observer_lines
from controller.config.bounds import bound_lines, bounds_tree
from controller.config.budget import (
    detection_worst_s,
    failover_steps_s,
    rto_worst_s,
    stall_worst_s,
)
from controller.config.explain import durability_words
from controller.config.fleet import is_fleet
from controller.config.load import load_site
from controller.incident.record import parse_record, render_record
from controller.model.errors import ControllerError
from controller.sla.copying import copy_line
from controller.sla.timeline import timeline as tell

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")


def show_commands() -> Sequence[click.Command]:
    """Return the commands that change nothing."""
    return (check_config, status, timeline, plan)


@click.command("check-config")
@FILE
@CLUSTER
@JSON
def check_config(config: Path, cluster: str, *, as_json: bool) -> None:
    """Say everything that is wrong with a configuration, or what it promises.

    Of a fleet without --cluster: of every cluster, and what they share.
    Exit code 2 when something is wrong: each problem with file, line and key.
    """
    if is_fleet(config) and not cluster:
        check_fleet(config, as_json=as_json)
        return
    config = cluster_file(config, cluster)
    site = load_site(config)
    words = durability_words(site.durability)
    derived = {
        "detection_worst_s": round(detection_worst_s(site), 3),
        "stall_worst_s": round(stall_worst_s(site), 3),
        "rto_worst_s": round(rto_worst_s(site), 3),
        "rto_target_s": site.rto_target_s,
        "durability": {**site.durability.model_dump(), "means": [*words]},
        "bounds": bounds_tree(site),
        "steps_worst_s": {s.value: t for s, t in failover_steps_s(site).items()},
    }
    if as_json:
        click.echo(json.dumps(derived, indent=2))
        return
    click.echo(f"{config}: no problem found; mode {site.mode}, engine {site.engine}")
    click.echo(
        f"  a dead zone is called down within     {derived['detection_worst_s']} s"
    )
    click.echo(f"  a lost replica stalls writes at most  {derived['stall_worst_s']} s")
    click.echo(
        f"  worst-case time to writes again       {derived['rto_worst_s']} s"
        f" (target {site.rto_target_s:g} s)"
    )
    waits, *costs = words
    click.echo(f"  a commit waits for                    {waits}")
    for cost in costs:
        click.echo(f"{'':40}{cost}")
    for line in bound_lines(site):
        click.echo(f"  {line}")


@click.command()
@FILE
@CLUSTER
@JSON
@click.option("--watch", is_flag=True, help="Refresh every second until Ctrl-C.")
def status(config: Path, cluster: str, *, as_json: bool, watch: bool) -> None:
    """Show what the daemon sees, what it does, and why it does not act.

    Of a fleet without --cluster: every cluster in a line.
    """
    whole = is_fleet(config) and not cluster
    ask, table = (ask_fleet, fleet_table) if whole else (_status, _status_table)
    config = config if whole else cluster_file(config, cluster)
    if watch:
        with Live(refresh_per_second=4) as live:
            while True:
                live.update(table(ask(config)))
                time.sleep(1.0)  # a person reads: no faster, until Ctrl-C
    tree = ask(config)
    if as_json:
        click.echo(json.dumps(tree, indent=2))
        return
    Console().print(table(tree))


def _status(config: Path) -> Mapping[str, object]:
    _, tree = call(config, "GET", "/status")
    assert isinstance(tree, Mapping)
    return tree


def _lag(lag: Mapping[str, float | None] | None) -> str:
    """Return receive and apply lag in seconds; "" for who follows nobody."""
    if lag is None:
        return ""
    told = (lag["receive_s"], lag["apply_s"])
    return " / ".join("?" if s is None else f"{s:.1f}" for s in told) + " s"


def _add_agents(table: Table, agents: object) -> None:
    assert isinstance(agents, Mapping)
    for zone, agent in agents.items():
        told = "answers" if agent["answers"] else "does not answer"
        told += f", armed {agent['armed_s']:g} s" if agent["armed_s"] else ""
        table.add_row(zone, "agent", agent["held"], told, "", "", "", agent["trouble"])


def _status_table(tree: Mapping[str, object]) -> Table:
    table = Table(title=str(tree["sentence"]), title_justify="left")
    for name in ("zone", "database", "role", "verdict", "writable", "receiving", "lag"):
        table.add_column(name)
    table.add_column("services", overflow="fold")
    zones = tree["zones"]
    assert isinstance(zones, Mapping)
    for zone, fact in zones.items():
        services = " ".join(f"{n}={v}" for n, v in fact["services"].items())
        for server, seen in fact["databases"].items():
            table.add_row(
                zone,
                server,
                seen["role"],
                seen["verdict"],
                str(seen["writable"]),
                str(seen["receiving"]),
                _lag(seen["lag"]),
                services,
            )
    _add_agents(table, tree.get("agents", {}))
    durability = tree["durability"]
    assert isinstance(durability, Mapping)
    state = "protected" if durability["protected"] else "UNPROTECTED"
    vetoes = tree["vetoes"]
    assert isinstance(vetoes, list)
    lines = [
        f"mode {tree['mode']}, epoch {tree['epoch']}, {state}: {durability['why']}"
    ]
    edges = tree["edges"]
    assert isinstance(edges, Mapping)
    lines += [_edge_line(name, fact) for name, fact in edges.items()]
    lines += asked_lines(tree)
    if isinstance(wish := tree["wish"], Mapping):
        left = f"forgotten in {wish['left_s']} s"
        lines.append(f"wish: to zone {wish['to']}, {left}: {wish['why']}")
    if isinstance(copy := tree["copy"], Mapping):
        lines.append(copy_line(copy))
    lines += [
        *calm_lines(tree),
        *observer_lines(tree.get("observers")),
        *calm_lines(tree),
        *_doctor_lines(tree["doctor"], {v["name"] for v in vetoes}),
    ]
    old = tree["old_primaries"]
    assert isinstance(old, Mapping)
    lines += [_old_line(server, fact) for server, fact in old.items()]
    lines += [f"veto {v['name']}: {v['reason']}" for v in vetoes]
    # As Text: a `[mysqld]` in what mends is no markup.
    table.caption = Text("\n".join(lines), style="table.caption")
    table.caption_justify = "left"
    return table


def _old_line(server: str, old: Mapping[str, object]) -> str:
    if not old["saved"]:
        return f"old primary {server}: {old['known']}; {old['why']}".rstrip("; ")
    read = "see `sitedr lost-writes`" if old["report"] else "there is no report"
    return f"old primary {server}: {old['why']}; saved in {old['saved']}, {read}"


def _doctor_lines(doctor: object, vetoes: set[str]) -> list[str]:
    """Return what a person has to know of the doctor; all of it is in the JSON.

    Blockers that its veto names are told there.
    """
    assert isinstance(doctor, Mapping)
    counts = ", ".join(f"{n} {name}" for name, n in doctor["counts"].items())
    unknown = [
        f"{server} is not inspected ({look['why'] or 'being asked'})"
        for server, look in doctor["servers"].items()
        if look["inspected_s"] is None
    ]
    shown = "" if doctor["holds"] else " (shown only: doctor.holds is false)"
    lines = [f"doctor: {'; '.join([counts, *unknown])}{shown}"]
    for found in doctor["findings"]:
        told = found["holds"] and "doctor_blocker" in vetoes
        if found["severity"] == "blocker" and not told:
            where = found["server"] or ", ".join(found["among"])
            idle = "" if found["holds"] else "holds nothing; "
            lines.append(
                f"blocker {found['name']} on {where}: {found['what']};"
                f" mend: {found['mend']} ({idle}seen {found['age_s']:.0f} s ago)"
            )
    return lines


def _edge_line(name: str, fact: Mapping[str, object]) -> str:
    if not fact["reachable"]:
        return f"edge {name} does not answer: {fact['reason']}"
    route = {True: "on its route", False: "OFF ITS ROUTE"}
    on_route = fact["on_route"]
    told = route[on_route] if isinstance(on_route, bool) else "no route is due now"
    return f"edge {name} at epoch {fact['epoch']}, {told}"


@click.command()
@CONFIG
@JSON
@click.option("--incident", default="", help="Only this incident, e.g. i3.")
def timeline(config: Path, incident: str, *, as_json: bool) -> None:
    """Print the journal as a timeline: what happened, when, and why.

    Without a daemon the journal is read where it lies.
    """
    try:
        _, trees = call(config, "GET", "/records")
        assert isinstance(trees, list)
        found = [parse_record(tree) for tree in trees]
    except ControllerError:  # at 3 a.m. the daemon may be what is being looked for
        found = list(journal_on_disk(state_dir_of(config)))
    incidents = {r.incident for r in found}
    if incident and incident not in incidents:
        known = ", ".join(sorted(filter(None, incidents))) or "none"
        raise click.UsageError(f"no incident {incident} in the journal; there: {known}")
    kept = [r for r in found if not incident or r.incident == incident]
    if as_json:
        click.echo(json.dumps([render_record(r) for r in kept], indent=2))
        return
    for line in tell(kept):
        click.echo(f"{line.at_s:9.3f} s  {line.kind:<15} {line.text}")


@click.command()
@CONFIG
@JSON
@click.option("--lose", "zone", required=True, help="The zone to imagine lost.")
def plan(config: Path, zone: str, *, as_json: bool) -> None:
    """Show what losing a zone now would lead to: the dry run.

    The same guards and the same plan as the real thing. A veto marked as
    explained by the loss would fall away with the zone.
    """
    code, tree = call(config, "GET", f"/plan?lose={zone}")
    assert isinstance(tree, Mapping)
    if code != 200:
        raise click.UsageError(str(tree["error"]))
    if as_json:
        click.echo(json.dumps(tree, indent=2))
        return
    click.echo(f"losing zone {zone}: {tree['action']} {tree.get('why', '')}".rstrip())
    for veto in tree.get("vetoes", []):
        mark = "falls away" if veto["explained_by_the_loss"] else "HOLDS"
        click.echo(f"  {mark:<10} {veto['name']}: {veto['reason']}")
    for proof in tree.get("proofs", []):
        word = "possible" if proof["possible"] else "NOT NOW"
        click.echo(f"  proof {proof['proof']:<13} {word}: {proof['why']}")
    if donor := (tree.get("plan") or {}).get("donor"):
        click.echo(f"  a new replica is copied from {donor['server']}")
    for one in tree.get("candidates", []):
        mark = "chosen" if one["chosen"] else "candidate"
        against = ", ".join(v["name"] for v in one["vetoes"]) or "nothing against it"
        click.echo(f"  {mark:<10} {one['server']} ({one['rule']}): {against}")
    for number, step in enumerate(tree.get("steps", []), start=1):
        click.echo(f"  {number:2}. {step['step']:<10} {step['why']}")
