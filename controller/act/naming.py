"""What each zone, and the site, is called goes on record when that changes."""

from dataclasses import dataclass, field

from controller.act.book import Book
from controller.decide.classify import Condition, Conditions, Named
from controller.decide.decide import Decision
from controller.incident.record import RecordKind

SETTLE_S = 1.0
"""Trouble is told at once; another name for it, or its end, once it has lasted."""

_NOTHING = Named(Condition.NONE, "nothing is the matter with it")


@dataclass(slots=True)
class Naming:
    """Remembers what this process noted last; a new one says it again."""

    book: Book
    _said: dict[str, Condition] = field(default_factory=dict)
    _else: dict[str, tuple[Condition, float]] = field(default_factory=dict)

    def note(self, decision: Decision, now_s: float) -> None:
        """Note every name that changed."""
        seen = _subjects(decision.conditions)
        for subject in sorted({*seen, *self._said}):
            named = seen.get(subject, _NOTHING)
            if self._is_news(subject, named.condition, now_s):
                self._said[subject] = named.condition
                self.book.append(
                    RecordKind.VERDICT,
                    {
                        "subject": subject,
                        "verdict": named.condition.value,
                        "reason": named.why,
                    },
                )

    def _is_news(self, subject: str, condition: Condition, now_s: float) -> bool:
        said = self._said.get(subject, Condition.NONE)
        if said is condition:
            self._else.pop(subject, None)
            return False
        other, since_s = self._else.get(subject, (condition, now_s))
        if other is not condition:
            since_s = now_s
        self._else[subject] = condition, since_s
        if said is not Condition.NONE and now_s - since_s < SETTLE_S:
            return False
        del self._else[subject]
        return True


def _subjects(conditions: Conditions) -> dict[str, Named]:
    """Return what is named; of the site what no zone is called."""
    found = {f"zone {zone}": named for zone, named in conditions.zones.items()}
    if conditions.site.condition is Condition.EVERYTHING:
        found["site"] = conditions.site
    return found
