"""The part of the fold about servers that were primary once.

Every doubt falls on the unsafe side: an unanswered comparison is `unknown`, and a
server that ran again since it was compared is not compared any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from controller.decide.ledger_state import Ledger
from controller.decide.old import PREEMPTED, STOPPED, Known, Laid, OldPrimary
from controller.decide.saga import Kind, Plan, Step
from controller.incident.record import Record
from controller.model.commands import Member
from controller.model.ids import ServerId
from health.detector import Verdict

_KNOWN: Mapping[str, Known] = {
    "done": Known.CLEAN,
    "refused": Known.EXTRA,
    "unknown": Known.UNKNOWN,
}


def left(ledger: Ledger, plan: Plan) -> Ledger:
    """Another server was opened: what *plan* left is an old primary from now on.

    What older ones have was held against the one that was left, and says nothing of
    the one that serves now, unless that one surely has it too.
    """
    server = plan.target.server
    covered = plan.acks_revocable or plan.kind is Kind.SWITCHOVER
    found = {
        s: o.carried(server) if covered else o.forgotten()
        for s, o in ledger.old.items()
        if s != server
    }
    if plan.lost is not None:
        found[plan.lost.server] = OldPrimary(
            member=plan.lost, covered=covered, left=plan.epoch
        )
    return replace(ledger, old=MappingProxyType(found))


def begun(ledger: Ledger, plan: Plan, step: Step) -> Ledger:
    """A step is announced: from now on it may have taken effect."""
    if step is Step.PROVISION and plan.spare is not None:
        return laid(gone(ledger, plan.spare), plan.spare, Laid(epoch=plan.epoch))
    if step is Step.REGISTER and plan.spare is not None:
        return gone(ledger, plan.spare)
    if step is Step.RESUME and plan.lost is not None:
        return running(ledger, plan.lost)
    return ledger


def gone(ledger: Ledger, member: Member) -> Ledger:
    """Its data is laid anew, or it is a member again."""
    found = {s: o for s, o in ledger.old.items() if s != member.server}
    return replace(ledger, old=MappingProxyType(found))


def provisioned(ledger: Ledger, record: Record) -> Ledger:
    """PROVISION was answered: where it copied at once, it says at which position."""
    assert ledger.run is not None
    plan, evidence = ledger.run.plan, record.body.get("evidence", {})
    assert isinstance(evidence, Mapping)
    if plan.spare is None:
        return ledger
    position = str(evidence.get("position", ""))
    return laid(ledger, plan.spare, Laid(epoch=plan.epoch, position=position))


def laid(ledger: Ledger, member: Member, how: Laid) -> Ledger:
    """Its data is a copy from now on."""
    found = {**ledger.laid, member.server: how}
    had = {s: text for s, text in ledger.had.items() if s != member.server}
    return replace(ledger, laid=MappingProxyType(found), had=MappingProxyType(had))


def seen(ledger: Ledger, record: Record) -> Ledger:
    """An old primary answers: what it was when it was compared it may not be now."""
    subject = str(record.body.get("subject", ""))
    old = ledger.old.get(ServerId(subject.removeprefix("database ")))
    if old is None or record.body.get("verdict") != Verdict.OK:
        return ledger
    return _known(ledger, old.forgotten())


def given_up(ledger: Ledger, record: Record) -> Ledger:
    """A person let go what only it may hold: it may be laid anew."""
    found = {s: o for s, o in ledger.old.items() if s != record.body["server"]}
    return replace(ledger, old=MappingProxyType(found))


def running(ledger: Ledger, member: Member) -> Ledger:
    """It is started on its own data: what was compared may change from now on."""
    old = ledger.old.get(member.server, OldPrimary(member=member))
    retired = {s: p for s, p in ledger.retired.items() if s != member.server}
    ledger = replace(ledger, retired=MappingProxyType(retired))
    return _known(ledger, _as_left(old))


def answered(ledger: Ledger, record: Record) -> Ledger:
    """Take note of what a comparison, a copy of its logs or a report said."""
    run = ledger.run
    lost = None if run is None else run.plan.lost
    old = None if lost is None else ledger.old.get(lost.server)
    if run is None or old is None:
        return ledger
    if record.body["step"] == Step.COMPARE:
        return _known(ledger, _compared(old, record, run.plan.target.server))
    change = _ADDED.get(str(record.body["step"]))
    if change is None or record.body["outcome"] != "done":
        return ledger
    evidence = record.body["evidence"]
    assert isinstance(evidence, Mapping)
    return _known(ledger, change(old, {str(k): str(v) for k, v in evidence.items()}))


def _compared(old: OldPrimary, record: Record, against: ServerId) -> OldPrimary:
    """Return what *record* says of *old*; whoever went away said nothing of it."""
    evidence, reason = record.body.get("evidence", {}), record.body.get("reason", "")
    assert isinstance(evidence, Mapping)
    if str(reason).startswith((STOPPED, PREEMPTED)):
        return _as_left(old)
    return replace(
        _as_left(old),
        known=_KNOWN[str(record.body["outcome"])],
        why=str(evidence.get("told") or reason),
        against=against,
        at_wall_s=record.at_wall_s,
        at_mono_s=record.at_mono_s,
    )


def _as_left(old: OldPrimary) -> OldPrimary:
    """Return it as if nobody had ever looked at it."""
    return OldPrimary(member=old.member, covered=old.covered, left=old.left)


def _saved(old: OldPrimary, evidence: Mapping[str, str]) -> OldPrimary:
    return replace(old, saved=evidence["archive"])


def _reported(old: OldPrimary, evidence: Mapping[str, str]) -> OldPrimary:
    counts = MappingProxyType(dict(evidence))
    return replace(old, report=evidence["report"], counts=counts)


_ADDED: Mapping[str, Callable[[OldPrimary, Mapping[str, str]], OldPrimary]] = {
    Step.SAVE: _saved,
    Step.REPORT: _reported,
}


def _known(ledger: Ledger, old: OldPrimary) -> Ledger:
    known = {**ledger.old, old.member.server: old}
    return replace(ledger, old=MappingProxyType(known))
