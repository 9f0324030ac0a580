"""Servers of either engine, lent to a test and ended after it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from controller.model.ids import ServerId
from tests.integration.dialect.servers import Administered, laid

Lay = Callable[..., Mapping[ServerId, Administered]]


@pytest.fixture
def lay(tmp_path: Path) -> Iterator[Lay]:
    """Lay servers by engine and names; all of them end with the test."""
    running: list[Administered] = []

    def started(
        name: str, *servers: str, extra: Sequence[str] = ()
    ) -> Mapping[ServerId, Administered]:
        found = laid(name, tmp_path / str(len(running)), servers, extra)
        running.extend(found.values())
        return found

    yield started
    for server in running:
        server.kill()
