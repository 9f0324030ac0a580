"""What a cut does to acknowledgements, and a fence beside it. Needs root.

MariaDB 10.11 has a race of its own: when a mended replica returns, the source
ends the replica's old dump thread, and if the acknowledgement receiver saw the
closed socket first, that thread waits for it forever ("Waiting to finalize
termination") and no replica of that id can come back until semi-sync is turned
off and on again. That no acknowledgement leaks holds always; that they resume
is asked again on a fresh lab when, and only when, the server shows that state.
"""

import asyncio
import threading
import time
from contextlib import closing
from typing import Any

import pymysql
import pytest
from typing_extensions import override

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done
from deploy.adapters.process import ProcessProvisioner
from deploy.lab import netns
from deploy.lab.bootstrap import connect
from deploy.lab.launcher import Lab
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import ZONES, Net
from tests.labs import running_lab

pytestmark = [pytest.mark.lab, pytest.mark.netns]
A, B, C = ZONES
HANG_S = 1.5  # a commit in this lab takes milliseconds
RESUME_S = 15.0
FRESH_LABS_MAX = 4


class DurableWrite(threading.Thread):
    """One commit on the primary, on a thread, because it may hang."""

    def __init__(self, lab: Lab, name: str) -> None:
        super().__init__(daemon=True)
        self._lab = lab
        self._row = name
        self._acknowledged = threading.Event()

    def is_acknowledged(self, bound_s: float) -> bool:
        """Wait for the acknowledgement for at most *bound_s* seconds."""
        return self._acknowledged.wait(bound_s)

    @override
    def run(self) -> None:
        accounts = read_accounts(self._lab.spec.directory / "secrets")
        instance = self._lab.spec.instance(A)
        with closing(
            pymysql.connect(
                host=instance.host,
                port=instance.port,
                user=accounts.application.user,
                password=accounts.application.password,
                autocommit=True,
                read_timeout=60,
            )
        ) as line:
            statement = "INSERT INTO cms.writes (id, zone) VALUES (%s, 'a')"
            try:
                with line.cursor() as cursor:
                    cursor.execute(statement, (self._row,))
            except pymysql.MySQLError:
                return  # the lab ended under it: never acknowledged
            self._acknowledged.set()


def open_admin(lab: Lab) -> Any:
    """Connect to the primary before the fault: later it may accept nobody."""
    accounts = read_accounts(lab.spec.directory / "secrets")
    return connect(lab.spec.instance(A), accounts.controller)


def is_wedged(admin: Any) -> bool:
    """Tell whether the server shows its own race (see the head of this file)."""
    with admin.cursor() as cursor:
        cursor.execute("SHOW PROCESSLIST")
        return any(
            row["Command"] == "Killed"
            and "finalize termination" in (row["State"] or "")
            for row in cursor.fetchall()
        )


def resumes(lab: Lab, direction: netns.Direction | None) -> bool:
    """Cut b, see a durable commit hang, mend; tell whether it was acknowledged."""
    before = DurableWrite(lab, "before")
    before.start()
    assert before.is_acknowledged(10)
    lab.cut(B, one_way=direction)
    during = DurableWrite(lab, "during")
    during.start()
    leaked = during.is_acknowledged(HANG_S)
    assert not leaked, "an acknowledgement leaked through the cut"
    lab.mend(B)
    return during.is_acknowledged(RESUME_S)


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "direction",
    [None, pytest.param("in", marks=SLOW), pytest.param("out", marks=SLOW)],
)
def test_acknowledgements_stop_when_b_is_cut_and_resume_on_mend(
    direction: netns.Direction | None,
) -> None:
    """Data or acknowledgement: losing either direction is enough."""
    for _ in range(FRESH_LABS_MAX):
        with running_lab(Net.NETNS) as lab, closing(open_admin(lab)) as admin:
            if resumes(lab, direction):
                return
            assert is_wedged(admin), "not resumed, and not by the server's own race"
    pytest.fail(f"the server's own race in {FRESH_LABS_MAX} of {FRESH_LABS_MAX} labs")


def test_proof_a_on_a_cut_zone_and_a_new_copy_elsewhere() -> None:
    """The provisioner stands outside; the copy runs inside the donor's network."""
    with running_lab(Net.NETNS) as lab:
        provisioner = ProcessProvisioner(lab.spec)
        lab.cut(B)
        began = time.monotonic()
        done = asyncio.run(provisioner.ensure_stopped(B, ServerId("db-b"), Epoch(1)))
        assert isinstance(done, Done), done
        assert time.monotonic() - began < 1.5
        made = asyncio.run(
            provisioner.ensure_instance(
                C, ServerId("db-c"), Epoch(1), donor=ServerId("db-a")
            )
        )
        assert isinstance(made, Done), made
        lab.heal(B)
        b = next(z for z in lab.status().zones if z.zone == B)
        assert (b.database_running, b.database_inhibited) == (False, True)
        accounts = read_accounts(lab.spec.directory / "secrets")
        with (
            closing(connect(lab.spec.instance(C), accounts.controller)) as line,
            line.cursor() as cursor,
        ):
            cursor.execute("SELECT @@read_only AS v")
            assert cursor.fetchone() == {"v": 1}
