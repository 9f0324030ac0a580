"""A server's clock may be set back to before its start; it is the same process."""

import pytest

from controller.model.ids import ServerId
from replication.ports import ServerView
from replication.sql.view import Said, sight_of
from replication.statements import MARIADB, MYSQL, Dialect

START = 1_700_000_000


def view_at(words: Dialect, now: int) -> ServerView:
    uptime = (now - START) % 2**64  # as both servers print it
    status = {
        "UPTIME": uptime,
        words.acks_active: "OFF",
        words.acks_receivers: 0,
        words.acks_waiters: 0,
    }
    variables = {"who": 7, "read_only": 1, "offline": 0, "required": 0, "executed": ""}
    variables |= {"connections_max": 100, "acks": 1, "version": "x"}
    rows = [{"name": n, "value": str(v), "now": now} for n, v in status.items()]
    said = Said(variables=variables, status=rows, replicas=(), epoch=0)
    return sight_of(ServerId("db-a"), words, said).view


@pytest.mark.parametrize("words", [MARIADB, MYSQL], ids=lambda w: w.engine)
@pytest.mark.parametrize("jump_s", [3600, -3600])
def test_a_clock_that_jumps_makes_no_other_boot_id(words: Dialect, jump_s: int) -> None:
    """Rule 4 holds an acker to its boot id: a changed one is a lost acker."""
    before, after = view_at(words, START + 5), view_at(words, START + 5 + jump_s)
    assert before.boot_id == after.boot_id == f"7@{START}"
    assert after.uptime_s > 3000, "far from its start second, whichever way"
