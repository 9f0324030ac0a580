"""A story as people read it: what was done to the site and what the journal says."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from controller.rehearsal.reading import Case, evidence, kind_of
from controller.sla.flapping import quarantine_text
from controller.sla.maintenance import maintenance_text
from controller.sla.timeline import findings_text
from replication.adapters.memory.truth import Entry, Event, Fact

SHOWN = frozenset(
    {
        *("proof", "acker", "unreached", "off_route", "ids"),
        *("told", "archive", "transactions", "canaries", "rows", "tables", "report"),
        "acknowledged",
    }
)
"""What a story shows of an outcome's evidence."""


def transcript(case: Case) -> str:
    """Return one line an event, oldest first; the same story, the same text."""
    return "".join(
        f"{event.at_s:6.1f}s {kind:8} {text}\n"
        for event in case.history
        for kind, text in _told(event)
    )


def _told(event: Event) -> Iterator[tuple[str, str]]:
    if isinstance(event, Fact) and event.kind == "told":
        yield "story", event.server
    elif isinstance(event, Entry):
        yield event.kind.removeprefix("daemon_"), _entry(event)


def _entry(entry: Entry) -> str:
    tell = _TELLERS.get(entry.kind)
    if tell is not None:
        return tell(entry)
    return ", ".join(f"{k}={v}" for k, v in entry.body.items() if v not in ("", []))


def _adopted(entry: Entry) -> str:
    return f"primary {_name(entry.body['primary'])}"


def _verdict(entry: Entry) -> str:
    body = entry.body
    return f"{body['subject']} is {body['verdict']}: {body['reason']}"


def _intent(entry: Entry) -> str:
    attempt = entry.body["attempt"]
    return f"{entry.body['step']}" + ("" if attempt == 1 else f" attempt {attempt}")


def _outcome(entry: Entry) -> str:
    return f"{entry.body['step']} {entry.body['outcome']}{_why(entry)}"


def _ended(entry: Entry) -> str:
    body = entry.body
    return f"{body['kind']} {body['end']}" + (f": {body['why']}" if body["why"] else "")


def _veto(entry: Entry) -> str:
    body = entry.body
    vetoes = body["vetoes"]
    assert isinstance(vetoes, list)
    if not vetoes:
        return f"none holds; {body['trouble'] or 'no trouble'}"
    told = "; ".join(f"{v['name']} ({v['reason']})" for v in vetoes)
    return f"{body['trouble'] or 'no trouble'}: {told}"


def _drift(entry: Entry) -> str:
    body = entry.body
    if not body["drifted"]:
        return f"edge {body['edge']} is on its route again: {body['seen']}"
    return f"edge {body['edge']}: {body['seen']}; wanted {body['wanted']}"


def _serving(entry: Entry) -> str:
    body = entry.body
    if "acks" in body:
        return f"{body['server']} was told by hand to wait for {body['acks']} acks"
    how = "takes writes" if body["writable"] else "takes no writes any more"
    return f"{body['server']} {how}, process {body['boot_id']}"


def _findings(entry: Entry) -> str:
    return findings_text(entry.body)


def _maintenance(entry: Entry) -> str:
    return maintenance_text(entry.body)


def _quarantine(entry: Entry) -> str:
    return quarantine_text(entry.body)


def _started(entry: Entry) -> str:
    plan = entry.body["plan"]
    assert isinstance(plan, Mapping)
    lost, spare = _name(plan["lost"]), _name(plan["spare"])
    way = {
        "failover": f"{lost} to {_name(plan['target'])}, spare {spare}",
        "switchover": f"{lost} to {_name(plan['target'])}",
        "restore": f"a replica of {_name(plan['target'])} in {spare}",
        "widen": f"one more replica of {_name(plan['target'])} in {spare}",
        "loosen": _name(plan["target"]),
        "retire": lost,
        "leave": f"{lost}, {spare} stays",
        "reconcile": f"{plan.get('edge')} to {_name(plan['target'])}",
        "reopen": _name(plan["target"]),
        "examine": lost,
        "rejoin": f"{lost}, a replica of {_name(plan['target'])}",
    }
    return (
        f"{kind_of(entry)} epoch={entry.epoch} at {entry.body['step']}:"
        f" {way[kind_of(entry)]}: {plan['why']}"
    )


def _why(entry: Entry) -> str:
    """Return what was proven, or why nothing was."""
    if entry.body["outcome"] != "done":
        return f": {entry.body['reason']}"
    shown = {k: v for k, v in evidence(entry).items() if k in SHOWN}
    return "".join(f" {k}={v}" for k, v in shown.items())


def _name(tree: object) -> str:
    return str(tree["server"]) if isinstance(tree, Mapping) else "none"


_TELLERS: Mapping[str, Callable[[Entry], str]] = MappingProxyType(
    {
        "adopted": _adopted,
        "verdict": _verdict,
        "veto": _veto,
        "drift": _drift,
        "serving": _serving,
        "findings": _findings,
        "maintenance": _maintenance,
        "quarantine": _quarantine,
        "started": _started,
        "restarted": _started,
        "intent": _intent,
        "outcome": _outcome,
        "ended": _ended,
    }
)
