"""CONFIRM: observe the servers of a plan anew, then let the guards judge."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from controller.act.book import Book
from controller.act.observe import Observatory
from controller.act.within import within
from controller.decide.confirm import judged, witnesses
from controller.decide.facts import Facts, Policy
from controller.decide.saga import Kind
from controller.model.commands import Confirm
from controller.model.ids import ServerId
from controller.model.outcomes import Outcome

CONFIRM_S = 0.15
TRANSACTIONS_S = 1.0


@dataclass(frozen=True, slots=True)
class Confirmer:
    """Asks the world about the run under way; what it means is decided elsewhere."""

    book: Book
    observatory: Callable[[], Observatory]
    facts: Callable[[], Facts]
    policy: Callable[[], Policy]

    async def __call__(self, order: Confirm) -> Outcome:
        """Ask anew, within a moment: what does not answer keeps its old answer."""
        del order
        ledger = self.book.ledger
        assert ledger.run is not None
        plan = ledger.run.plan
        with contextlib.suppress(TimeoutError):
            await within(CONFIRM_S, self._ask_all(witnesses(plan)))
        if plan.kind is Kind.SWITCHOVER and plan.lost is not None:
            await self.ask_transactions(plan.lost.server)
        return judged(ledger, self.facts(), self.policy(), plan)

    async def ask_transactions(self, primary: ServerId) -> None:
        """Ask *primary* what has long been open; without an answer that is unknown."""
        longer_s = self.policy().transaction_max_s
        asked = self.observatory().ask_transactions(primary, older_than_s=longer_s)
        with contextlib.suppress(TimeoutError):
            await within(TRANSACTIONS_S, asked)

    async def _ask_all(self, servers: list[ServerId]) -> None:
        watch = self.observatory()
        await asyncio.gather(*(watch.ask_server(s) for s in servers))
