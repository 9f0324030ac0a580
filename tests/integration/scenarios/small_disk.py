"""A primary whose disk is full, on real servers, and the daemon's word for it.

Run by `test_small_disk.py` in a mount namespace of its own, where a small file
system ends with the test however it ends; by its name nothing else collects it.
"""

from collections.abc import Iterator

import pytest

from controller.incident.record import RecordKind
from tests.integration.scenarios.site import A, B, Site, running_site
from tests.integration.scenarios.tight import ENGINES, fill, small_disk
from tests.labs import until

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(params=sorted(ENGINES))
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A calm site; the database of zone a has a file system of its own."""
    with small_disk(request.param), running_site(request.param) as site:
        yield site


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
