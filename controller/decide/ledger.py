"""What the journal adds up to: who is primary, who may acknowledge, what runs.

A pure fold. Protection, registration and fencing are not records of their own:
they follow from intents and outcomes, so "recorded first" is the intent itself.
`unprotected` begins with the *intent* to degrade, `protected` only with the
*outcome* that proved it; every doubt falls on the unsafe side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from controller.decide import (
    ledger_acks,
    ledger_calm,
    ledger_old,
    ledger_serving,
    ledger_words,
)
from controller.decide.advice import LOOK
from controller.decide.codec import (
    parse_finding,
    parse_outcome,
    parse_plan,
    parse_session,
)
from controller.decide.ledger_state import Ledger
from controller.decide.saga import End, Kind, Plan, Run, Step
from controller.decide.standing import (
    NO_DURABILITY,
    Durability,
    Ending,
    Found,
    Wish,
    elapsed_s,
    mark,
)
from controller.incident.record import Record, RecordKind
from controller.model.commands import ENDING, Member
from controller.model.ids import EdgeId, ServerId

__all__ = ["Durability", "Ending", "Ledger", "Wish", "apply", "elapsed_s", "fold"]


MOVES = frozenset({Kind.FAILOVER, Kind.SWITCHOVER})
"""Kinds of runs that an operator's wish is used up by."""

ROUTING = frozenset(
    {Step.HOLD, Step.REROUTE, Step.RELEASE, Step.UNHOLD, Step.UNHOLD_FENCED}
)
"""Steps whose orders go to edges."""


ASKED_FOR = frozenset({Kind.FAILOVER, Kind.REOPEN})
"""What an approval is for; the run that begins uses it up."""


def fold(records: Iterable[Record], ledger: Ledger | None = None) -> Ledger:
    """Return *ledger* after *records*, oldest first."""
    state = ledger or Ledger()
    for record in records:
        state = apply(state, record)
    return state


def apply(ledger: Ledger, record: Record) -> Ledger:
    """Return *ledger* after one more *record*."""
    if record.epoch > ledger.epoch:
        ledger = replace(ledger, epoch=record.epoch)
    change = _CHANGES.get(record.kind)
    after = change(ledger, record) if change else ledger
    return ledger_calm.heard(ledger, after, record)


def _started(ledger: Ledger, record: Record) -> Ledger:
    plan = parse_plan(record.body["plan"])
    again = ledger.run if record.kind is RecordKind.RESTARTED else None
    fenced = again is not None and again.fenced
    return replace(
        ledger,
        run=Run(plan=plan, step=Step(str(record.body["step"])), fenced=fenced),
        incident=record.incident,
        incidents=ledger.incidents + (record.kind is RecordKind.STARTED),
        wish=None if plan.kind in MOVES else ledger.wish,
        approved="" if plan.kind in ASKED_FOR or plan.unasked else ledger.approved,
        confirmed=ledger.confirmed and record.kind is RecordKind.RESTARTED,
        unanswered=False,
        answer=None,
    )


def _intent(ledger: Ledger, record: Record) -> Ledger:
    assert ledger.run is not None
    step = Step(str(record.body["step"]))
    attempt = record.body["attempt"]
    assert isinstance(attempt, int)
    doubt = bool(record.body.get("doubt", False))
    run = replace(ledger.run, step=step, attempt=attempt, doubt=doubt)
    sessions = record.body.get("sessions", [])
    assert isinstance(sessions, list)
    ledger = replace(
        ledger,
        run=run,
        in_flight=tuple(parse_session(s) for s in sessions),
        unanswered=True,
        answer=None,
    )
    ledger = ledger_serving.closing(ledger, run)
    if step in ROUTING:
        everywhere = run.plan.edge is None
        routed = record.epoch if everywhere else ledger.routed
        ledger = replace(ledger, routed=routed, routed_at_s=record.at_mono_s)
    ledger = ledger_old.begun(ledger, run.plan, step)
    match step:
        case Step.DEGRADE | Step.WITHDRAW:
            ledger = replace(ledger, before=ledger.durability)
            return ledger_serving.unprotected(
                ledger, record, str(record.body.get("why", step))
            )
        case Step.REGISTER:
            assert run.plan.spare is not None
            return ledger_acks.registered(ledger, run.plan.spare)
        case Step.PROTECT:
            return ledger_acks.counting(ledger, run.plan)
        case Step.PROVISION if run.plan.spare is not None:
            return _no_longer_retired(ledger, run.plan.spare)
        case Step.OPEN if run.plan.kind is not Kind.REOPEN:
            return _opening(ledger, record, run.plan)
        case _:
            return ledger


def _outcome(ledger: Ledger, record: Record) -> Ledger:
    assert ledger.run is not None
    step = Step(str(record.body["step"]))
    outcome = str(record.body["outcome"])
    run = ledger.run
    ledger = replace(_settle_sessions(ledger, outcome), answer=parse_outcome(record))
    if step in ROUTING:
        ledger = replace(ledger, routed_at_s=record.at_mono_s)
    ledger = ledger_old.answered(ledger, record)
    if outcome == "unknown":  # also for whoever restarts before the next attempt
        ledger = replace(ledger, run=replace(run, doubt=True))
    if outcome == "refused" and step is Step.OPEN and not run.doubt:
        rest = _without(ledger.suspects, run.plan.target.server)
        held = ledger.before or ledger.durability
        return replace(ledger, suspects=rest, durability=held, before=None)
    if outcome == "unknown" and step is Step.FENCE:
        return replace(ledger, run=replace(run, doubt=True, fenced=True))
    if outcome == "refused" and not run.doubt and ledger.before is not None:
        return replace(ledger, durability=ledger.before, before=None)
    if ledger.before is not None:
        ledger = replace(ledger, before=None)
    if outcome != "done":
        return ledger
    change = _DONE.get(step)
    return change(ledger, record) if change else ledger


def _settle_sessions(ledger: Ledger, outcome: str) -> Ledger:
    """An answered order is settled; an unanswered one may still be executed."""
    if outcome == "unknown":
        fresh = tuple(s for s in ledger.in_flight if s not in ledger.doubtful)
        return replace(
            ledger,
            doubtful=ledger.doubtful + fresh,
            in_flight=(),
            unanswered=False,
        )
    return replace(ledger, in_flight=(), unanswered=False)


def _opening(ledger: Ledger, record: Record, plan: Plan) -> Ledger:
    """From this intent on the target counts as a primary, and as unprotected.

    The UNPROTECT row was about the new primary, so it takes effect here: until
    now proof (b) rests on the old one still waiting for its ackers. REOPEN has
    none of this: its target is the primary, and EARN came before.
    """
    suspects = _with(ledger.suspects, plan.target)
    ledger = replace(ledger, suspects=suspects, before=ledger.durability)
    why = "no replica of the new primary acknowledged yet"
    return ledger_serving.unprotected(
        ledger, record, why if plan.waits else NO_DURABILITY
    )


def _no_longer_retired(ledger: Ledger, member: Member) -> Ledger:
    rest = {s: p for s, p in ledger.retired.items() if s != member.server}
    return replace(ledger, retired=MappingProxyType(rest))


def _with(members: tuple[Member, ...], member: Member) -> tuple[Member, ...]:
    return members if member in members else (*members, member)


def _without(members: tuple[Member, ...], server: ServerId) -> tuple[Member, ...]:
    return tuple(m for m in members if m.server != server)


def _opened(ledger: Ledger, record: Record) -> Ledger:
    assert ledger.run is not None
    plan = ledger.run.plan
    ledger = ledger_serving.opened(ledger, record, plan.target.server)
    if plan.kind is Kind.REOPEN:
        return ledger
    suspects = _without(ledger.suspects, plan.target.server)
    lost = plan.lost
    if lost is not None and lost.server not in ledger.retired:
        suspects = _with(suspects, lost)
    ledger = ledger_old.left(ledger, plan)
    ledger = replace(ledger, primary=plan.target, suspects=suspects)
    return ledger_acks.taken_along(ledger, plan)


def _fenced(ledger: Ledger, record: Record) -> Ledger:
    """All proofs but (b) end a server's membership; (b) leaves it a suspect.

    And (b) is undone by UNFREEZE, so by itself it leaves the run not fenced.
    """
    assert ledger.run is not None
    lost = ledger.run.plan.lost
    evidence = record.body.get("evidence", {})
    assert isinstance(evidence, Mapping)
    proof = str(evidence.get("proof", ""))
    ended = proof in ENDING
    if ended or evidence.get("unanswered"):
        ledger = replace(ledger, run=replace(ledger.run, fenced=True))
    if lost is None or not ended:
        return ledger
    return replace(
        ledger,
        suspects=_without(ledger.suspects, lost.server),
        retired=MappingProxyType({**ledger.retired, lost.server: proof}),
    )


def _left(ledger: Ledger, record: Record) -> Ledger:
    ledger = _fenced(ledger, record)
    assert ledger.run is not None
    if ledger.run.plan.kind is Kind.LEAVE:
        return ledger  # it counts until its acknowledgements are covered
    return _no_acker(ledger)


def _no_acker(ledger: Ledger) -> Ledger:
    assert ledger.run is not None
    lost = ledger.run.plan.lost
    assert lost is not None
    rest = tuple(a for a in ledger.ackers if a.server != lost.server)
    return replace(ledger, ackers=rest)


def _confirmed(ledger: Ledger, record: Record) -> Ledger:
    """The loss was confirmed; REOPEN confirms the opposite, and is no witness."""
    del record
    assert ledger.run is not None
    return replace(ledger, confirmed=ledger.run.plan.kind is Kind.FAILOVER)


def _frozen(ledger: Ledger, record: Record) -> Ledger:
    """FREEZE is done only after the ackers' doubtful sessions were proven gone."""
    del record
    assert ledger.run is not None
    servers = {a.server for a in ledger.run.plan.ackers}
    rest = tuple(s for s in ledger.doubtful if s.server not in servers)
    return replace(ledger, doubtful=rest)


def _proven(ledger: Ledger, record: Record) -> Ledger:
    """PROTECT and EARN prove the primary's doubtful sessions gone before they count."""
    assert ledger.run is not None
    plan = ledger.run.plan
    rest = tuple(s for s in ledger.doubtful if s.server != plan.target.server)
    ledger = ledger_acks.earned(replace(ledger, doubtful=rest), record)
    return _no_acker(ledger) if plan.kind is Kind.LEAVE else ledger


def _heard(ledger: Ledger, record: Record) -> Ledger:
    """EARN is PROTECT before writes open; with `durability: none` it proves nothing."""
    assert ledger.run is not None
    plan = ledger.run.plan
    if not plan.waits:
        return ledger
    return replace(_proven(ledger, record), earned_in=plan.boot_id)


_DONE = {
    Step.CONFIRM: _confirmed,
    Step.FREEZE: _frozen,
    Step.FENCE: _fenced,
    Step.OPEN: _opened,
    Step.CANARY: ledger_acks.earned,
    Step.PROTECT: _proven,
    Step.EARN: _heard,
    Step.REGISTER: ledger_acks.identified,
    Step.RETIRE: _left,
    Step.PROVISION: ledger_old.provisioned,
    Step.REOPEN: ledger_serving.reopened,
}


def _ended(ledger: Ledger, record: Record) -> Ledger:
    assert ledger.run is not None
    end = End(str(record.body["end"]))
    plan: Plan = ledger.run.plan
    about = plan.lost or plan.spare or plan.target
    ending = Ending(
        kind=plan.kind,
        about=plan.edge or about.server,
        end=end,
        at_mono_s=record.at_mono_s,
        at_wall_s=record.at_wall_s,
    )
    return replace(
        ledger,
        run=None,
        answer=None,
        confirmed=False,
        halted=_why_halted(record) if end is End.HALTED else ledger.halted,
        endings=(
            *(
                e
                for e in ledger.endings
                if (e.kind, e.about) != (ending.kind, ending.about)
            ),
            ending,
        ),
    )


def _why_halted(record: Record) -> str:
    return f"{record.body.get('why', '')}; {record.body.get('advice', LOOK)}"


def _drifted(ledger: Ledger, record: Record) -> Ledger:
    edge = EdgeId(str(record.body["edge"]))
    adrift = {e: seen for e, seen in ledger.adrift.items() if e != edge}
    if record.body["drifted"]:
        adrift[edge] = str(record.body["seen"])
    return replace(ledger, adrift=MappingProxyType(adrift))


def _judged(ledger: Ledger, record: Record) -> Ledger:
    return ledger_old.seen(ledger_words.judged(ledger, record), record)


def _found(ledger: Ledger, record: Record) -> Ledger:
    began, over = record.body["began"], record.body["over"]
    assert isinstance(began, list)
    assert isinstance(over, list)
    gone = {mark(parse_finding(tree)) for tree in over}
    kept = tuple(k for k in ledger.findings if mark(k.finding) not in gone)
    new = tuple(Found(parse_finding(tree), record.at_wall_s) for tree in began)
    return replace(ledger, findings=(*kept, *new))


_CHANGES = {
    RecordKind.DAEMON_STARTED: ledger_words.restarted,
    RecordKind.ADOPTED: ledger_serving.adopted,
    RecordKind.STARTED: _started,
    RecordKind.RESTARTED: _started,
    RecordKind.INTENT: _intent,
    RecordKind.OUTCOME: _outcome,
    RecordKind.ENDED: _ended,
    RecordKind.VERDICT: _judged,
    RecordKind.WISH: ledger_words.wished,
    RecordKind.APPROVED: ledger_words.approved,
    RecordKind.DENIED: ledger_words.denied,
    RecordKind.PAUSED: ledger_words.paused,
    RecordKind.RESUMED: ledger_words.resumed,
    RecordKind.DRIFT: _drifted,
    RecordKind.SERVING: ledger_serving.seen,
    RecordKind.FINDINGS: _found,
    RecordKind.GIVEN_UP: ledger_old.given_up,
    RecordKind.ARMED: ledger_words.armed,
}
