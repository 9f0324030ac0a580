"""What the catalogue says of one scenario."""

from collections.abc import Sequence
from dataclasses import dataclass

FACTS = "integration/facts"
HERE = "integration/scenarios"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario; tests as `FILE::NAME` below `tests/`, stories as `NAME`."""

    number: int
    about: str
    both: Sequence[str] = ()
    mariadb: Sequence[str] = ()
    mysql: Sequence[str] = ()
    simulated: Sequence[str] = ()
    left: str = ""

    @property
    def tests(self) -> Sequence[str]:
        """Return every test named, stories apart."""
        simulated = tuple(t for t in self.simulated if "::" in t)
        return (*self.both, *self.mariadb, *self.mysql, *simulated)
