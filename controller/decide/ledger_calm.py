"""What keeps the controller's hands off a zone: the part of the fold about it.

Windows that people declared, and zones that come and go. Every record passes here
after the rest of the fold, so that nothing about it stands in the way of what the
record is for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from controller.decide import ledger_flaps
from controller.decide.declared import Window, counted_on, left_s
from controller.decide.ledger_state import Ledger
from controller.incident.record import Record, RecordKind
from controller.model.ids import ZoneId


def heard(before: Ledger, ledger: Ledger, record: Record) -> Ledger:
    """Return *ledger*, to which *record* led from *before*, with what is about calm."""
    if record.kind in {RecordKind.STARTED, RecordKind.RESTARTED}:
        return ledger_flaps.started(before, ledger, record)
    change = _CHANGES.get(record.kind)
    return change(ledger, record) if change else ledger


def _declared(ledger: Ledger, record: Record) -> Ledger:
    """A window was begun, ended by a person, or noted as over."""
    body, at = record.body, (record.at_mono_s, record.at_wall_s)
    zone, owner = ZoneId(str(body["zone"])), str(body["owner"])
    rest = tuple(
        w
        for w in ledger.windows
        if (w.zone, w.owner) != (zone, owner) and left_s(w, *at) > 0
    )
    if body["act"] != "start":
        return replace(ledger, windows=rest)
    window = Window(
        zone=zone,
        owner=owner,
        reason=str(body["reason"]),
        for_s=float(str(body["for_s"])),
        at_mono_s=record.at_mono_s,
        at_wall_s=record.at_wall_s,
    )
    return replace(ledger, windows=(*rest, window))


def _restarted(ledger: Ledger, record: Record) -> Ledger:
    """What is over of each window is put down: the next clock may say less."""
    at = (record.at_mono_s, record.at_wall_s)
    windows = tuple(counted_on(w, *at) for w in ledger.windows)
    return ledger_flaps.restarted(replace(ledger, windows=windows))


_CHANGES: Mapping[RecordKind, Callable[[Ledger, Record], Ledger]] = MappingProxyType(
    {
        RecordKind.MAINTENANCE: _declared,
        RecordKind.DAEMON_STARTED: _restarted,
        RecordKind.VERDICT: ledger_flaps.judged,
        RecordKind.OUTCOME: ledger_flaps.opened,
        RecordKind.QUARANTINE: ledger_flaps.held,
    }
)
