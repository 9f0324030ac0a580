"""Files the lab writes for others: the daemon's site.yaml, the origins' settings."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from controller.model.ids import EdgeId, ZoneId
from deploy.lab.agents import (
    PROBE_INTERVAL_S,
    PROBE_TIMEOUT_S,
    agent_children,
    agents_tree,
    write_agent,
)
from deploy.lab.durable import write_durably
from deploy.lab.edge_config import EdgeSpec, haproxy_argv, write_edge
from deploy.lab.secret_files import EDITOR
from deploy.lab.spec import EDGES, SITE, SLOTS, ZONES, LabSpec
from deploy.lab.zone_file import ChildSpec, ZoneFile

SITE_FILE = "site.yaml"
_HEAD = "# Written by `sitedr lab up`; deploy/assets/example.yaml explains every key.\n"


def site_tree(spec: LabSpec, *, primary: ZoneId) -> Mapping[str, object]:
    """Return the daemon's configuration of this lab."""
    return {
        **agents_tree(spec),
        "site": SITE,
        "mode": "auto",
        "engine": spec.engine,
        "state_dir": "state",
        "listen": "127.0.0.1:9180",
        "rto_target_s": 30,
        "durability": "semi_sync",
        "proofs": ["process", "acks_revoked", "sql"],
        "cooldown_s": 60,
        "notify": [],
        "probe": {
            "interval_s": PROBE_INTERVAL_S,
            "timeout_s": PROBE_TIMEOUT_S,
            "rounds_down": 3,
            "rounds_clear": 10,
            "stall_s": 0.5,
        },
        "switchover": {
            "pause_max_s": 5,
            "transaction_max_s": 3,
            "lag_max": 1000,
        },
        "write_dead": {"action": "hold", "after_s": 10},
        "rates": {
            "short_s": 2,
            "long_s": 10,
            "answers_min": 20,
            "rate_min": 0.1,
            "share_min": 0.7,
            "p_max": 0.01,
            "clear_s": 30,
        },
        "zone_errors": {"action": "switchover", "after_s": 5},
        "promotion": {},
        "candidate": {"unapplied_max": 10000},
        "flapping": {
            "flips": 3,
            "moves": 2,
            "within_s": 600,
            "quarantine_s": 900,
            "quarantine_max_s": 3600,
        },
        "doctor": {"interval_s": 300, "holds": True},
        "provision": {"method": "auto", "rate_mb_s": 0},
        "accounts": {
            "controller": {"user": "sitedr", "password": "file:secrets/controller"},
            "replication": {"user": "repl", "password": "file:secrets/replication"},
        },
        "zones": {str(z): _zone_tree(spec, z) for z in ZONES},
        "primary": str(primary),
        "provisioner": {"kind": "process", "lab": "."},
        "edges": {str(e): _edge_tree(spec, e) for e in EDGES},
        "slots": {str(slot): [str(s) for s in sites] for slot, sites in SLOTS.items()},
    }


def _zone_tree(spec: LabSpec, zone: ZoneId) -> Mapping[str, object]:
    return {
        "origin": f"http://{spec.origin(zone)}",
        "redis": f"{spec.host(zone)}:{spec.ports.redis}",
        "search": spec.search_url(zone),
        "database": {
            "server": str(spec.server(zone)),
            "host": spec.host(zone),
            "port": spec.ports.database,
            "admin_port": spec.ports.admin,
        },
    }


def _edge_tree(spec: LabSpec, edge: EdgeId) -> Mapping[str, object]:
    home = spec.edge_dir(edge).relative_to(spec.directory)
    return {
        "url": spec.edge_url(edge),
        "socket": str(home / "admin.sock"),
        "maps": str(home / "maps"),
    }


def write_site(spec: LabSpec, *, primary: ZoneId) -> Path:
    """Write `site.yaml`; return its path."""
    path = spec.directory / SITE_FILE
    text = yaml.safe_dump(site_tree(spec, primary=primary), sort_keys=False)
    write_durably(path, _HEAD + text)
    return path


def zone_file(spec: LabSpec, zone: ZoneId) -> ZoneFile:
    """Return what the zone's supervisor runs."""
    home = spec.zone_dir(zone)
    host = spec.host(zone)
    redis = (
        "redis-server",
        *("--bind", host, "--port", str(spec.ports.redis)),
        *("--save", "", "--appendonly", "no", "--protected-mode", "no"),
        # A changed title would overwrite the mark in the process's environment.
        *("--set-proc-title", "no", "--daemonize", "no", "--dir", str(home)),
    )
    return ZoneFile(
        zone=zone,
        mark=spec.mark(zone),
        children=[
            *agent_children(spec, zone),
            ChildSpec(name="origin", argv=_module("deploy.lab.cms", home / "cms.json")),
            ChildSpec(name="redis", argv=redis),
            ChildSpec(
                name="search", argv=_module("deploy.lab.search", home / "search.json")
            ),
        ],
        engine=spec.engine,
        cache=spec.cache,
        instance=spec.instance(zone),
    )


def _module(name: str, config: Path) -> Sequence[str]:
    return (sys.executable, "-P", "-m", name, "--config", str(config))


def write_zone_settings(spec: LabSpec, zone: ZoneId) -> None:
    """Write the settings of the zone's origin and search service."""
    home, host, ports = spec.zone_dir(zone), spec.host(zone), spec.ports
    secrets = spec.directory / "secrets"
    origin = {
        "zone": zone,
        "host": host,
        "port": ports.origin,
        "database": {
            "host": host,
            "port": ports.database,
            "user": "cms",
            "password_file": str(secrets / "application"),
            "name": "cms",
        },
        "redis": {"host": host, "port": ports.redis},
        "search": spec.search_url(zone),
        "editor": {"user": EDITOR, "password_file": str(secrets / EDITOR)},
    }
    search = {"host": host, "port": ports.search}
    if spec.agents:
        write_agent(spec, zone)
    for name, tree in (("cms", origin), ("search", search)):
        write_durably(home / f"{name}.json", json.dumps(tree, indent=1) + "\n")


def edge_spec(spec: LabSpec, edge: EdgeId, *, active: ZoneId) -> EdgeSpec:
    """Return one edge for `edge_config`."""
    return EdgeSpec(
        home=spec.edge_dir(edge),
        host=spec.edge_host(edge),
        port=spec.ports.edge,
        zones={z: spec.origin(z) for z in ZONES},
        slots=SLOTS,
        active=active,
    )


def write_edges(spec: LabSpec, *, active: ZoneId) -> ZoneFile:
    """Write the edges' files; return what their supervisor runs."""
    children = []
    for edge in EDGES:
        made = edge_spec(spec, edge, active=active)
        spec.edge_dir(edge).mkdir(parents=True, exist_ok=True)
        write_edge(made)
        children.append(ChildSpec(name=edge, argv=haproxy_argv(made)))
    return ZoneFile(zone=ZoneId("edges"), mark=spec.mark("edges"), children=children)
