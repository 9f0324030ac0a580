"""What we know after asking the outside world to change.

A network call has three answers, not two. `Unknown` is the honest one: the
request may or may not have taken effect. Code that folds `Unknown` into
`Refused` is how a controller ends up with two writable primaries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

Evidence: TypeAlias = Mapping[str, str]
"""Facts read back by the one who answered; journalled, shown, never a secret."""

NO_EVIDENCE: Evidence = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Done:
    """The effect is in place (now, or already before we asked)."""

    evidence: Evidence = field(default_factory=lambda: NO_EVIDENCE)


@dataclass(frozen=True, slots=True)
class Refused:
    """The effect is certainly not in place."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The reply was lost; the effect may or may not be in place."""

    reason: str


Outcome: TypeAlias = Done | Refused | Unknown


@dataclass(frozen=True, slots=True)
class NotSeen:
    """A question got no usable answer.

    phase: where it failed: dns, connect, tls, auth, version, write, read, status,
    body. `auth`, `dns` and `version` mean *we cannot observe*, never *it is down*.
    """

    phase: str
    reason: str
