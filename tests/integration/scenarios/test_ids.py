"""38: after a promotion that lost acknowledged writes their ids are not reused."""

from collections.abc import Sequence

import pytest

from controller.model.ids import Epoch
from controller.model.outcomes import Refused
from replication.sql.ids import GAP
from tests.contract.database_cluster import B, expect_done, seen
from tests.contract.real_servers import ACCOUNTS, RealServer
from tests.integration.facts.pair import Pair, Start
from tests.integration.scenarios.test_servers import both_engines, tell

pytestmark = [pytest.mark.lab, pytest.mark.slow]

NEXT = Epoch(2)
COLUMN = "NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(9)"
TABLES = (
    f"CREATE TABLE cms.orders (id BIGINT {COLUMN}) ENGINE=InnoDB",
    f"CREATE TABLE cms.`odd name` (id INT {COLUMN}) ENGINE=InnoDB",
    f"CREATE TABLE cms.tiny (id TINYINT {COLUMN}) ENGINE=InnoDB",
)


def order(pair: Pair, server: RealServer, what: str) -> int:
    """Insert an order as the application does; return the id it was given."""
    line = pair.connect(server, ACCOUNTS.application, admin=False)
    with line, line.cursor() as cursor:
        cursor.execute("INSERT INTO cms.orders (what) VALUES (%s)", (what,))
        return int(cursor.lastrowid)


def marks(server: RealServer) -> Sequence[tuple[str, int, int]]:
    rows = server.sql("SELECT * FROM sitedr.skipped_ids WHERE epoch = 2 ORDER BY name")
    return [(r["name"], int(r["first_id"]), int(r["next_id"])) for r in rows]


@both_engines
def test_38_ids_of_lost_writes_are_not_given_again(start: Start, engine: str) -> None:
    """The ranges left out are told, and in a table beside the epoch."""
    pair = start(engine)
    pair.a.sql(*TABLES, "INSERT INTO cms.tiny (id) VALUES (125)")
    kept = order(pair, pair.a, "kept")
    pair.until(lambda: bool(pair.b.sql("SELECT * FROM cms.orders")), "replicated")
    pair.stop_receiving()
    pair.a.sql(pair.words.acks_off)  # unprotected: a person let it go on so
    lost = [order(pair, pair.a, "lost") for _ in range(3)]
    pair.a.kill()

    async def story() -> None:
        b = pair.cluster.connect(B)
        expect_done(await b.ensure_frozen(NEXT))
        expect_done(await b.ensure_drained(NEXT))
        assert isinstance(await b.ensure_ids_skipped(NEXT), Refused)
        expect_done(await b.ensure_open(NEXT, boot_id=(await seen(b)).boot_id))
        told = expect_done(await b.ensure_ids_skipped(NEXT)).evidence
        assert f"cms.orders {kept + 1}..{kept + GAP}" in told["ids"]
        assert "cms.odd name 1.." in told["ids"]
        assert "cms.tiny: no room in tinyint" in told["ids_kept"]
        before = marks(pair.b)
        assert [name for name, *_ in before] == ["odd name", "orders"]
        expect_done(await b.ensure_ids_skipped(NEXT))
        assert marks(pair.b) == before, "asked again it changes no more"

    tell(pair, story)
    new = order(pair, pair.b, "new era")
    assert new > max(lost) > kept
    assert new == kept + 1 + GAP
