"""Whether writes were `protected` at each place of a history. Pure."""

from dataclasses import dataclass

from controller.rehearsal.reading import evidence, is_intent, is_outcome
from replication.adapters.memory.truth import Entry

EARNING = ("protect", "canary", "earn")


@dataclass(slots=True)
class Protection:
    """Follows the journal: what ends protection does so with its intent.

    An OPEN that was refused at its first try opened nothing, so it ended nothing:
    what held before it holds again.
    """

    holds: bool = False
    _before: bool = False
    _doubt: bool = False

    def follow(self, entry: Entry) -> bool:
        """Take one more *entry*; return whether writes are protected after it."""
        if is_intent(entry, "open"):
            self._doubt = bool(entry.body.get("doubt"))
            self._before = self._before if self._doubt else self.holds
        if is_intent(entry, "degrade", "withdraw", "open"):
            self.holds = False
        elif is_outcome(entry, "open", "refused") and not self._doubt:
            self.holds = self._before
        elif entry.kind == "serving" and not entry.body.get("waits"):
            self.holds = False  # opened by hand: nothing of it is earned
        elif any(is_outcome(entry, step, "done") for step in EARNING):
            self.holds = self.holds or bool(evidence(entry).get("acker"))
        return self.holds
