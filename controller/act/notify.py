"""One line to people, through apprise; delivery never holds anything up."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import apprise
from typing_extensions import override

from controller.act.ports import Notifier
from controller.decide.admission import NAME as PROMOTION_BUDGET
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Kind, Plan
from controller.incident.record import Record, RecordKind
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from controller.sla.timeline import findings_text, timeline
from replication.doctor.inspection import Severity

SEND_TIMEOUT_S = 10.0


class AppriseNotifier(Notifier):
    """Delivers to every URL side by side in worker threads."""

    def __init__(self, urls: Sequence[str]) -> None:
        """*urls* may hold secrets: they are never logged."""
        self._apprise = apprise.Apprise()
        self.rejected = sum(not self._apprise.add(url) for url in urls)

    @override
    async def send(self, title: str, line: str) -> Outcome:
        if len(self._apprise) == 0:
            return Refused("no notification URL is configured")
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                ok = await self._apprise.async_notify(title=title, body=line)
        except TimeoutError:
            return Unknown(f"no answer within {SEND_TIMEOUT_S:g} s")
        return Done() if ok else Refused("a notification service refused it")


_ABOUT = {
    RecordKind.DRIFT: "EDGE",
    RecordKind.MAINTENANCE: "MAINTENANCE",
    RecordKind.QUARANTINE: "FLAPPING",
}


def line_for(record: Record, ledger: Ledger) -> str:
    """Return what people are told about *record*; empty: nothing. Pure."""
    match record.kind:
        case RecordKind.STARTED if ledger.run is not None:
            return _start_line(ledger.run.plan)
        case RecordKind.VETO if record.body["vetoes"] and record.body["trouble"]:
            return _hold_line(record)
        case RecordKind.INTENT if record.body["step"] in {"degrade", "unprotect"}:
            return "UNPROTECTED: acknowledged writes are in one zone only from now on"
        case kind if kind in _ABOUT:
            return f"{_ABOUT[kind]}: {timeline([record])[0].text}"
        case RecordKind.ENDED:
            return _end_line(record, ledger)
        case _:
            return _told_line(record, ledger)


def _told_line(record: Record, ledger: Ledger) -> str:
    """Return what people are told of findings and of lost writes."""
    if record.kind is RecordKind.OUTCOME and record.body["outcome"] == "done":
        return _lost_line(record, ledger)
    return _finding_line(record) if record.kind is RecordKind.FINDINGS else ""


def _hold_line(record: Record) -> str:
    """Return what holds; not that a place among promotions comes in a moment.

    Hundreds wait for that at once, for seconds; `sitedr status` shows them.
    """
    vetoes = record.body["vetoes"]
    assert isinstance(vetoes, list)
    names = ", ".join(str(v["name"]) for v in vetoes)
    return (
        "" if names == PROMOTION_BUDGET else f"HOLD: {record.body['trouble']}: {names}"
    )


def _finding_line(record: Record) -> str:
    """Return what people are told of blockers; the rest can wait for a look."""

    def blocking(key: str) -> list[object]:
        trees = record.body[key]
        assert isinstance(trees, list)
        return [t for t in trees if t["severity"] == Severity.BLOCKER.value]

    began, over = blocking("began"), blocking("over")
    if not began and not over:
        return ""
    return f"DOCTOR: {findings_text({'began': began, 'over': over})}"


def _start_line(plan: Plan) -> str:
    if plan.kind is Kind.FAILOVER:
        return f"ACT: {plan.why}; moving to zone {plan.target.zone}"
    if plan.kind is Kind.SWITCHOVER:
        how = "ACT" if plan.unasked else "PLANNED"
        return f"{how}: {plan.why}; moving to zone {plan.target.zone}"
    if plan.kind is Kind.REOPEN:
        return f"ACT: {plan.why}; opening it again where it stands"
    return ""


_OK = {
    "nobody": "nobody was told OK for them",
    "perhaps": "clients MAY HAVE BEEN TOLD OK, the site was unprotected",
}


def _lost_line(record: Record, ledger: Ledger) -> str:
    """Say which writes were lost, when a report of them is ready; no row of it."""
    if record.body["step"] != "report" or ledger.run is None:
        return ""
    told, lost = record.body["evidence"], ledger.run.plan.lost
    assert isinstance(told, dict)
    assert lost is not None
    if told["transactions"] == told["canaries"]:
        return f"OLD PRIMARY: {lost.server} held only heartbeats of ours: nothing lost"
    return (
        f"LOST WRITES: {lost.server} held {told['transactions']} transactions nobody"
        f" else has ({told['canaries']} of them heartbeats of ours):"
        f" {told['tables'] or 'no rows that can be counted'};"
        f" {_OK[told['acknowledged']]}; see `sitedr lost-writes`"
    )


def _end_line(record: Record, ledger: Ledger) -> str:
    end, kind = End(str(record.body["end"])), record.body["kind"]
    if end is End.HALTED:
        advice = record.body.get("advice", "a person must look")
        return f"HALT: {record.body['why']}: {advice}"
    if kind in {Kind.RETIRE.value, Kind.LEAVE.value, Kind.EXAMINE.value}:
        return ""
    if end is End.COMPLETED and kind == Kind.RECONCILE.value:
        return ""  # that the edge is on its route again is said once it is seen
    if end is End.COMPLETED:
        again = "protected" if kind == Kind.WIDEN.value else "protected again"
        kept = again if ledger.durability.protected else "unprotected"
        return f"DONE: {kind} completed, {kept}"
    return f"DONE: {kind} ended {end.value}: {record.body['why']}"


@dataclass(slots=True)
class Announcer:
    """Listens to the book and sends lines without ever blocking it."""

    notifier: Notifier
    site: str
    _tasks: set[asyncio.Task[Outcome]] = field(default_factory=set)

    def __call__(self, record: Record, ledger: Ledger) -> None:
        """Send a line when *record* is worth one."""
        line = line_for(record, ledger)
        if not line:
            return
        task = asyncio.get_running_loop().create_task(
            self.notifier.send(f"sitedr {self.site}", line)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, timeout_s: float) -> None:
        """Give lines under way a bounded chance at shut-down."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=timeout_s)
