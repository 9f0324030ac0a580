"""What an applier leaves out shows in an inspection of a real server."""

import pytest

from controller.model.ids import ServerId
from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import Severity, Wanted
from tests.integration.dialect.conftest import Lay
from tests.integration.dialect.servers import inspected

pytestmark = [pytest.mark.lab, pytest.mark.slow]

WANTED = Wanted(controller="sitedr", replication="repl", acks=True)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("mariadb", "SET GLOBAL replicate_ignore_db='secret'"),
        ("mysql", "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB=(secret)"),
    ],
)
def test_a_filter_is_a_blocker(name: str, statement: str, lay: Lay) -> None:
    (server,) = lay(name, ServerId("a")).values()
    assert not inspected(name, server).filters
    server.sql(statement)
    seen = inspected(name, server)
    assert list(seen.filters) == ["replicate_ignore_db"]
    assert "secret" in seen.filters["replicate_ignore_db"]
    found = {f.name: f.severity for f in diagnose([seen], WANTED)}
    assert found["replication_filter"] is Severity.BLOCKER
