"""What a planted bug is: a part changed, a story, and the checker that must object."""

from dataclasses import dataclass, field

from controller.rehearsal.site import Settings
from tests.sim.plants import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """caught_by: the checker that must object; rule: what is broken, in words."""

    rule: str
    plant: Plant
    caught_by: str
    story: str
    settings: Settings = field(default_factory=Settings)
