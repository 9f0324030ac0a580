"""One fact for ever: what the journal keeps, and how its lines look as JSON.

`intent` is written before an effect, `outcome` after it; an intent without an
outcome is an `Unknown`. Bodies are flat JSON with a schema number, never a
secret.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from controller.model.ids import Epoch, IncidentId

SCHEMA = 1

Body = Mapping[str, object]


class RecordKind(StrEnum):
    """What a record says."""

    DAEMON_STARTED = "daemon_started"
    DAEMON_STOPPED = "daemon_stopped"
    ADOPTED = "adopted"  # who is primary, as found on the very first start
    VERDICT = "verdict"  # a service's verdict changed
    VETO = "veto"  # the set of reasons for not acting changed
    STARTED = "started"  # a saga began
    RESTARTED = "restarted"  # it begins again at CONFIRM, under a new epoch
    INTENT = "intent"
    OUTCOME = "outcome"
    ENDED = "ended"
    WISH = "wish"  # an operator asked for a failover
    APPROVED = "approved"
    DENIED = "denied"
    PAUSED = "paused"
    RESUMED = "resumed"
    NOTIFIED = "notified"
    SERVING = "serving"  # the primary takes writes in another process, or was closed
    DRIFT = "drift"  # an edge was first seen off its route, or on it again
    GIVEN_UP = "given_up"  # a person lets an old primary be laid anew, unsaved
    ARMED = "armed"  # a zone's agent would end its primary, or would not any more
    COPY = "copy"  # how far a copy into a new replica is
    MAINTENANCE = "maintenance"  # a window was begun, ended, or is over
    QUARANTINE = "quarantine"  # a zone that comes and goes is left alone, or was
    FINDINGS = "findings"  # what the doctor finds of the databases changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One journal line.

    at_wall_s: seconds since the Unix epoch, for people. at_mono_s: seconds of
    a clock that only grows until the machine restarts, for durations.
    """

    seq: int
    at_wall_s: float
    at_mono_s: float
    incident: IncidentId
    epoch: Epoch
    kind: RecordKind
    body: Body


class Journal(Protocol):
    """Append-only. `append` returns once the record would survive power loss."""

    def append(
        self, kind: RecordKind, body: Body, *, incident: IncidentId, epoch: Epoch
    ) -> Record:
        """Store one record; raise `JournalError` when it is not durable."""
        ...

    def records(self) -> tuple[Record, ...]:
        """Return everything, oldest first."""
        ...

    def close(self) -> None:
        """Release the store; safe to call twice."""
        ...


def render_body(body: Body) -> str:
    """Return *body* as one line of JSON with its schema number."""
    return json.dumps({"schema": SCHEMA, **body}, sort_keys=True)


def parse_body(text: str) -> Body:
    """Return what `render_body` was given; raise `ValueError` on another schema."""
    tree = json.loads(text)
    if not isinstance(tree, dict) or tree.pop("schema", None) != SCHEMA:
        raise ValueError(f"not a record body of schema {SCHEMA}: {text[:80]}")
    return tree


def render_record(record: Record) -> dict[str, object]:
    """Return one record as JSON."""
    return {
        "seq": record.seq,
        "at_wall_s": record.at_wall_s,
        "at_mono_s": record.at_mono_s,
        "incident": record.incident,
        "epoch": record.epoch,
        "kind": record.kind.value,
        "body": dict(record.body),
    }


def parse_record(tree: Mapping[str, Any]) -> Record:
    """Return the record behind *tree*; raise `KeyError` or `ValueError`."""
    return Record(
        seq=int(tree["seq"]),
        at_wall_s=float(tree["at_wall_s"]),
        at_mono_s=float(tree["at_mono_s"]),
        incident=IncidentId(tree["incident"]),
        epoch=Epoch(tree["epoch"]),
        kind=RecordKind(tree["kind"]),
        body=tree["body"],
    )
