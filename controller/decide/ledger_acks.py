"""Who may acknowledge, and what was proven of it: the part of the fold about them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from controller.decide.ledger_state import Ledger
from controller.decide.saga import Plan
from controller.decide.standing import Durability
from controller.incident.record import Record
from controller.model.commands import NO_BOOT, Acker, Member
from controller.model.ids import BootId, ServerId
from replication.binlog.compare import merged

NOBODY_KNOWS = BootId("?")
"""The process of one that was registered before, and never seen to be one."""


def registered(ledger: Ledger, member: Member) -> Ledger:
    """From here on *member* may acknowledge; in which process is not known yet.

    One that may have acknowledged before is held to the process in which it did:
    what another one lost stays lost until a canary proves that it caught up.
    """
    known = [a for a in ledger.ackers if a.server == member.server]
    rest = tuple(a for a in ledger.ackers if a.server != member.server)
    before = known[0].boot_id or known[0].process or NOBODY_KNOWS if known else NO_BOOT
    acker = Acker(
        server=member.server, zone=member.zone, boot_id=NO_BOOT, process=before
    )
    return replace(ledger, ackers=(*rest, acker))


def identified(ledger: Ledger, record: Record) -> Ledger:
    """REGISTER said in which process a new acker runs, before it attaches."""
    evidence = record.body.get("evidence", {})
    assert isinstance(evidence, Mapping)
    server, process = evidence.get("registered"), evidence.get("process")
    return replace(
        ledger,
        ackers=tuple(
            replace(a, process=BootId(str(process)))
            if a.server == server and not a.process
            else a
            for a in ledger.ackers
        ),
    )


def counting(ledger: Ledger, plan: Plan) -> Ledger:
    """Commits may be told to wait for fewer: from now on they may have been."""
    held = ledger.durability
    return replace(ledger, durability=replace(held, acks=min(held.acks, plan.acks)))


def earned(ledger: Ledger, record: Record) -> Ledger:
    """A canary was acknowledged, and the named ackers were seen to hold it (rule 4).

    Whatever was acknowledged before it, on the same primary, they hold too.
    """
    evidence = record.body.get("evidence", {})
    assert isinstance(evidence, Mapping)
    server, boot_id = evidence.get("acker"), evidence.get("acker_boot_id")
    if not server or not boot_id:
        return ledger
    held = ledger.durability
    holders = {str(server): str(boot_id), **_holders(str(evidence.get("held_by", "")))}
    return replace(
        _caught_up(ledger, str(evidence.get("logged", "")), holders),
        ackers=tuple(
            replace(a, boot_id=BootId(holders.get(a.server, a.boot_id)))
            for a in ledger.ackers
        ),
        durability=Durability(
            protected=True,
            since_wall_s=held.since_wall_s if held.protected else record.at_wall_s,
            why=f"{' and '.join(holders)} acknowledged canary"
            f" {evidence.get('gtid', '')}",
            acks=int(evidence.get("acks", 1)),
            at_mono_s=record.at_mono_s,
        ),
    )


def _caught_up(ledger: Ledger, logged: str, holders: Iterable[str]) -> Ledger:
    """Who holds a later transaction of the primary's has all it had *logged*."""
    if not logged or ledger.primary is None:
        return ledger
    had = dict(ledger.had)
    for holder in holders:
        mine = had.get(ServerId(holder), "")
        theirs = ledger.had.get(ledger.primary.server, "")
        had[ServerId(holder)] = merged(logged, mine, theirs)
    return replace(ledger, had=MappingProxyType(had))


def _holders(text: str) -> dict[str, str]:
    """Read `server=process` pairs; a process may hold any sign but a space."""
    pairs = (word.partition("=") for word in text.split())
    return {server: boot_id for server, _, boot_id in pairs}


def taken_along(ledger: Ledger, plan: Plan) -> Ledger:
    """Another primary: its ackers prove themselves anew, and who parted is none.

    One that parted still follows the old primary, or was left closed: until it was
    ended it counts as one that may come back with a past of its own.
    """
    parted = {a.server for a in plan.parted}
    frozen = {a.server: a.boot_id for a in plan.ackers}  # as OPEN has read them
    gone = (Member(server=a.server, zone=a.zone) for a in plan.parted)
    suspects = (*ledger.suspects, *(m for m in gone if m not in ledger.suspects))
    return replace(
        ledger,
        suspects=suspects,
        ackers=tuple(
            replace(a, boot_id=NO_BOOT, process=frozen.get(a.server, NO_BOOT))
            for a in ledger.ackers
            if a.server != plan.target.server and a.server not in parted
        ),
    )
