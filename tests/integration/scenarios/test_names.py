"""What the controller cannot resolve is not down; needs no server."""

import asyncio

import pytest

from controller.model.ids import ServerId
from controller.model.outcomes import NotSeen
from deploy.lab.engines import ENGINES
from health.detector import Detector, DetectorPolicy, Verdict
from replication.registry import SERVERS
from replication.sql.credentials import Credentials
from replication.sql.server import SqlAccess

ROUNDS = 5
NOBODY = Credentials(user="sitedr", password="x")


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_35_a_name_that_does_not_resolve_is_blindness(engine: str) -> None:
    """DNS failed at the controller: however often, that is `cannot_observe`."""
    access = SqlAccess(
        server=ServerId("db-a"),
        host="db-a.invalid",
        admin_port=3307,
        controller=NOBODY,
        replication=NOBODY,
        members={},
    )
    policy = DetectorPolicy(rounds_down=3, rounds_clear=1, stale_s=60.0)
    detector = Detector(policy)

    async def ask() -> None:
        server = SERVERS[engine](access)
        for at_s in range(ROUNDS):
            answer = await server.view()
            assert isinstance(answer, NotSeen)
            detector.record(at_s, phase=answer.phase, reason=answer.reason)
        await server.aclose()

    asyncio.run(ask())
    reading = detector.reading(ROUNDS)
    assert (reading.verdict, reading.bad_in_a_row) == (Verdict.CANNOT_OBSERVE, 0)
