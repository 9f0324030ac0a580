"""Two clusters on real servers under one daemon: a zone takes both primaries.

They share the edges of the first lab, each under its own epoch there. Writers talk
to the databases directly and remember every acknowledged row.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from cdn_router.adapters.haproxy_maps import AdminSocket
from controller.act.files import FILES_BESIDES, FILES_PER_CLUSTER
from controller.incident.record import Record, RecordKind, parse_record
from deploy.lab.launcher import Lab
from deploy.lab.poll import poll
from deploy.lab.spec import EDGES, ZONES
from tests.integration.test_operator import free_port
from tests.integration.test_reopen import Writer, rows
from tests.labs import make_spec, owned_lab, require_programs, short_directory, until

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(200)]
A, B, _ = ZONES
SLOT, SITE = "s-two", "two.example.test"
SETTLED_S = 60.0


class FleetOfTwo:
    """Two labs, one fleet file, and the daemon that runs it."""

    def __init__(self, directory: Path, labs: dict[str, Lab]) -> None:
        self.labs = labs
        self.config = directory / "fleet.yaml"
        self.log = directory / "daemon.log"
        self.daemon: subprocess.Popen[bytes] | None = None

    def cpu_s(self) -> float:
        """Return the CPU time that the daemon has used so far, seconds."""
        assert self.daemon is not None
        fields = (
            Path(f"/proc/{self.daemon.pid}/stat").read_text().rsplit(")")[1].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def files(self) -> int:
        """Return how many files the daemon has open now."""
        assert self.daemon is not None
        return len(list(Path(f"/proc/{self.daemon.pid}/fd").iterdir()))

    def sitedr(self, *words: str) -> Any:
        """Return what a command prints as JSON; None when it fails."""
        argv = (sys.executable, "-m", "controller.main", words[0])
        asked = subprocess.run(
            [*argv, "-c", str(self.config), *words[1:], "--json"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        return json.loads(asked.stdout) if asked.returncode == 0 else None

    def all_are(self, primary: str) -> bool:
        """Tell whether *primary* serves in both clusters, protected."""
        found: Mapping[str, Any] | None = self.sitedr("status")
        if found is None:
            return False
        told = [(r.get("primary"), r.get("protected")) for r in found["clusters"]]
        return told == [(primary, True)] * len(self.labs)

    def records(self, cluster: str) -> list[Record]:
        found = self.sitedr("timeline", "--cluster", cluster)
        assert found is not None
        return [parse_record(tree) for tree in found]


def lay_out(directory: Path, labs: dict[str, Lab]) -> None:
    """Write the fleet's file; the second cluster has a slot at the first's edges."""
    one, two = labs.values()
    trees = {}
    for name, lab in labs.items():
        trees[name] = yaml.safe_load((lab.spec.directory / "site.yaml").read_text())
        trees[name]["site"] = name
    edges = trees["one"]["edges"]
    for edge in edges.values():
        edge["shared"] = True
    home = one.spec.directory
    trees["two"]["edges"] = {
        name: {**edge, **{k: str(home / edge[k]) for k in ("socket", "maps")}}
        for name, edge in edges.items()
    }
    trees["two"]["slots"] = {SLOT: [SITE]}
    for name, lab in labs.items():
        (lab.spec.directory / "site.yaml").write_text(yaml.safe_dump(trees[name]))
    fleet = {
        "fleet": "two",
        "state_dir": "state",
        "listen": f"127.0.0.1:{free_port()}",
        "max_promotions": 1,
        "clusters": [
            {"file": str(one.spec.directory / "site.yaml"), "priority": 10},
            {"file": str(two.spec.directory / "site.yaml"), "priority": 90},
        ],
    }
    (directory / "fleet.yaml").write_text(yaml.safe_dump(fleet))
    for edge in EDGES:
        asyncio.run(_know_the_site(one.spec.edge_dir(edge) / "admin.sock"))


async def _know_the_site(socket: Path) -> None:
    """Whose slot a site is in is the edge's own, and no order of ours."""
    admin = AdminSocket(socket)
    ids = await admin.map_ids()
    await admin.edit(ids["slot.map"], {}, {SITE: SLOT})


@contextmanager
def fleet_of_two() -> Iterator[FleetOfTwo]:
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with ExitStack() as stack:
        labs: dict[str, Lab] = {}
        for number, name in enumerate(("one", "two")):
            spec = make_spec(stack.enter_context(short_directory()))
            first, second = spec.prefix.split(".")
            prefix = f"{first}.{int(second) - 50 * number}"
            labs[name] = owned_lab(replace(spec, prefix=prefix))
            stack.callback(labs[name].down)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda lab: lab.up(lambda _line: None), labs.values()))
        directory = stack.enter_context(short_directory())
        lay_out(directory, labs)
        fleet = FleetOfTwo(directory, labs)
        run = (sys.executable, "-m", "controller.main", "run", "-c")
        log = stack.enter_context(fleet.log.open("wb"))
        argv = (*run, str(fleet.config))
        fleet.daemon = subprocess.Popen(argv, stdout=log, stderr=log)
        stack.callback(fleet.daemon.wait, 10)
        stack.callback(fleet.daemon.terminate)
        yield fleet


def promotion(records: list[Record]) -> tuple[float, float]:
    """Return when the one failover began and when OPEN was done."""
    (began,) = [
        r.at_mono_s
        for r in records
        if r.kind is RecordKind.STARTED and "failover" in json.dumps(r.body["plan"])
    ]
    (opened,) = [
        r.at_mono_s
        for r in records
        if r.kind is RecordKind.OUTCOME
        and (r.body["step"], r.body["outcome"]) == ("open", "done")
    ]
    return began, opened


def test_a_zone_takes_both_primaries_and_both_come_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One promotion at a time; nothing acknowledged is lost; epochs stay apart."""
    with fleet_of_two() as fleet:
        if not poll(lambda: fleet.all_are("db-a"), SETTLED_S):
            pytest.fail(fleet.log.read_text()[-4000:])
        before_s, at_s = fleet.cpu_s(), time.monotonic()
        assert fleet.files() <= 2 * FILES_PER_CLUSTER + FILES_BESIDES
        writers = {name: Writer(lab) for name, lab in fleet.labs.items()}
        for writer in writers.values():
            writer.start()
        until(
            lambda: min(len(w.acknowledged) for w in writers.values()) > 200, "writes"
        )
        cores = (fleet.cpu_s() - before_s) / (time.monotonic() - at_s)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda lab: lab.kill(A), fleet.labs.values()))
        if not poll(lambda: fleet.all_are("db-b"), SETTLED_S):
            pytest.fail(fleet.log.read_text()[-4000:])
        files = fleet.files()
        told = {}
        for name, writer in writers.items():
            writer.ending.set()
            writer.join(20)
            assert not set(writer.acknowledged) - rows(fleet.labs[name], B)
            told[name] = promotion(fleet.records(name))
        marks = fleet.labs["one"].spec.edge_dir(EDGES[0]) / "maps" / "epoch.map"
        seen = dict(line.split() for line in marks.read_text().splitlines())
        assert (seen["owner:s1"], seen[f"owner:{SLOT}"]) == ("one", "two")
        assert int(seen["epoch:one"]) >= 2
        assert int(seen["epoch:two"]) >= 2
    (first, opened), (second, reopened) = sorted(told.values())
    assert second >= opened  # the limit is one
    with capsys.disabled():
        sys.stdout.write(
            f"\nfleet of two, one promotion at once: from the first start to OPEN"
            f" {opened - first:.2f} s and {reopened - first:.2f} s,"
            f" {sum(len(w.acknowledged) for w in writers.values())} acknowledged,"
            f" 0 lost; nothing wrong: {1000 * cores / 2:.0f} ms of CPU a"
            f" cluster second; {files} open files\n"
        )
