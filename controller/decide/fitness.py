"""What the doctor found, and what it forbids; pure.

The judgement itself is `replication.doctor.diagnosis`. Here: which findings still
count, which of them hold a failover, and whom to look at next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from controller.decide.codec import render_finding
from controller.decide.facts import Facts, Policy, Veto, is_seen
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.saga import Kind
from controller.decide.standing import Mark, mark
from controller.model.commands import Member
from controller.model.ids import BootId, ServerId
from replication.doctor.inspection import NOT_ANSWERED, Finding, Severity

RECORDED = frozenset({Severity.BLOCKER, Severity.WARNING})
"""What nobody can prove is shown, and no event of the site's history."""

MOVES = frozenset({Kind.FAILOVER, Kind.SWITCHOVER, Kind.RESTORE, Kind.WIDEN})
"""Runs after which other servers serve than before."""


def standing_findings(ledger: Ledger, facts: Facts) -> tuple[Finding, ...]:
    """Return what was found last, whoever answers now.

    Of a server this process was not told about, what is on record counts: the
    one that is lost cannot be asked again, and a restart of ours mends nothing.
    Nor does `unknown` end a blocker on record: a SET at run time hides what the
    files say and leaves them as they are, and an open question mends nothing.
    """
    found = facts.doctor.findings
    if not ledger.findings:
        return found
    asked = {s for s, k in facts.doctor.looks.items() if k.answered_s is not None}
    unproven = {_without_weight(f) for f in found if f.severity is Severity.UNKNOWN}
    evasive = {f.server for f in found if f.name.endswith(NOT_ANSWERED)}

    def is_open(known: Finding) -> bool:
        return known.severity is Severity.BLOCKER and (
            _without_weight(known) in unproven or not evasive.isdisjoint(known.about)
        )

    kept = {
        _without_weight(f): f
        for f in (known.finding for known in ledger.findings)
        if facts.servers.keys() >= set(f.about)
        and (not asked.issuperset(f.about) or is_open(f))
    }
    now = (f for f in found if _without_weight(f) not in kept)
    return (*now, *kept.values())


def _without_weight(finding: Finding) -> Mark:
    return mark(replace(finding, severity=Severity.UNKNOWN))


def blockers(ledger: Ledger, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings for which no failover may begin by itself.

    Those about servers that have a role: a spare is laid anew before it gets one,
    and what was retired is no member. A clash needs two who have.
    """
    roles = _with_role(ledger)
    return tuple(
        f
        for f in standing_findings(ledger, facts)
        if f.severity is Severity.BLOCKER
        and len(roles.intersection(f.about)) >= min(2, len(f.about))
    )


def _with_role(ledger: Ledger) -> frozenset[ServerId]:
    found = {a.server for a in ledger.ackers} | {m.server for m in ledger.suspects}
    if ledger.primary is not None:
        found.add(ledger.primary.server)
    return frozenset(found)


def age_s(finding: Finding, ledger: Ledger, facts: Facts) -> float:
    """Return how old the word on *finding* is, seconds.

    Since the oldest answer it rests on; of what only the journal knows, since it
    was first recorded.
    """
    looks = facts.doctor.looks
    ages = [looks[s].answered_s for s in finding.about if s in looks]
    heard = [age for age in ages if age is not None]
    if len(heard) == len(finding.about):
        return max(heard, default=0.0)
    since_s = [
        k.since_wall_s for k in ledger.findings if mark(k.finding) == mark(finding)
    ]
    return max(0.0, facts.wall_s - min(since_s, default=facts.wall_s))


def doctor_blocker(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """An unfit installation fails over by a person's word only.

    The failover alone trusts what a blocker takes away: that who was closed stays
    closed, that who acknowledged has it, that the successor can be opened. So the
    failover alone is held, in every mode, whoever serves. DEGRADE is not: it ends
    a stall of a primary that answers, fences nobody and opens nobody, and holding
    it would keep users waiting and prove nothing. Nor are upkeep and routes: they
    move no primary, and a missing copy mends no account. A server nobody looked
    at is `unknown` in the status and holds nothing; one that cannot be asked any
    more keeps its last findings, good or bad.
    """
    del target
    found = blockers(ledger, facts) if policy.doctor_holds else ()
    if not found:
        return None
    told = "; also ".join(
        f"{_where(f)} {f.name}: {f.what}; mend: {f.mend}"
        f" (seen {age_s(f, ledger, facts):.0f} s ago)"
        for f in found
    )
    return Veto(name="doctor_blocker", reason=told)


def _where(finding: Finding) -> str:
    return finding.server or ", ".join(finding.among) or "site"


def look_at(ledger: Ledger, facts: Facts, policy: Policy) -> Mapping[ServerId, BootId]:
    """Return whom to inspect now, each in the process that was seen.

    Whoever answers and was never asked, runs as another process since, was asked
    before the last change of roles, or long enough ago: sooner while something is
    to be mended or was not answered. Nobody while a run is under way: its servers
    have other things to do.
    """
    if ledger.run is not None:
        return MappingProxyType({})
    moved_s = min(
        (elapsed_s(e, facts.now_s) for e in ledger.endings if e.kind in MOVES),
        default=float("inf"),
    )
    soon_s = min(policy.inspect_s, policy.reinspect_s)
    every_s = soon_s if blockers(ledger, facts) else policy.inspect_s
    found = {}
    for server, look in facts.doctor.looks.items():
        fact = facts.servers[server]
        if fact.view is None or not is_seen(fact, policy):
            continue
        asked_s = look.asked_s
        if (
            asked_s is None
            or look.boot_id != fact.view.boot_id
            or moved_s < asked_s
            or asked_s >= (soon_s if look.why else every_s)
        ):
            found[server] = fact.view.boot_id
    return found


def finding_notes(ledger: Ledger, facts: Facts) -> list[Mapping[str, object]]:
    """Return what the journal should say now: what is new, and what is over."""
    now = {
        mark(f): f for f in standing_findings(ledger, facts) if f.severity in RECORDED
    }
    known = {mark(k.finding): k.finding for k in ledger.findings}
    began, over = _without(now, known), _without(known, now)
    return [{"began": began, "over": over}] if began or over else []


def _without(
    some: Mapping[Mark, Finding], others: Iterable[Mark]
) -> list[Mapping[str, object]]:
    rest = set(others)
    return [render_finding(f) for key, f in some.items() if key not in rest]
