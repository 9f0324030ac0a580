"""A primary whose disk is full, on real servers, and the daemon's word for it.

Run by `test_small_disk.py` in a mount namespace of its own, where a small file
system ends with the test however it ends; by its name nothing else collects it.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.incident.record import RecordKind
from deploy.lab.engine import Accounts, InstanceSpec
from deploy.lab.engine_mariadb import MariaDbEngine
from deploy.lab.engine_mysql import MySqlEngine
from tests.integration.scenarios.site import A, B, Site, running_site
from tests.labs import until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

OWN_MOUNTS = "SITEDR_TEST_OWN_MOUNTS"
SIZE = "400m"
BLOCK = b"x" * 4096
ENGINES = {"mariadb": MariaDbEngine, "mysql": MySqlEngine}


@pytest.fixture(params=sorted(ENGINES))
def site(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """A calm site; the database of zone a has a file system of its own."""
    assert OWN_MOUNTS in os.environ, "run test_small_disk.py instead"
    kind = ENGINES[request.param]
    create = kind.create_empty

    def on_a_small_disk(
        self: MariaDbEngine | MySqlEngine, instance: InstanceSpec, accounts: Accounts
    ) -> None:
        if instance.zone == A:
            instance.home.mkdir(parents=True)
            mount = ("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none")
            subprocess.run([*mount, str(instance.home)], check=True)
        create(self, instance, accounts)
        if instance.zone == A:
            fill_holes(instance.home / "data")

    monkeypatch.setattr(kind, "create_empty", on_a_small_disk)
    with running_site(request.param) as site:
        yield site


def fill_holes(data: Path) -> None:
    """Give every file its blocks: in a hole of its own log a server would crash."""
    whole = data.with_name("whole")
    subprocess.run(["cp", "-rp", "--sparse=never", str(data), str(whole)], check=True)
    shutil.rmtree(data)
    whole.rename(data)


def fill(path: Path) -> None:
    """Write *path* until no space is left."""
    with path.open("ab", buffering=0) as file:
        try:
            while file.write(BLOCK):
                pass
        except OSError:
            return


def test_07_a_full_disk(site: Site) -> None:
    """SELECT works and writes block: named and held, or by policy left."""
    written = {f"before-{n}" for n in range(5)}
    assert all(site.write(A, row) for row in sorted(written))
    filler = site.lab.spec.instance(A).home / "filler"

    def is_named() -> bool:
        fill(filler)  # what a log gave back since
        return "write_dead" in site.vetoes()

    until(is_named, "the veto", 30)
    assert site.rows(A) >= written, "SELECT works"
    assert "is its disk full?" in site.status()["trouble"]
    runs = site.runs()
    site.stays(lambda: site.vetoes() == {"write_dead"}, 2.0)
    assert site.runs() == runs

    site.restart(write_dead={"action": "failover", "after_s": 6})
    until(lambda: site.status().get("primary") == "db-b", "the failover", 40)
    site.be_calm()
    assert site.runs()[-1] == "failover"
    assert site.rows(B) >= written
    assert site.write(B, "after")
    assert not site.write(A, "too late")
    confirmed = [
        str(r.body["evidence"])
        for r in site.records()
        if r.kind is RecordKind.OUTCOME and r.body["step"] == "confirm"
    ]
    assert "received nothing for" in confirmed[-1]
