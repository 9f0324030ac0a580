"""Faults on a whole lab of real servers, on plain loopback."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing

import pymysql
import pytest

from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Refused
from deploy.adapters.process import ProcessProvisioner, greets
from deploy.lab import procs
from deploy.lab.bootstrap import connect, wait_ready
from deploy.lab.engine import LabError
from deploy.lab.launcher import Lab
from deploy.lab.secret_files import read_accounts
from deploy.lab.slot import Slot
from deploy.lab.spec import ZONES, LabSpec
from deploy.lab.status import ZoneStatus
from tests.labs import owned_lab, running_lab, until

pytestmark = pytest.mark.lab
A, B, C = ZONES
BOUND_S = 1.5  # proof (a): about a second, with room for a busy machine


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with running_lab() as made:
        yield made


@pytest.fixture(autouse=True)
def healed(lab: Lab) -> Iterator[None]:
    """Give every test a lab without faults; epochs only grow."""
    yield
    for zone in ZONES:
        lab.heal(zone)


def zone_status(lab: Lab, zone: ZoneId) -> ZoneStatus:
    return next(z for z in lab.status().zones if z.zone == zone)


def next_epoch(lab: Lab) -> Epoch:
    newest = max(Slot(lab.spec.zone_dir(z)).order().epoch or 0 for z in ZONES)
    return Epoch(newest + 1)


def allow_again(lab: Lab, zone: ZoneId) -> None:
    """Lift an inhibition like provisioning does, but keep the data."""
    slot = Slot(lab.spec.zone_dir(zone))
    order = slot.order()
    slot.record(type(order)(epoch=order.epoch, inhibited=False, why="a test ends"))
    lab.heal(zone)
    lab.start_database(zone)


def query(lab: Lab, zone: ZoneId, statement: str) -> dict[str, object]:
    accounts = read_accounts(lab.spec.directory / "secrets")
    with (
        closing(connect(lab.spec.instance(zone), accounts.controller)) as line,
        line.cursor() as cursor,
    ):
        cursor.execute(statement)
        row = cursor.fetchone()
    return dict(row or {})


def test_the_lab_is_a_replicating_site(lab: Lab) -> None:
    """First of all tests here: it looks at the roles of a fresh lab."""
    assert query(lab, A, "SELECT @@read_only AS v")["v"] == 0
    assert query(lab, B, "SELECT @@read_only AS v")["v"] == 1
    query(lab, A, "INSERT INTO cms.writes (id, zone) VALUES ('first', 'a')")
    until(
        lambda: (
            query(lab, B, "SELECT COUNT(*) AS v FROM cms.writes WHERE id='first'")["v"]
            == 1
        ),
        "the row arrived at b",
    )
    assert not zone_status(lab, C).database_seeded
    assert not zone_status(lab, C).database_running
    assert dict(zone_status(lab, C).children)["origin"]


def test_kill_ends_everything_and_heal_brings_it_back_read_only(lab: Lab) -> None:
    lab.kill(B)
    found = zone_status(lab, B)
    assert (found.processes, found.database_running) == (0, False)
    lab.heal(B)
    accounts = read_accounts(lab.spec.directory / "secrets")
    wait_ready(lab.spec.instance(B), accounts.controller, 20)
    assert query(lab, B, "SELECT @@read_only AS v")["v"] == 1
    assert query(lab, B, "SHOW SLAVE STATUS").get("Slave_IO_Running") != "Yes"


def test_a_frozen_zone_answers_nothing_and_thaws(lab: Lab) -> None:
    b = lab.spec.instance(B)
    lab.freeze(B)
    assert zone_status(lab, B).frozen
    assert not greets(b.host, b.port, timeout_s=0.3)
    lab.thaw(B)
    until(lambda: greets(b.host, b.port), "b greets again")
    assert zone_status(lab, B).supervised


@pytest.mark.parametrize("fault", ["none", "killed", "frozen"])
def test_proof_a_needs_no_help_from_the_zone(lab: Lab, fault: str) -> None:
    """Dead and inhibited, within about a second, whatever the zone's state is."""
    provisioner = ProcessProvisioner(lab.spec)
    epoch = next_epoch(lab)
    if fault == "killed":
        lab.kill(B)
    elif fault == "frozen":
        lab.freeze(B)
    began = time.monotonic()
    done = asyncio.run(provisioner.ensure_stopped(B, ServerId("db-b"), epoch))
    assert time.monotonic() - began < BOUND_S
    assert isinstance(done, Done), done
    assert done.evidence["inhibited"] == "true"
    assert not zone_status(lab, B).database_running
    late = asyncio.run(
        provisioner.ensure_stopped(B, ServerId("db-b"), Epoch(epoch - 1))
    )
    assert isinstance(late, Refused), late

    lab.heal(B)
    found = zone_status(lab, B)
    assert found.supervised
    assert (found.database_running, found.database_inhibited) == (False, True)
    with pytest.raises(LabError, match="inhibited by epoch"):
        lab.start_database(B)
    allow_again(lab, B)
    until(lambda: zone_status(lab, B).database_running, "the database runs again")


def test_a_crashed_database_is_started_again_read_only(lab: Lab) -> None:
    slot = Slot(lab.spec.zone_dir(B))
    first = slot.process()
    assert first is not None
    procs.send(first, procs.KILL)
    until(lambda: slot.process() not in {None, first}, "a new process is noted")
    accounts = read_accounts(lab.spec.directory / "secrets")
    wait_ready(lab.spec.instance(B), accounts.controller, 20)
    assert query(lab, B, "SELECT @@read_only AS v")["v"] == 1


def test_half_a_copy_is_never_started(lab: Lab) -> None:
    slot = Slot(lab.spec.zone_dir(C))
    slot.home.mkdir(exist_ok=True)
    slot.partial.mkdir()
    lab.kill(C)
    lab.heal(C)
    with pytest.raises(LabError, match="slot is empty"):
        lab.start_database(C)
    assert not zone_status(lab, C).database_running


def test_a_copy_broken_off_is_never_started_and_the_next_try_works(lab: Lab) -> None:
    """The donor's zone dies under the copy; later it is back and asked again."""
    provisioner = ProcessProvisioner(lab.spec)
    epoch = next_epoch(lab)

    async def broken_off() -> object:
        copy = asyncio.create_task(
            provisioner.ensure_instance(
                C, ServerId("db-c"), epoch, donor=ServerId("db-b")
            )
        )
        slot = Slot(lab.spec.zone_dir(C))
        await asyncio.to_thread(until, slot.partial.exists, "the copy has begun")
        await asyncio.to_thread(lab.kill, B)
        return await copy

    refused = asyncio.run(broken_off())
    assert isinstance(refused, Refused), refused
    found = zone_status(lab, C)
    assert (found.database_running, found.database_inhibited) == (False, True)
    assert not found.database_seeded

    made = asyncio.run(
        provisioner.ensure_instance(C, ServerId("db-c"), epoch, donor=ServerId("db-a"))
    )
    assert isinstance(made, Done), made
    position = made.evidence["position"]
    assert position
    assert (Slot(lab.spec.zone_dir(C)).home / "seed_position").read_text().strip() == (
        position
    )
    assert query(lab, C, "SELECT @@read_only AS v")["v"] == 1
    assert query(lab, C, "SELECT @@server_id AS v")["v"] == 3
    assert query(lab, C, "SELECT COUNT(*) AS v FROM cms.writes")["v"] == 1


def test_cut_is_refused_on_loopback_with_the_reason(lab: Lab) -> None:
    with pytest.raises(LabError, match="--net netns"):
        lab.cut(B)


def test_a_second_up_is_refused_and_harms_nothing(lab: Lab) -> None:
    with pytest.raises(LabError, match="sitedr lab down"):
        lab.up(lambda _line: None)
    twin = owned_lab(LabSpec(directory=lab.spec.directory, cache=lab.spec.cache))
    with pytest.raises(LabError, match="sitedr lab down"):
        twin.up(lambda _line: None)
    assert Lab.open(lab.spec.directory).spec == lab.spec
    assert query(lab, A, "SELECT 1 AS v")["v"] == 1


def test_an_unknown_zone_is_named_with_the_choices(lab: Lab) -> None:
    with pytest.raises(LabError, match="a, b, c"):
        lab.kill(ZoneId("z"))


def test_application_account_cannot_write_on_a_read_only_server(lab: Lab) -> None:
    accounts = read_accounts(lab.spec.directory / "secrets")
    wait_ready(lab.spec.instance(B), accounts.controller, 20)
    application = accounts.application
    with (
        closing(connect(lab.spec.instance(B), application)) as line,
        line.cursor() as cursor,
        pytest.raises(pymysql.err.OperationalError, match="read-only"),
    ):
        cursor.execute("INSERT INTO cms.writes (id, zone) VALUES ('x', 'b')")
