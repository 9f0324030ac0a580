"""The copy of files on real MariaDB servers, interrupted at every party.

One lab of databases for all of it; each test finds zone c empty and inhibited, or
seeded by the one before, which an order of a newer epoch lays anew.
"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from controller.model.copying import CopyProgress
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused
from deploy.adapters.process import ProcessProvisioner
from deploy.lab import procs, pump
from deploy.lab.bootstrap import connect
from deploy.lab.launcher import Lab
from deploy.lab.secret_files import read_accounts
from deploy.lab.slot import Slot
from tests.labs import databases_only, until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

A, C = ZoneId("a"), ZoneId("c")
DB_A, DB_C = ServerId("db-a"), ServerId("db-c")
MB = 1_000_000
SLOW_B_S = 6 * MB
TOOLS = {"mariadb-backup", "mbstream", "mariabackup"}

KILLED = """
import asyncio, sys
from pathlib import Path
from controller.model.ids import Epoch, ServerId, ZoneId
from deploy.adapters.process import ProcessProvisioner
provisioner = ProcessProvisioner.open(Path(sys.argv[1]), rate_b_s=3e6)
order = provisioner.ensure_instance(
    ZoneId("c"), ServerId("db-c"), Epoch(int(sys.argv[2])), donor=ServerId("db-a")
)
asyncio.run(order)
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with databases_only() as made:
        yield made


def newer(lab: Lab) -> Epoch:
    return Epoch((Slot(lab.spec.zone_dir(C)).order().epoch or 0) + 1)


def tools(lab: Lab) -> list[str]:
    """Return the copying tools of this lab that live."""
    marks = [lab.spec.mark(zone) for zone in (A, C)]
    found = [p for mark in marks for p in procs.of_zone(mark)]
    return [name for p in found if (name := procs.name_of(p)) in TOOLS]


def nothing_was_joined(lab: Lab) -> None:
    """No tool lives, nothing was published, and nothing will be started."""
    until(lambda: not tools(lab), "no tool of the copy lives on", 3.0)
    slot = Slot(lab.spec.zone_dir(C))
    assert not slot.is_running()
    assert slot.order().inhibited


def lay(lab: Lab, *, rate_b_s: float = 0.0) -> Outcome:
    provisioner = ProcessProvisioner(lab.spec, rate_b_s=rate_b_s)
    order = provisioner.ensure_instance(C, DB_C, newer(lab), donor=DB_A)
    return asyncio.run(order)


def is_laid(lab: Lab) -> None:
    """The next try ends with a running server on a whole copy."""
    done = lay(lab)
    assert isinstance(done, Done), done
    accounts = read_accounts(lab.spec.directory / "secrets")
    with connect(lab.spec.instance(C), accounts.controller) as line:
        cursor = line.cursor()
        cursor.execute("SELECT @@read_only, @@server_id")
        assert list(cursor.fetchall()[0].values()) == [1, 3]


async def begun(lab: Lab, provisioner: ProcessProvisioner) -> asyncio.Task[Outcome]:
    """Begin a slow copy; return once its bytes are seen to come."""
    order = provisioner.ensure_instance(C, DB_C, newer(lab), donor=DB_A)
    task = asyncio.create_task(order)
    while not task.done():
        progress = await provisioner.copying(C)
        if isinstance(progress, CopyProgress) and progress.copied_bytes > MB:
            return task
        await asyncio.sleep(0.02)
    raise AssertionError(task.result())


def test_a_copy_is_held_to_its_rate(lab: Lab) -> None:
    done = lay(lab, rate_b_s=20 * MB)
    assert isinstance(done, Done), done
    rate_b_s = int(done.evidence["bytes"]) / float(done.evidence["seconds"])
    assert rate_b_s < 21 * MB


def test_a_cancelled_copy_leaves_no_process_and_no_database(lab: Lab) -> None:
    async def story() -> None:
        task = await begun(lab, ProcessProvisioner(lab.spec, rate_b_s=SLOW_B_S))
        assert tools(lab)
        task.cancel()
        await asyncio.wait({task})
        await asyncio.to_thread(nothing_was_joined, lab)

    asyncio.run(story())
    is_laid(lab)


def test_a_killed_controller_takes_its_tools_with_it(lab: Lab) -> None:
    controller = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(lab.spec.directory), str(newer(lab))]
    )
    partial = Slot(lab.spec.zone_dir(C)).partial
    until(lambda: any(partial.glob("ib*")), "the copy has begun")
    controller.send_signal(signal.SIGKILL)
    controller.wait()
    nothing_was_joined(lab)
    assert partial.exists()  # half a copy: erased by the next try, never started
    is_laid(lab)
    assert not partial.exists()


@contextmanager
def donor_process(lab: Lab) -> Iterator[procs.Process]:
    found = Slot(lab.spec.zone_dir(A)).process()
    assert found is not None
    try:
        yield found
    finally:
        procs.send(found, signal.SIGCONT)


def test_a_recipients_zone_that_dies_in_the_middle_is_refused(lab: Lab) -> None:
    async def story() -> None:
        task = await begun(lab, ProcessProvisioner(lab.spec, rate_b_s=SLOW_B_S))
        await asyncio.to_thread(lab.kill, C)
        refused = await asyncio.wait_for(task, 20)
        assert isinstance(refused, Refused), refused

    asyncio.run(story())
    lab.heal(C)
    nothing_was_joined(lab)
    is_laid(lab)


@pytest.mark.root
def test_a_full_disk_is_named_and_the_next_try_is_whole(lab: Lab) -> None:
    """A small file system, mounted where the copy goes."""
    home = lab.spec.zone_dir(C) / "db"
    home.mkdir(exist_ok=True)
    tmpfs = ["mount", "-t", "tmpfs", "-o", "size=12m", "sitedr-test", str(home)]
    lab.kill(C)  # its server and log must not stand on what is covered
    lab.heal(C)
    subprocess.run(tmpfs, check=True)
    try:
        refused = lay(lab)
        assert isinstance(refused, Refused), refused
        assert "No space left" in refused.reason
        nothing_was_joined(lab)
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)
    is_laid(lab)


def test_a_frozen_donor_is_given_up(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool waits for the server's answer, and nothing moves."""
    monkeypatch.setattr(pump, "STILL_S_MAX", 1.5)
    with donor_process(lab) as donor:
        procs.send(donor, signal.SIGSTOP)
        refused = lay(lab)
    assert isinstance(refused, Refused), refused
    assert "no byte of the copy moved" in refused.reason
    nothing_was_joined(lab)
    is_laid(lab)


def test_a_killed_donor_is_refused(lab: Lab) -> None:
    """Last: nobody starts it again."""

    async def story() -> None:
        task = await begun(lab, ProcessProvisioner(lab.spec, rate_b_s=SLOW_B_S))
        with donor_process(lab) as donor:
            procs.send(donor, signal.SIGKILL)
        refused = await asyncio.wait_for(task, 20)
        assert isinstance(refused, Refused), refused
        await asyncio.to_thread(nothing_was_joined, lab)

    asyncio.run(story())
