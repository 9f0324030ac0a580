"""How often each zone came and went: the part of the fold about that. O(1) a record."""

from dataclasses import replace
from types import MappingProxyType

from controller.decide.flapping import counts
from controller.decide.flaps import KEPT, NO_FLAPS, Flaps, Quarantine, Stamp, stamp_of
from controller.decide.ledger_state import Ledger
from controller.decide.saga import Kind, Step
from controller.incident.record import Record, RecordKind
from controller.model.ids import ServerId, ZoneId
from health.detector import Verdict


def judged(ledger: Ledger, record: Record) -> Ledger:
    """A verdict changed: a zone went down, or came back after it did.

    Any of its subjects that answers again brings it back, once: of three that die
    with it the first does.
    """
    kind, _, who = str(record.body["subject"]).partition(" ")
    if kind == "edge":
        return ledger
    of_database = kind == "database"
    zone = _home(ledger, ServerId(who)) if of_database else ZoneId(who)
    if zone is None:
        return ledger
    flaps = ledger.flaps.get(zone, NO_FLAPS)
    at = stamp_of(record)
    if record.body["verdict"] == Verdict.DOWN:
        own = (
            _serves(ledger, ServerId(who))
            if of_database
            else counts(ledger, zone, kind)
        )
        return _with(ledger, zone, replace(flaps, ill=True, last=at)) if own else ledger
    if record.body["verdict"] != Verdict.OK or not flaps.ill:
        return ledger
    back = replace(
        flaps,
        ill=False,
        flips=flaps.flips + 1,
        cleared=_kept(flaps.cleared, at),
        last=at,
    )
    return _with(ledger, zone, back)


def _serves(ledger: Ledger, server: ServerId) -> bool:
    """Tell whether *server* is a member that no run of ours is ending just now."""
    run = ledger.run
    if run is not None and server in {
        m.server for m in (run.plan.lost, run.plan.spare) if m is not None
    }:
        return False
    primary = ledger.primary is not None and ledger.primary.server == server
    return primary or any(a.server == server for a in ledger.ackers)


def _home(ledger: Ledger, server: ServerId) -> ZoneId | None:
    """Return the zone of a server that has, or had, a role; None: it never had."""
    primary = () if ledger.primary is None else (ledger.primary,)
    old = (o.member for o in ledger.old.values())
    known = (*primary, *ledger.ackers, *ledger.suspects, *old)
    return next((m.zone for m in known if m.server == server), None)


def started(before: Ledger, ledger: Ledger, record: Record) -> Ledger:
    """A run began; a failover that nobody asked for is remembered until it ends."""
    run = ledger.run
    if run is None or run.plan.kind is not Kind.FAILOVER or run.plan.lost is None:
        return replace(ledger, leaving=None)
    if record.kind is RecordKind.STARTED:
        asked = before.wish is not None
        return replace(ledger, leaving=None if asked else run.plan.lost.zone)
    return ledger


def opened(ledger: Ledger, record: Record) -> Ledger:
    """The failover that left a zone by itself opened another server: it moved."""
    body, zone = record.body, ledger.leaving
    if zone is None or (body["step"], body["outcome"]) != (Step.OPEN, "done"):
        return ledger
    flaps, at = ledger.flaps.get(zone, NO_FLAPS), stamp_of(record)
    moved = replace(flaps, left=_kept(flaps.left, at), last=at)
    return _with(replace(ledger, leaving=None), zone, moved)


def held(ledger: Ledger, record: Record) -> Ledger:
    """A quarantine began, or is over; over, what led to it counts no more."""
    body = record.body
    zone = ZoneId(str(body["zone"]))
    flaps = ledger.flaps.get(zone, NO_FLAPS)
    if body["act"] == "over":
        over = replace(flaps, held=None, cleared=(), left=(), over=stamp_of(record))
        return _with(ledger, zone, over)
    times = int(str(body["times"]))
    found = Quarantine(span_s=float(str(body["span_s"])), times=times)
    return _with(ledger, zone, replace(flaps, held=found, times=times))


def restarted(ledger: Ledger) -> Ledger:
    """Nobody looked for a while: who is down is said anew by the next verdicts."""
    calm = {z: replace(f, ill=False) for z, f in ledger.flaps.items()}
    return replace(ledger, flaps=MappingProxyType(calm))


def _kept(stamps: tuple[Stamp, ...], at: Stamp) -> tuple[Stamp, ...]:
    return (*stamps, at)[-KEPT:]


def _with(ledger: Ledger, zone: ZoneId, flaps: Flaps) -> Ledger:
    return replace(ledger, flaps=MappingProxyType({**ledger.flaps, zone: flaps}))
