"""Secrets by reference: `env:NAME` or `file:PATH`; never printed, never logged."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from controller.model.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Secret:
    """A value whose repr is stars."""

    value: str = field(repr=False)

    @override
    def __str__(self) -> str:
        return "***"


def read_secret(reference: str, *, base: Path) -> Secret:
    """Return what *reference* names; relative paths are under *base*.

    Raises `ConfigError` naming the reference and what to do, never the value.
    """
    kind, _, name = reference.partition(":")
    if kind == "env":
        value = os.environ.get(name)
        if value is None:
            raise ConfigError([f"{reference}: the variable is not set"])
        return Secret(value)
    path = base / name
    try:
        return Secret(path.read_text(encoding="utf-8").rstrip("\n"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not text"
        raise ConfigError(
            [f"{reference}: the daemon cannot read {path}: {why}"]
        ) from error
