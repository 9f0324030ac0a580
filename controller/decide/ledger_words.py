"""What people say, and for how long it counts: the part of the fold about them."""

from dataclasses import replace
from types import MappingProxyType

from controller.decide.ledger_state import Armed, Ledger
from controller.decide.standing import Wish, errors_words
from controller.incident.record import Record
from controller.model.ids import BootId, ZoneId
from health.detector import Verdict

FAILING = "degraded"
"""What a zone whose users alone get errors is called on record."""


def wished(ledger: Ledger, record: Record) -> Ledger:
    """An operator asked for a move; the clocks say when."""
    overrides = record.body["overrides"]
    assert isinstance(overrides, list)
    wish = Wish(
        to_zone=ZoneId(str(record.body["to"])),
        why=str(record.body["why"]),
        overrides=tuple(overrides),
        at_mono_s=record.at_mono_s,
        at_wall_s=record.at_wall_s,
        planned=bool(record.body.get("planned", False)),
    )
    return replace(ledger, wish=wish)


def approved(ledger: Ledger, record: Record) -> Ledger:
    """A person said yes to what was waiting."""
    return replace(ledger, approved=str(record.body["what"]))


def judged(ledger: Ledger, record: Record) -> Ledger:
    """An approval was for what a person saw; when that is over, so is the approval.

    For a loss: the primary is back. For errors: its zone is called something else.
    """
    primary, verdict = ledger.primary, record.body.get("verdict")
    if primary is None:
        return ledger
    for_errors = errors_words(primary.zone) in ledger.approved
    over = {
        f"database {primary.server}": verdict == Verdict.OK,
        f"zone {primary.zone}": for_errors and verdict != FAILING,
    }
    if not over.get(str(record.body.get("subject")), False):
        return ledger
    return replace(ledger, approved="")


def restarted(ledger: Ledger, record: Record) -> Ledger:
    """Nobody looked for a while: the loss a person saw may have passed meanwhile.

    The next loss looks the same, so an approval nobody used yet ends here.
    """
    del record
    return replace(ledger, approved="")


def armed(ledger: Ledger, record: Record) -> Ledger:
    """An agent armed or disarmed; what it last said stands while it is silent."""
    zone, ttl_s = ZoneId(str(record.body["zone"])), float(str(record.body["ttl_s"]))
    rest = {z: a for z, a in ledger.armed.items() if z != zone}
    if ttl_s:
        rest[zone] = Armed(ttl_s=ttl_s, boot=BootId(str(record.body["boot"])))
    return replace(ledger, armed=MappingProxyType(rest))


def denied(ledger: Ledger, record: Record) -> Ledger:
    """A wish or an approval was taken back before it was used."""
    del record
    return replace(ledger, approved="", wish=None)


def paused(ledger: Ledger, record: Record) -> Ledger:
    """A person asked for quiet."""
    return replace(ledger, paused=str(record.body["why"]) or "paused")


def resumed(ledger: Ledger, record: Record) -> Ledger:
    """A person ended a pause, or a halt they have looked at."""
    del record
    return replace(ledger, paused="", halted="")
