"""Stopping a receiver whose source is in a black hole: how long it takes.

Run by `test_black_holes.py` in a network namespace of its own, where packets
may be dropped; by its name nothing else collects it.
"""

import asyncio
import os
import time
from collections.abc import Callable

import pytest

from deploy.lab.poll import poll
from tests.contract.database_cluster import A, B
from tests.integration.facts.pair import Pair, Start, Statement
from tests.labs import IN_OWN_NAMESPACE

pytestmark = [pytest.mark.lab, pytest.mark.slow]

KILL_BEFORE_STOP_S = 0.02
"""Within a millisecond of the KILL, STOP waits as if there had been none."""
AT_ONCE_S = 1.0
"""Measured: 0.00 s; and 2.0 s where STOP waits for the network."""


@pytest.fixture(autouse=True)
def own_namespace() -> None:
    assert IN_OWN_NAMESPACE in os.environ, "run test_black_holes.py instead"


def fall_silent(pair: Pair) -> Statement:
    """Drop every packet between A and B, and see a commit wait."""
    assert pair.cluster.can_cut
    asyncio.run(pair.cluster.cut(A, B))
    return pair.waiter("into the hole")


def receiver(pair: Pair) -> str:
    """Return what B says of its receiver: Yes, Connecting or No."""
    return str(pair.replica(pair.b)[pair.words.receiver_running])


def seconds(act: Callable[[], object]) -> float:
    began_s = time.monotonic()
    act()
    return time.monotonic() - began_s


def stop(pair: Pair) -> None:
    pair.b.sql(pair.words.stop_receiver)
    assert receiver(pair) == "No"


def mended(pair: Pair, waiter: Statement) -> None:
    """Mend the network: what waited goes on waiting, B is frozen."""
    asyncio.run(pair.cluster.mend(A, B))
    pair.keep_waiting(waiter)


def test_mariadb_stop_alone_waits_for_the_network(mariadb: Pair) -> None:
    waiter = fall_silent(mariadb)
    assert receiver(mariadb) == "Yes"
    assert seconds(lambda: stop(mariadb)) > AT_ONCE_S
    mended(mariadb, waiter)


def test_mariadb_killing_the_receiver_first_stops_it_at_once(mariadb: Pair) -> None:
    waiter = fall_silent(mariadb)
    assert receiver(mariadb) == "Yes"

    (thread,) = (
        row["Id"]
        for row in mariadb.b.sql("SHOW PROCESSLIST")
        if row["Command"] == "Slave_IO"
    )
    mariadb.b.sql(f"KILL {thread}")
    noticed = poll(lambda: receiver(mariadb) != "Yes", KILL_BEFORE_STOP_S)
    assert not noticed, "no need for a STOP any more"
    assert seconds(lambda: stop(mariadb)) < AT_ONCE_S
    mended(mariadb, waiter)


def test_mysql_stops_at_once_while_it_still_says_yes(mysql: Pair) -> None:
    waiter = fall_silent(mysql)
    assert receiver(mysql) == "Yes"
    assert seconds(lambda: stop(mysql)) < AT_ONCE_S
    mended(mysql, waiter)


def test_mysql_stop_waits_once_it_says_connecting(start: Start) -> None:
    mysql = start("mysql", b=("--replica-net-timeout=2",))
    waiter = fall_silent(mysql)
    mysql.until(lambda: receiver(mysql) == "Connecting", "it noticed the silence")
    assert seconds(lambda: stop(mysql)) > AT_ONCE_S
    mended(mysql, waiter)
