"""A database engine is three places: a file, a line in the registry, a signature."""

import pkgutil

import replication.adapters
from replication.registry import SERVERS
from tests.contract import test_database_server_real
from tests.contract.database_server import DatabaseServerContract

REHEARSAL = "memory"
"""Made by the rehearsal itself, never named in a configuration."""


def test_every_database_adapter_is_registered_and_under_contract() -> None:
    modules = {m.name for m in pkgutil.iter_modules(replication.adapters.__path__)}
    assert modules - {REHEARSAL} == set(SERVERS)
    assert test_database_server_real.__name__
    signed = {
        c.__name__.removeprefix("Test") for c in DatabaseServerContract.__subclasses__()
    }
    assert {adapter.__name__ for adapter in SERVERS.values()} <= signed


def test_an_adapter_speaks_the_dialect_it_is_registered_for() -> None:
    assert {a.dialect.engine: a for a in SERVERS.values()} == dict(SERVERS)
