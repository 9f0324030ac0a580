"""Our GTID arithmetic against the servers' own.

MySQL has a function for each operation. MariaDB has none for sets of histories:
what there is, is `MASTER_GTID_WAIT` (positions, by number alone) and what a source
answers a replica that asks to go on from a position (1236). Counting, unions and
"which of two is ahead" have no counterpart there.
"""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import pytest

from controller.model.ids import ServerId
from deploy.lab.poll import poll
from replication.binlog_state import BinlogState
from replication.gtid import GtidPosition, GtidSet
from replication.ports import ServerView
from tests.contract.real_servers import ACCOUNTS
from tests.integration.dialect.conftest import Lay
from tests.integration.dialect.servers import Administered, adapter

pytestmark = pytest.mark.lab

A, B = ServerId("a"), ServerId("b")
CASES = 400
_UUIDS = tuple(f"{n}e11fa47-71ca-11e1-9e33-c80aa9429562" for n in (3, 4, 5))
_TAGS = ("", "", ":night", ":_batch_2")


def random_set(rng: random.Random) -> str:
    """Return a set as people may write it: unordered, overlapping, in capitals."""
    chunks = []
    for _ in range(rng.randrange(4)):
        text = rng.choice(_UUIDS)
        for _ in range(rng.randint(1, 2)):
            text += rng.choice(_TAGS)
            for _ in range(rng.randint(1, 3)):
                first = rng.randint(1, 30)
                last = first + rng.choice((0, 0, 1, 4, 20))
                text += f":{first}" if first == last else f":{first}-{last}"
        chunks.append(text.upper() if rng.random() < 0.2 else text)
    return rng.choice((",", ",\n", " , ")).join(chunks)


def test_mysql_sets_are_what_the_server_says_they_are(lay: Lay) -> None:
    """Subset, difference and notation, tags too; then a tag really committed."""
    servers = lay("mysql", A)
    rng = random.Random(71)
    pairs = [(random_set(rng), random_set(rng)) for _ in range(CASES)]
    pairs += [(one, one) for one, _ in pairs[:20]]
    ours = [(GtidSet.parse(a), GtidSet.parse(b)) for a, b in pairs]
    rows = servers[A].sql(
        " UNION ALL ".join(
            f"SELECT {n} AS n, GTID_SUBSET('{a}', '{b}') AS part,"
            f" GTID_SUBTRACT('{a}', '{b}') AS more,"
            f" GTID_SUBTRACT('{one.union(two)}', '{b}') AS added"
            for n, ((a, b), (one, two)) in enumerate(zip(pairs, ours, strict=True))
        )
        + " ORDER BY n"
    )
    for row, (one, two), told in zip(rows, ours, pairs, strict=True):
        assert bool(row["part"]) == two.covers(one), told
        assert GtidSet.parse(row["more"]) == one.ahead_of(two), told
        assert GtidSet.parse(row["added"]) == one.ahead_of(two), told
    asyncio.run(_commit_tagged(servers))


async def _commit_tagged(servers: Mapping[ServerId, Administered]) -> None:
    database = adapter("mysql", servers, A)
    try:
        before = await database.view()
        assert isinstance(before, ServerView)
        (said,) = servers[A].sql(
            "SET GLOBAL super_read_only=0",
            "SET SESSION gtid_next='AUTOMATIC:night'",
            "CREATE DATABASE tagged",
            "SET SESSION gtid_next='AUTOMATIC'",
            "CREATE DATABASE plain",
            "SELECT @@server_uuid AS uuid",
        )
        after = await database.view()
        assert isinstance(after, ServerView)
    finally:
        await database.aclose()
    new = GtidSet.parse(after.executed).ahead_of(GtidSet.parse(before.executed))
    assert new.runs == {
        said["uuid"]: ((1, 1),),
        f"{said['uuid']}:night": ((1, 1),),
    }


@pytest.fixture
def many_origins(lay: Lay) -> Mapping[ServerId, Administered]:
    """A wrote in two domains as three servers would have; B wrote nothing."""
    servers = lay("mariadb", A, B)
    wrote = ((0, 7, 9), (0, 7, 10), (0, 8, 12), (0, 1, 14), (1, 7, 3))
    for domain, server, number in wrote:
        servers[A].sql(
            f"SET SESSION gtid_domain_id={domain}, server_id={server}",
            f"SET SESSION gtid_seq_no={number}",
            f"CREATE DATABASE d_{domain}_{server}_{number}",
        )
    return servers


def answered(replica: Administered, position: str) -> int:
    """Ask A for everything after *position*; return the error, 0: it sends."""
    replica.sql(
        "STOP SLAVE",
        f"SET GLOBAL gtid_slave_pos='{position}'",
        "START SLAVE IO_THREAD",
    )

    told: list[Mapping[str, Any]] = []

    def answers() -> bool:
        told[:] = replica.sql("SHOW SLAVE STATUS")
        arrived = told[0]["Gtid_IO_Pos"] not in {"", position}
        return arrived or int(told[0]["Last_IO_Errno"]) != 0

    assert poll(answers, 10.0), told
    return int(told[0]["Last_IO_Errno"])


def test_mariadb_refuses_whom_the_binlog_state_refuses(
    many_origins: Mapping[ServerId, Administered],
) -> None:
    source, replica = many_origins[A], many_origins[B]
    text = source.sql("SELECT @@GLOBAL.gtid_binlog_state AS state")[0]["state"]
    state = BinlogState.parse(text)
    assert state == BinlogState({(0, 1): 14, (0, 7): 10, (0, 8): 12, (1, 7): 3})
    replica.sql(
        f"CHANGE MASTER TO MASTER_HOST='{source.instance.host}',"
        f" MASTER_PORT={source.instance.port}, MASTER_USE_GTID=slave_pos,"
        f" MASTER_USER='{ACCOUNTS.replication.user}',"
        f" MASTER_PASSWORD='{ACCOUNTS.replication.password}'"
    )
    asked = ("0-7-9", "0-7-10", "0-8-12", "0-1-14", "0-1-15", "0-9-12", "0-7-11")
    for gtid in (*asked, "1-7-3", "1-7-4", "1-8-3"):
        domain, server, number = map(int, gtid.split("-"))
        holds = state.holds((domain, server), number)
        assert answered(replica, gtid) == (0 if holds else 1236), gtid
    # Where the two differ, and why ours is the stricter or the blinder one.
    assert answered(replica, "5-1-1") == 0, "a domain the source never wrote in"
    assert not state.holds((5, 1), 1), "another source's, to the server; errant, to us"
    assert answered(replica, "0-8-11") == 1236, "the server reads its log: a hole"
    assert state.holds((0, 8), 11), "a state cannot show it; nobody can have it either"


@pytest.mark.slow
def test_mariadb_waits_by_number_alone(lay: Lay) -> None:
    """`covers` says no to one case more: the same number from another origin."""
    rng = random.Random(72)
    server = lay("mariadb", B)[B]

    def position() -> GtidPosition:
        domains = rng.sample(range(3), rng.randint(1, 3))
        return GtidPosition(
            {d: (rng.randint(1, 2), rng.randint(1, 4)) for d in sorted(domains)}
        )

    cases = [(position(), position()) for _ in range(30)]
    split = 0
    for at, asked in cases:
        told = server.sql(
            f"SET GLOBAL gtid_slave_pos='{at}'",
            f"SELECT MASTER_GTID_WAIT('{asked}', 0) AS timed_out",
        )
        reached = told[0]["timed_out"] == 0
        twins = [
            d
            for d, (who, number) in asked.last.items()
            if at.last.get(d, (who, 0))[1] == number and at.last[d][0] != who
        ]
        split += bool(twins)
        assert at.covers(asked) == (reached and not twins), (at, asked)
    assert split, "the case was there"
