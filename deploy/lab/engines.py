"""Which engines the lab knows, by name."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from deploy.lab.engine import Engine, LabError

ENGINES: Mapping[str, str] = MappingProxyType(
    {
        "mariadb": "deploy.lab.engine_mariadb:MariaDbEngine",
        "mysql": "deploy.lab.engine_mysql:MySqlEngine",
    }
)


def load_engine(name: str, cache: Path) -> Engine:
    """Return the engine called *name*, or the one at `module:Class`.

    Args:
        name: one of `ENGINES`, or the address of a class made from *cache*.
        cache: a directory that outlives labs, for templates and bundles.

    Raises:
        LabError: there is no such engine.
    """
    address = ENGINES.get(name, name)
    module, colon, attribute = address.partition(":")
    if not colon:
        known = ", ".join(sorted(ENGINES))
        raise LabError(f"unknown engine {name!r}: choose one of {known}")
    try:
        made: Engine = getattr(importlib.import_module(module), attribute)(cache)
    except (ImportError, AttributeError) as error:
        raise LabError(f"engine {name!r} cannot be loaded: {error}") from error
    return made
