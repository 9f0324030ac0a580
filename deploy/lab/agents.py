"""The lab's agents: one a zone, a child of the zone's supervisor, in its network."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from controller.model.ids import ZoneId
from deploy.agent.ports import MARGIN_S
from deploy.lab.durable import write_durably
from deploy.lab.secret_files import AGENT
from deploy.lab.spec import SITE, ZONES, LabSpec
from deploy.lab.zone_file import ChildSpec

PROBE_INTERVAL_S, PROBE_TIMEOUT_S = 0.1, 0.35


def agent_file(spec: LabSpec, zone: ZoneId) -> Path:
    """Return where the configuration of the zone's agent is."""
    return spec.zone_dir(zone) / "agent.yaml"


def agent_children(spec: LabSpec, zone: ZoneId) -> Sequence[ChildSpec]:
    """Return what the zone's supervisor runs for its agent; nothing without agents."""
    if not spec.agents:
        return ()
    program = (sys.executable, "-P", "-m", "controller.main", "agent")
    argv = (*program, "-c", str(agent_file(spec, zone)))
    return (ChildSpec(name="agent", argv=argv),)


def write_agent(spec: LabSpec, zone: ZoneId) -> None:
    """Write `zones/X/agent.yaml`."""
    secrets = spec.directory / "secrets"
    tree = {
        "site": SITE,
        "zone": str(zone),
        "engine": spec.engine,
        "state_dir": "agent",
        "listen": spec.agent(zone),
        "token": f"file:{secrets / AGENT}",
        "database": {
            "server": str(spec.server(zone)),
            "host": spec.host(zone),
            "admin_port": spec.ports.admin,
            "account": {
                "user": "sitedr",
                "password": f"file:{secrets / 'controller'}",
            },
            "replication_user": "repl",
        },
        "process": {"kind": "lab", "zone_dir": "."},
        "peers": {str(z): f"http://{spec.agent(z)}" for z in ZONES if z != zone},
        "self_fence_after_s": spec.self_fence_s,
    }
    if spec.observers:
        tree["observe"] = _observe_tree(spec)
    text = yaml.safe_dump(tree, sort_keys=False)
    write_durably(agent_file(spec, zone), text)


def _observe_tree(spec: LabSpec) -> Mapping[str, object]:
    """Ask as often, and wait as long, as the lab's daemon: they see a loss as soon."""
    watched = {
        str(z): {
            "database": f"{spec.host(z)}:{spec.ports.admin}",
            "origin": f"http://{spec.origin(z)}",
            "redis": f"{spec.host(z)}:{spec.ports.redis}",
        }
        for z in ZONES
    }
    pace = {"interval_s": PROBE_INTERVAL_S, "timeout_s": PROBE_TIMEOUT_S}
    return {"broker": spec.broker, "zones": watched, **pace}


def agents_tree(spec: LabSpec) -> Mapping[str, object]:
    """Return what the daemon's configuration says of the agents, if there are any."""
    if not spec.agents:
        return {}
    tree: dict[str, object] = {
        "token": f"file:secrets/{AGENT}",
        "zones": {str(z): f"http://{spec.agent(z)}" for z in ZONES},
    }
    if spec.self_fence_s:
        tree["self_fence_after_s"] = spec.self_fence_s
        tree["promote_wait_s"] = spec.self_fence_s + MARGIN_S
    found: dict[str, object] = {"agents": tree}
    if spec.observers:
        found["observers"] = {"broker": spec.broker}  # none named: all are expected
    return found
