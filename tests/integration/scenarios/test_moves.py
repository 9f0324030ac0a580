"""Scenarios in which the primary moves, and more goes wrong than its zone."""

import signal
from collections.abc import Iterator
from contextlib import closing

import pytest

from deploy.lab.engines import ENGINES
from tests.integration.scenarios.site import A, B, C, Site, running_site
from tests.labs import until

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]

WATCHED_S = 3.0
UNAPPLIED = 5
IDLE_S = 8.0
"""A server ends the order session of a controller that says nothing for so long."""


@pytest.fixture(params=sorted(ENGINES))
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with running_site(request.param) as site:
        yield site


def written(site: Site, zone: str, name: str) -> set[str]:
    """Have a few rows acknowledged in *zone*."""
    rows = {f"{name}-{number}" for number in range(UNAPPLIED)}
    assert all(site.write(A if zone == A else B, row) for row in sorted(rows))
    return rows


def test_36_and_18_losing_the_controller_with_the_zone_and_then_its_successor(
    site: Site,
) -> None:
    """36: the next daemon finishes. 18: within the cool-down it holds, by name."""
    rows = written(site, A, "first")
    site.lab.kill(A)
    site.kill()
    site.start()
    until(lambda: site.status().get("primary") == "db-b", "the failover", 30)
    site.be_calm()
    assert site.status()["ackers"] == ["db-c"]

    rows |= written(site, B, "second")
    site.lab.kill(B)
    until(lambda: site.vetoes() == {"cooldown"}, "the veto", 20)
    site.stays(lambda: site.vetoes() == {"cooldown"}, WATCHED_S)
    assert site.status()["primary"] == "db-b"
    refused = site.sitedr("failover", "--to", "c", "--why", "users wait")
    assert "--override cooldown" in refused
    site.sitedr("failover", "--to", "c", "--why", "users", "--override", "cooldown")
    until(lambda: site.status().get("primary") == "db-c", "the failover", 30)
    assert rows <= site.rows(C)
    assert site.runs().count("failover") == 2


def test_17_a_controller_that_was_stopped_while_another_took_over(site: Site) -> None:
    """Thawed in the middle of its failover it changes no database and no edge."""
    with closing(site.line(B, controller=True)) as line, line.cursor() as cursor:
        cursor.execute("FLUSH TABLES WITH READ LOCK")  # DRAIN takes as long as this
        rows = written(site, A, "unapplied")
        site.lab.kill(A)
        until(lambda: site.is_at("drain"), "it stands in DRAIN", 20)
        site.daemons["state"].send_signal(signal.SIGSTOP)
        site.copy_journal("state", "second")
    last = site.records()[-1].seq
    site.settings("second")
    site.start("second")
    until(lambda: site.status("second").get("primary") == "db-b", "taken over", 40)
    site.be_calm("second")
    assert rows <= site.rows(B)
    before = standing(site)

    site.daemons["state"].send_signal(signal.SIGCONT)
    until(lambda: site.records()[-1].seq > last, "it goes on", 20)
    site.stays(lambda: standing(site) == before, WATCHED_S)
    done = {step for step, outcome in site.outcomes(after=last) if outcome == "done"}
    assert done <= {"drain"}, "it was told done of what it only looked at"
    assert "open" not in {step for step, _ in site.outcomes(after=last)}
    assert site.write(B, "new era")
    assert site.runs("second").count("failover") == 1


def standing(site: Site) -> list[object]:
    """Return what an old controller could change: roles, epochs, routes."""
    tree = site.status("second")
    (replica,) = site.sql(C, "SHOW REPLICA STATUS")
    mine = {k: v for k, v in replica.items() if k.endswith("_Running")}
    edges = {name: e["epoch"] for name, e in tree["edges"].items()}
    (closed,) = site.sql(B, "SELECT @@GLOBAL.read_only AS it")
    return [tree["primary"], tree["ackers"], site.epoch(B), closed, mine, edges]
