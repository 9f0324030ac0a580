"""What a primary does that was frozen with a waiter while another took over."""

import pymysql
import pytest

from tests.contract.database_cluster import Commit
from tests.contract.real_servers import ACCOUNTS
from tests.integration.facts.pair import Pair, Start, Statement

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SENDER_PATIENCE_S = 0.3
THAW_S = 3.0
TRIALS_MAX = 6


def test_a_thawed_primary_carries_out_the_degrade_its_sender_gave_up(
    pair: Pair,
) -> None:
    """The buffered `_enabled=0` runs at the thaw: the waiter gets OK; rule 5.

    Later writes are acknowledged too, beside those of the promoted replica.
    """
    pair.stop_receiving()
    waiter = pair.waiter("waited")
    sender = pair.connect(
        pair.a, ACCOUNTS.controller, admin=True, read_s=SENDER_PATIENCE_S
    )
    pair.freeze(pair.a)
    with pytest.raises(pymysql.err.OperationalError), sender.cursor() as cursor:
        cursor.execute(pair.words.acks_off)
    sender.close()
    pair.promote()
    assert pair.write(pair.b, "new era").ended() is Commit.OK
    assert waiter.answer is Commit.HUNG
    pair.thaw(pair.a)
    assert waiter.ended() is Commit.OK
    assert pair.write(pair.a, "old era").ended() is Commit.OK
    assert {"waited", "old era"} <= pair.rows(pair.a)
    assert pair.rows(pair.b) == {"first", "new era"}


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_a_thawed_primary_acknowledges_what_had_reached_the_replica(
    start: Start, engine: str
) -> None:
    """OK at the thaw for a row the new primary has: rightly; promise 2.

    Only writes absent from the new primary are violations of proof (b). The end
    of the replica's connection lies behind its acknowledgement, and a server
    that reads of the end first tells nobody anything: then it is asked again.
    """
    answers: list[Commit] = []
    while Commit.OK not in answers and len(answers) < TRIALS_MAX:
        pair = start(engine)
        waiter = thawed_after_arrival(pair)
        answers.append(waiter.ended(THAW_S))
        assert answers[-1] is not Commit.ERROR
        assert {"arrived", "new era"} <= pair.rows(pair.b)
        pair.stop()
    assert Commit.OK in answers, answers


def thawed_after_arrival(pair: Pair) -> Statement:
    """Freeze both, thaw B until it shows the waiter's row, promote it, thaw A."""
    pair.freeze(pair.b)
    waiter = pair.waiter("arrived")
    pair.keep_waiting(waiter)
    pair.freeze(pair.a)
    pair.thaw(pair.b)
    pair.shows(pair.b, "arrived")
    pair.promote()
    assert pair.write(pair.b, "new era").ended() is Commit.OK
    assert waiter.answer is Commit.HUNG
    pair.thaw(pair.a)
    return waiter
