"""A database engine is three places: a file, a line in the registry, a signature."""

import importlib
import pkgutil

import replication.adapters
from replication.registry import SERVERS
from replication.sql.server import SqlServer
from tests.contract import test_database_server_real
from tests.contract.database_server import DatabaseServerContract


def sql_adapters() -> dict[str, type[SqlServer]]:
    """Return what the adapters' modules define, by module name."""
    found: dict[str, type[SqlServer]] = {}
    for module in pkgutil.iter_modules(replication.adapters.__path__):
        loaded = importlib.import_module(f"replication.adapters.{module.name}")
        for value in vars(loaded).values():
            own = isinstance(value, type) and value.__module__ == loaded.__name__
            if own and issubclass(value, SqlServer):
                found[module.name] = value
    return found


def test_every_sql_adapter_is_registered_and_under_contract() -> None:
    assert sql_adapters() == dict(SERVERS)
    assert test_database_server_real.__name__
    signed = {
        c.__name__.removeprefix("Test") for c in DatabaseServerContract.__subclasses__()
    }
    assert {adapter.__name__ for adapter in SERVERS.values()} <= signed


def test_an_adapter_speaks_the_dialect_it_is_registered_for() -> None:
    assert {a.dialect.engine: a for a in SERVERS.values()} == dict(SERVERS)
