"""Scenarios in which nothing may move, each with the name of what holds.

One site an engine for all of them; at the end of each it is as it was before.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pymysql
import pytest

from deploy.lab.engines import ENGINES
from tests.integration.scenarios.site import A, B, Site, running_site
from tests.labs import until

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]

WATCHED_S = 2.0
"""Several times what a failover of this site takes to begin."""
CONNECTIONS_MAX = 40
TOO_MANY = 1040


@pytest.fixture(scope="module", params=sorted(ENGINES))
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with running_site(request.param) as site:
        yield site


@contextmanager
def nothing_moves(site: Site) -> Iterator[None]:
    """No run begins; the primary takes writes before, meanwhile and after."""
    site.be_calm()
    runs, epoch = site.runs(), site.epoch(A)
    yield
    site.be_calm()
    until(lambda: not site.vetoes(), "no veto is left")
    assert (site.runs(), site.epoch(A)) == (runs, epoch)
    assert site.status()["primary"] == "db-a"


def test_03_only_the_controller_is_cut_off(site: Site) -> None:
    """The replica still hears the primary, and the edges reach it: held by name."""
    with nothing_moves(site):
        with site.path_lost():
            until(lambda: "still_receiving" in site.vetoes(), "the veto")
            assert "we may be cut off" in str(site.status()["vetoes"])
            for number in range(10):
                assert site.write(A, f"cut-off-{site.engine}-{number}")
            site.stays(lambda: "still_receiving" in site.vetoes(), WATCHED_S)
            assert "still_receiving" in site.sitedr("timeline")
        written = {f"cut-off-{site.engine}-{n}" for n in range(10)}
        until(lambda: written <= site.rows(B), "the replica has them")


def test_05_a_slow_primary_keeps_its_role(site: Site) -> None:
    """Answers many times later than usual, some too late: no move by that alone."""
    with nothing_moves(site), site.path_slow():
        site.stays(lambda: site.status()["run"] is None, WATCHED_S)


def test_08_too_many_connections_are_an_overload(site: Site) -> None:
    """The daemon comes in by the admin port; nobody is better served elsewhere."""
    (was,) = site.sql(A, "SELECT @@GLOBAL.max_connections AS n")
    with nothing_moves(site), ExitStack() as crowd:
        crowd.callback(site.sql, A, f"SET GLOBAL max_connections={was['n']}")
        site.sql(A, f"SET GLOBAL max_connections={CONNECTIONS_MAX}")
        with pytest.raises(pymysql.err.OperationalError) as refused:
            fill_up(site, crowd)
        assert refused.value.args[0] == TOO_MANY
        until(lambda: "overload" in site.vetoes(), "the veto")
        site.stays(lambda: site.status()["run"] is None, WATCHED_S)
        assert "connections" in str(site.status()["vetoes"])


def fill_up(site: Site, crowd: ExitStack) -> None:
    """Connect as the application until it is refused."""
    for _ in range(CONNECTIONS_MAX + 1):
        crowd.enter_context(site.line(A, controller=False))


def test_33_a_second_controller_without_a_shared_state_is_kept_out(site: Site) -> None:
    """The named lock of every database is the first one's; nothing is written."""
    with nothing_moves(site):
        site.settings("second")
        site.start("second")
        try:
            until(lambda: "lease_lost" in site.vetoes("second"), "the veto", 20)
            site.stays(lambda: "lease_lost" in site.vetoes("second"), WATCHED_S)
            assert site.runs("second") == []
            assert "lease_lost" not in site.vetoes()
        finally:
            site.kill("second")


def test_34_a_password_that_is_refused_everywhere_is_no_death(site: Site) -> None:
    """Every zone refuses us at once: that is our blindness, and it is named."""
    wrong = site.directory / "secrets" / "rotated"
    wrong.write_text("no longer\n")
    with nothing_moves(site):
        with other_settings(site, accounts=site.accounts_with(wrong)):
            until(lambda: "cannot_observe" in site.vetoes(), "the veto", 20)
            assert site.write(A, f"blind-{site.engine}")
            site.stays(lambda: "cannot_observe" in site.vetoes(), WATCHED_S)
            trouble = site.status()["trouble"]
            assert "db-a" in trouble
            assert "db-b" in trouble
        until(lambda: f"blind-{site.engine}" in site.rows(B), "the replica has it")


@contextmanager
def other_settings(site: Site, **changes: object) -> Iterator[None]:
    """Run the daemon with *changes* to its file for a while."""
    site.restart(**changes)
    try:
        yield
    finally:
        site.restart()
