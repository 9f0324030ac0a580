"""A fresh, protected pair of servers for each fact: about a second, three for MySQL."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from controller.model.ids import ServerId
from tests.contract.real_servers import cache_directory, golden_home
from tests.integration.facts.engines import ENGINES, MARK, sweeping
from tests.integration.facts.pair import Pair, Start


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """Lay each engine's data directory once; at the end nothing of ours runs."""

    @cache
    def laid(name: str) -> Path:
        engine = ENGINES[name](cache_directory())
        engine.ensure_installed(lambda _line: None)
        return golden_home(engine, tmp_path_factory.mktemp(name))

    with sweeping(MARK):
        yield laid


@pytest.fixture
def start(golden: Callable[[str], Path], tmp_path: Path) -> Iterator[Start]:
    """Start one pair with options of its own; it ends with the test."""
    pairs: list[Pair] = []

    def started(name: str, **options: Sequence[str]) -> Pair:
        engine = ENGINES[name](cache_directory())
        engine.extra.update({ServerId(s): given for s, given in options.items()})
        pair = Pair(engine, golden(name), tmp_path / str(len(pairs)))
        pairs.append(pair)
        pair.protect()
        return pair

    yield started
    for pair in pairs:
        pair.stop()


@pytest.fixture(params=sorted(ENGINES))
def pair(request: pytest.FixtureRequest, start: Start) -> Pair:
    """Either engine: what both do alike."""
    return start(request.param)


@pytest.fixture
def mariadb(start: Start) -> Pair:
    return start("mariadb")


@pytest.fixture
def mysql(start: Start) -> Pair:
    return start("mysql")
