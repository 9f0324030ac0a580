"""Records as a timeline people can read, and durations out of it; pure."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from controller.incident.record import Body, Record, RecordKind
from controller.sla.copying import copy_line
from controller.sla.flapping import quarantine_text
from controller.sla.maintenance import Declared, maintenance_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: *at_s* seconds after the first record shown."""

    at_s: float
    kind: str
    text: str


def timeline(records: Sequence[Record]) -> list[Line]:
    """Return what *records* tell, in order; times relative to the first."""
    if not records:
        return []
    zero_s, declared = records[0].at_wall_s, Declared()
    return [
        Line(
            at_s=r.at_wall_s - zero_s,
            kind=r.kind.value,
            text=_text(r) + declared.mark(r),
        )
        for r in records
    ]


def _text(record: Record) -> str:
    body = record.body
    match record.kind:
        case RecordKind.INTENT:
            doubt = " again, in doubt" if body.get("doubt") else ""
            return f"{body['step']} (attempt {body['attempt']}{doubt}): {body['why']}"
        case RecordKind.OUTCOME:
            told = body.get("reason") or _evidence(body.get("evidence"))
            return f"{body['step']} {body['outcome']} {told}".rstrip()
        case RecordKind.VERDICT:
            return f"{body['subject']} is {body['verdict']}: {body['reason']}"
        case kind if kind in _TELLERS:
            return _TELLERS[kind](body)
        case _:
            return " ".join(f"{k}={v}" for k, v in body.items())


def _vetoes(body: Body) -> str:
    vetoes = body["vetoes"]
    assert isinstance(vetoes, list)
    names = ", ".join(str(v["name"]) for v in vetoes)
    if not names:
        return "nothing holds us"
    return f"{body['trouble'] or 'all serves'}: {names}"


def _plan(body: Body) -> str:
    plan = body["plan"]
    assert isinstance(plan, Mapping)
    donor = plan.get("donor")
    source = f"; a copy is taken from {donor['server']}" if donor else ""
    return f"{plan['kind']} epoch {plan['epoch']}: {plan['why']}{source}"


def _serving(body: Body) -> str:
    if "acks" in body:
        return f"{body['server']} was told by hand to wait for {body['acks']} acks"
    how = "takes writes" if body["writable"] else "takes no writes any more"
    return f"{body['server']} {how}, process {body['boot_id']}"


def _armed(body: Body) -> str:
    if body["ttl_s"]:
        return (
            f"the agent of zone {body['zone']} ends its primary when it is alone for"
            f" {body['ttl_s']} s"
        )
    return f"the agent of zone {body['zone']} proves nothing any more: {body['why']}"


def _drift(body: Body) -> str:
    if not body["drifted"]:
        return f"edge {body['edge']} is on its route again: {body['seen']}"
    return f"edge {body['edge']}: {body['seen']}; wanted {body['wanted']}"


def findings_text(body: Body) -> str:
    """Return what the doctor newly found, with what mends it, and what is over."""
    began, over = body["began"], body["over"]
    assert isinstance(began, list)
    assert isinstance(over, list)
    told = [f"{_finding(f)}: {f['what']}; mend: {f['mend']}" for f in began]
    return "; ".join([*told, *(f"{_finding(f)} is over" for f in over)])


def _finding(tree: Mapping[str, object]) -> str:
    among = tree["among"]
    assert isinstance(among, list)
    where = tree["server"] or ", ".join(among)
    return f"{tree['severity']} {tree['name']} on {where}"


_TELLERS: Mapping[RecordKind, Callable[[Body], str]] = MappingProxyType(
    {
        RecordKind.VETO: _vetoes,
        RecordKind.STARTED: _plan,
        RecordKind.RESTARTED: _plan,
        RecordKind.DRIFT: _drift,
        RecordKind.SERVING: _serving,
        RecordKind.ARMED: _armed,
        RecordKind.FINDINGS: findings_text,
        RecordKind.COPY: copy_line,
        RecordKind.MAINTENANCE: maintenance_text,
        RecordKind.QUARANTINE: quarantine_text,
    }
)


def _evidence(evidence: object) -> str:
    if not isinstance(evidence, Mapping):
        return ""
    return " ".join(f"{k}={v}" for k, v in evidence.items())


def step_seconds(records: Sequence[Record], incident: str) -> dict[str, float]:
    """Return seconds from each step's first intent to its last outcome."""
    began: dict[str, float] = {}
    ended: dict[str, float] = {}
    for record in records:
        if record.incident != incident:
            continue
        step = str(record.body.get("step", ""))
        if record.kind is RecordKind.INTENT:
            began.setdefault(step, record.at_wall_s)
        elif record.kind is RecordKind.OUTCOME:
            ended[step] = record.at_wall_s
    return {s: round(ended[s] - at_s, 3) for s, at_s in began.items() if s in ended}


def unprotected_spans(records: Sequence[Record]) -> list[tuple[float, float | None]]:
    """Return (from, to) wall seconds without protection; an open end is None.

    A primary that is opened again where it stands earned it before (EARN).
    """
    spans: list[tuple[float, float | None]] = []
    reopening: set[str] = set()
    for record in records:
        if record.kind is RecordKind.STARTED and _kind(record) == "reopen":
            reopening.add(record.incident)
        step = str(record.body.get("step", ""))
        is_open = bool(spans) and spans[-1][1] is None
        if _exposes(record, reopening):
            if not is_open:
                spans.append((record.at_wall_s, None))
        elif (
            record.kind is RecordKind.OUTCOME
            and step in {"protect", "canary", "earn"}
            and _earned(record)
            and is_open
        ):
            spans[-1] = (spans[-1][0], record.at_wall_s)
    return spans


def _exposes(record: Record, reopening: Container[str]) -> bool:
    """Tell whether from *record* on an acknowledged write may be in one zone only."""
    if record.kind is RecordKind.SERVING:
        return not record.body["waits"]
    step = record.body.get("step")
    return record.kind is RecordKind.INTENT and (
        step in {"degrade", "withdraw"}
        or (step == "open" and record.incident not in reopening)
    )


def _kind(record: Record) -> str:
    plan = record.body.get("plan")
    return str(plan["kind"]) if isinstance(plan, Mapping) else ""


def _earned(record: Record) -> bool:
    evidence = record.body.get("evidence")
    return isinstance(evidence, Mapping) and bool(evidence.get("acker_boot_id"))
