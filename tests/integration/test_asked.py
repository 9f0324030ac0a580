"""The daemon on a real site asks for pages, journeys and more: shown, nothing moves."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from controller.cli import build_cli
from controller.cli.detect import detect
from controller.model.ids import EdgeId, ZoneId
from deploy.lab import procs
from deploy.lab.launcher import Lab
from deploy.lab.spec import ZONES
from tests.conftest import ROOT
from tests.integration.test_edge_reconcile import haproxy_of
from tests.integration.test_operator import free_port
from tests.labs import make_spec, require_programs, short_directory, until

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]
A, _, C = ZONES
SITE = "www.example.test"


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A whole lab, and a configuration that asks for everything."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with short_directory() as directory:
        made = Lab(make_spec(directory))
        try:
            made.up(lambda _line: None)
            ask_for_everything(directory / "site.yaml")
            yield made
        finally:
            made.down()


def ask_for_everything(path: Path) -> None:
    tree = yaml.safe_load(path.read_text())
    tree["listen"] = f"127.0.0.1:{free_port()}"
    page = {"path": "/search?q=welcome", "host": SITE}
    tree["pages"] = [{"name": "found", **page}, {"name": "health", "path": "/healthz"}]
    tree["journeys"] = [{"name": "found", "edge": "edge-1", **page}]
    tree["probe"]["page_interval_s"] = 0.2
    tree["zones"]["a"]["also"] = [
        {"name": "cache", "tcp": tree["zones"]["a"]["redis"], "every_s": 0.5},
        {"name": "disk", "command": ["/bin/sh", "-c", "exit 75"], "every_s": 0.5},
    ]
    path.write_text(yaml.safe_dump(tree))


@contextmanager
def daemon(lab: Lab, recorded: Path) -> Iterator[None]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", "controller.main", "run"),
            *("-c", "site.yaml", "--record", str(recorded)),
        ],
        cwd=lab.spec.directory,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def status(lab: Lab) -> Mapping[str, Any]:
    """Return the status tree; empty while nobody answers."""
    config = str(lab.spec.directory / "site.yaml")
    told = CliRunner().invoke(
        build_cli(lambda *_: None), ["status", "-c", config, "--json"]
    )
    try:
        tree: Mapping[str, Any] = json.loads(told.output)
    except ValueError:
        return {}
    return tree


def search_of(lab: Lab, zone: ZoneId) -> procs.Process:
    """Return the process of a zone's search service."""
    (found,) = [
        process
        for process in procs.of_zone(lab.spec.mark(zone))
        if b"deploy.lab.search" in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    ]
    return found


@contextmanager
def frozen(process: procs.Process) -> Iterator[None]:
    procs.send(process, signal.SIGSTOP)
    try:
        yield
    finally:
        procs.send(process, signal.SIGCONT)


def pages_of(lab: Lab, zone: str) -> Mapping[str, str]:
    zones = status(lab).get("zones", {})
    pages = zones[zone]["pages"] if zones else {}
    return {name: page["verdict"] for name, page in pages.items()}


def is_well(lab: Lab) -> bool:
    tree = status(lab)
    return bool(tree) and tree["durability"]["protected"] and not tree["trouble"]


def is_elevated(lab: Lab) -> bool:
    rates = status(lab)["zones"]["a"]["rates"]
    return (rates["verdict"], rates["by"]) == ("elevated", "pages")


def arrives(lab: Lab) -> bool:
    return bool(status(lab)["journeys"]["found"]["verdict"] == "ok")


def begins_well(lab: Lab) -> None:
    until(lambda: is_well(lab), "all is well", 30)
    until(lambda: set(pages_of(lab, "a").values()) == {"ok"}, "its pages", 10)
    until(lambda: arrives(lab), "the journey", 10)
    zone = status(lab)["zones"]["a"]
    told = {n: zone["services"][n] for n in ("search", "cache", "disk")}
    assert told == {"search": "ok", "cache": "ok", "disk": "cannot_observe"}
    assert zone["notes"]["cache"] == "accepts connections, which is no proof of life"


def is_told(lab: Lab) -> None:
    """While the zone's search is frozen."""
    until(lambda: pages_of(lab, "a")["found"] == "down", "the page", 20)
    assert pages_of(lab, "a")["health"] == "ok"
    assert pages_of(lab, "b")["found"] == "ok"
    until(lambda: is_elevated(lab), "elevated by pages", 60)
    tree = status(lab)
    services = tree["zones"]["a"]["services"]
    assert (services["search"], services["origin"]) == ("down", "ok")
    # Reads go to another zone by themselves: users get this page all the same.
    assert tree["journeys"]["found"]["verdict"] == "ok"
    for trouble in ("search of zone a is down", "zone a fails pages we ask it for"):
        assert trouble in tree["trouble"]


def is_at_fault(lab: Lab) -> None:
    """While the edge is frozen."""

    def fault() -> str:
        return str(status(lab)["journeys"]["found"]["fault"])

    until(lambda: bool(fault()), "the journey fails", 30)
    assert fault().startswith("edge edge-1, or its way to zone a: the zone itself")
    vetoes = {veto["name"]: veto["reason"] for veto in status(lab)["vetoes"]}
    assert fault() in vetoes["journey_failing"]
    assert pages_of(lab, "a")["found"] == "ok"


def test_a_journey_that_fails_says_that_the_edge_does(lab: Lab, tmp_path: Path) -> None:
    with daemon(lab, tmp_path / "seen.jsonl"):
        begins_well(lab)
        with frozen(haproxy_of(lab, EdgeId("edge-1"))):
            is_at_fault(lab)
        until(lambda: arrives(lab), "the journey", 30)
        tree = status(lab)
        assert (tree["primary"], tree["epoch"]) == ("db-a", 1)


def test_a_page_that_fails_in_one_zone_is_told_apart_and_moves_nothing(
    lab: Lab, tmp_path: Path
) -> None:
    """The zone's health is fine, its search is frozen, and so is what needs it."""
    recorded = tmp_path / "seen.jsonl"
    with daemon(lab, recorded):
        begins_well(lab)
        with frozen(search_of(lab, A)):
            is_told(lab)
        until(lambda: pages_of(lab, "a")["found"] == "ok", "the page again", 20)
        tree = status(lab)
        assert (tree["primary"], tree["epoch"]) == ("db-a", 1)
    told = CliRunner().invoke(detect, ["--replay", str(recorded), "--json"])
    changes = [json.loads(line) for line in told.output.splitlines()]
    said = {(c["subject"], c["verdict"]) for c in changes}
    assert ("page found of zone a", "down") in said
    assert ("rates of zone a", "elevated") in said
    assert ("rates of zone b", "elevated") not in said
    assert ("disk of zone a", "cannot_observe") in said
