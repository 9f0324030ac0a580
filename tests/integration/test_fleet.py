"""A fleet as its operator sees it: a table, a name to choose by, and bulkheads."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from controller.rehearsal.site import A
from tests.integration.fleet_in_memory import RunningFleet, running_fleet
from tests.labs import until


@pytest.fixture(scope="module")
def fleet() -> Iterator[RunningFleet]:
    with running_fleet("one", "two", "three") as found:
        until(found.protected, "every cluster is protected")
        yield found


def get(fleet: RunningFleet, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{fleet.port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_status_is_a_line_a_cluster(fleet: RunningFleet) -> None:
    shown = fleet.sitedr("status").output
    assert "fleet eu: 3 clusters" in shown
    for name in ("one", "two", "three"):
        assert name in shown
    row = fleet.rows()["two"]
    assert (row["mode"], row["primary"], row["life"]) == ("auto", "db-a", "running")


def test_a_command_for_one_cluster_needs_its_name(fleet: RunningFleet) -> None:
    refused = fleet.sitedr("timeline")
    assert refused.exit_code == 2
    assert "--cluster one|three|two" in refused.output
    told = fleet.sitedr("status", "--cluster", "two", "--json")
    assert json.loads(told.output)["primary"] == "db-a"
    told = fleet.sitedr("plan", "--cluster", "one", "--lose", "a", "--json")
    assert json.loads(told.output)["would_act"] is True
    assert fleet.sitedr("pause", "--cluster", "three", "--why", "x").exit_code == 0
    status = json.loads(fleet.sitedr("status", "--cluster", "three", "--json").output)
    assert status["paused"] == "x"
    other = json.loads(fleet.sitedr("status", "--cluster", "one", "--json").output)
    assert other["paused"] == ""
    assert fleet.sitedr("resume", "--cluster", "three").exit_code == 0


def test_one_scrape_has_every_cluster_by_name(fleet: RunningFleet) -> None:
    code, text = get(fleet, "/metrics")
    assert code == 200
    for name in ("one", "two", "three"):
        assert f'sitedr_protected{{cluster="{name}",site="{name}"}} 1.0' in text
        assert f'sitedr_cluster_up{{cluster="{name}",site="{name}"}} 1.0' in text
    assert text.count("# TYPE sitedr_protected gauge") == 1


def test_check_config_tells_of_every_cluster(fleet: RunningFleet) -> None:
    told = fleet.sitedr("check-config").output
    assert "no problem found; 3 clusters" in told
    assert "two: priority 20, mode observe" in told
    assert "worst-case" in fleet.sitedr("check-config", "--cluster", "two").output


def test_what_breaks_one_cluster_stops_no_other(fleet: RunningFleet) -> None:
    """Its journal cannot be written: it stops, says so, and begins anew."""
    lives = {n: row["lives"] for n, row in fleet.rows().items()}
    fleet.sites["one"].journal.fails_in = 1
    fleet.loop.call_soon_threadsafe(fleet.sites["one"].kill, A)
    fleet.loop.call_soon_threadsafe(fleet.sites["two"].kill, A)
    until(lambda: fleet.rows()["one"]["life"] == "stopped", "one has stopped")
    code, text = get(fleet, "/healthz")
    assert code == 503
    assert "one" in json.loads(text)["stopped"]
    assert "no space left" in str(fleet.rows()["one"]["sentence"])
    until(lambda: fleet.rows()["two"].get("primary") == "db-b", "two has failed over")
    until(
        lambda: fleet.rows()["one"].get("primary") == "db-b", "one began anew and too"
    )
    now = {n: row["lives"] for n, row in fleet.rows().items()}
    assert (now["two"], now["three"]) == (lives["two"], lives["three"])
    assert now["one"] != lives["one"]
    until(lambda: get(fleet, "/healthz")[0] == 200, "all is well again")
