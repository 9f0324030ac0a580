"""What is left alone just now, said while all is well: before there is need of it."""

from controller.decide.facts import Facts, Veto
from controller.decide.flapping import standing_quarantines
from controller.decide.ledger_state import Ledger
from controller.decide.maintenance import standing_windows


def with_rest(
    vetoes: tuple[Veto, ...], ledger: Ledger, facts: Facts
) -> tuple[Veto, ...]:
    """Return *vetoes*, and one a window and a quarantined zone; none twice."""
    rest = (*standing_windows(ledger, facts), *standing_quarantines(ledger, facts))
    return tuple(dict.fromkeys((*vetoes, *rest)))
