"""Each change of what is seen or held goes on record once, not at every round."""

from dataclasses import dataclass, field

from controller.act.book import Book
from controller.act.notes import verdicts_of
from controller.decide.copying import CopyFact, copy_tree, is_due
from controller.decide.decide import Decision
from controller.decide.facts import Facts, Policy
from controller.decide.fitness import finding_notes
from controller.decide.flapping import quarantine_notes
from controller.decide.maintenance import expiry_notes
from controller.incident.record import RecordKind
from controller.model.ids import IncidentId, ServerId
from health.detector import Verdict

NO_INCIDENT = IncidentId("")


@dataclass(slots=True)
class Noter:
    """Remembers what this process noted last; a new one says it again."""

    book: Book
    _vetoes: tuple[str, ...] = ()
    _holds: bool = False
    _verdicts: dict[str, str] = field(default_factory=dict)
    _copy: CopyFact | None = None

    def verdicts(self, facts: Facts) -> None:
        """Note every verdict that changed."""
        for name, verdict, reason in verdicts_of(facts):
            if verdict is Verdict.UNDECIDED:
                continue  # one missing answer is not a verdict
            if self._verdicts.get(name) != verdict.value:
                known = name in self._verdicts
                self._verdicts[name] = verdict.value
                server = ServerId(name.removeprefix("database "))
                back = server in self.book.ledger.old  # though it may never have gone
                if known or back or verdict is Verdict.DOWN:
                    self.book.append(
                        RecordKind.VERDICT,
                        {"subject": name, "verdict": verdict.value, "reason": reason},
                    )

    def findings(self, facts: Facts) -> None:
        """Note what the doctor newly found, and what is over."""
        for body in finding_notes(self.book.ledger, facts):
            self.book.append(RecordKind.FINDINGS, body, incident=NO_INCIDENT)

    def calm(self, facts: Facts, policy: Policy) -> None:
        """Note every maintenance window that is over, and who is left alone now."""
        for body in expiry_notes(self.book.ledger, facts):
            self.book.append(RecordKind.MAINTENANCE, body, incident=NO_INCIDENT)
        for body in quarantine_notes(self.book.ledger, facts, policy):
            self.book.append(RecordKind.QUARANTINE, body, incident=NO_INCIDENT)

    def copying(self, facts: Facts) -> None:
        """Note how far a long copy is, every ten seconds and at each new phase."""
        if is_due(facts.copy, self._copy):
            self._copy = facts.copy
            body = copy_tree(facts.copy)
            assert body is not None
            self.book.append(RecordKind.COPY, body)

    def vetoes(self, decision: Decision) -> None:
        """Note what holds us, when it is something else than before.

        The same names hold something else once there is trouble.
        """
        names = tuple(v.name for v in decision.vetoes)
        holds = bool(names and decision.trouble)
        if (names, holds) == (self._vetoes, self._holds):
            return
        self._vetoes, self._holds = names, holds
        self.book.append(
            RecordKind.VETO,
            {
                "trouble": decision.trouble,
                "vetoes": [
                    {"name": v.name, "reason": v.reason} for v in decision.vetoes
                ],
            },
            incident=self.book.ledger.incident if self.book.ledger.run else NO_INCIDENT,
        )
