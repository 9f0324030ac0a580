"""Plans as JSON bodies and back; the one place that knows both forms."""

from collections.abc import Iterable, Mapping

from controller.decide.saga import Kind, Plan
from controller.incident.record import Record
from controller.model.commands import Acker, Member, Proof
from controller.model.ids import BootId, EdgeId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from replication.doctor.inspection import Finding, Severity
from replication.ports import Session


def render_member(member: Member | None) -> object:
    """Return *member* as JSON, None staying null."""
    if member is None:
        return None
    return {"server": member.server, "zone": member.zone}


def parse_member(tree: object) -> Member | None:
    """Return the member of *tree*, null being None."""
    if tree is None:
        return None
    assert isinstance(tree, Mapping)
    return Member(server=ServerId(tree["server"]), zone=ZoneId(tree["zone"]))


def render_plan(plan: Plan) -> Mapping[str, object]:
    """Return *plan* as JSON."""
    return {
        "kind": plan.kind.value,
        "epoch": plan.epoch,
        "lost": render_member(plan.lost),
        "target": render_member(plan.target),
        "ackers": _render_ackers(plan.ackers),
        "spare": render_member(plan.spare),
        "acks_revocable": plan.acks_revocable,
        "proofs": [p.value for p in plan.proofs],
        "why": plan.why,
        "overrides": list(plan.overrides),
        "edge": plan.edge,
        "waits": plan.waits,
        "lost_boot": plan.lost_boot,
        "pause_max_s": plan.pause_max_s,
        "boot_id": plan.boot_id,
        "rejoins": plan.rejoins,
        "fence_s": plan.fence_s,
        "armed_s": plan.armed_s,
        "donor": render_member(plan.donor),
        "parted": _render_ackers(plan.parted),
        "acks": plan.acks,
        "acked_by": plan.acked_by,
        "errant": [[server, own] for server, own in plan.errant],
        "laid": plan.laid,
        "had": plan.had,
        "unasked": plan.unasked,
    }


def _render_ackers(ackers: Iterable[Acker]) -> list[Mapping[str, object]]:
    return [{"server": a.server, "zone": a.zone, "boot_id": a.boot_id} for a in ackers]


def _parse_ackers(trees: Iterable[Mapping[str, str]]) -> tuple[Acker, ...]:
    return tuple(
        Acker(
            server=ServerId(a["server"]),
            zone=ZoneId(a["zone"]),
            boot_id=BootId(a["boot_id"]),
        )
        for a in trees
    )


def parse_plan(tree: object) -> Plan:
    """Return the plan `render_plan` was given; raise `KeyError` on a foreign tree."""
    assert isinstance(tree, Mapping)
    target = parse_member(tree["target"])
    assert target is not None
    return Plan(
        kind=Kind(tree["kind"]),
        epoch=Epoch(tree["epoch"]),
        lost=parse_member(tree["lost"]),
        target=target,
        ackers=_parse_ackers(tree["ackers"]),
        spare=parse_member(tree["spare"]),
        acks_revocable=bool(tree["acks_revocable"]),
        proofs=tuple(Proof(p) for p in tree["proofs"]),
        why=str(tree["why"]),
        overrides=tuple(tree["overrides"]),
        edge=EdgeId(tree["edge"]) if tree.get("edge") else None,  # newer than others
        waits=bool(tree.get("waits", True)),
        lost_boot=BootId(str(tree.get("lost_boot", ""))),
        pause_max_s=float(tree.get("pause_max_s", 0.0)),
        boot_id=BootId(str(tree.get("boot_id", ""))),
        rejoins=str(tree.get("rejoins", "")),
        fence_s=float(tree.get("fence_s", 0.0)),
        armed_s=float(tree.get("armed_s", 0.0)),
        donor=parse_member(tree.get("donor")),
        parted=_parse_ackers(tree.get("parted", ())),
        acks=int(tree.get("acks", 1)),
        acked_by=int(tree.get("acked_by", 1)),
        errant=tuple((ServerId(s), str(own)) for s, own in tree.get("errant", ())),
        laid=str(tree.get("laid", "")),
        had=str(tree.get("had", "")),
        unasked=bool(tree.get("unasked", False)),
    )


def render_session(session: Session) -> Mapping[str, object]:
    """Return *session* as JSON."""
    return {
        "server": session.server,
        "boot_id": session.boot_id,
        "connection_id": session.connection_id,
    }


def parse_session(tree: object) -> Session:
    """Return the session of *tree*."""
    assert isinstance(tree, Mapping)
    return Session(
        server=ServerId(tree["server"]),
        boot_id=BootId(tree["boot_id"]),
        connection_id=int(tree["connection_id"]),
    )


def parse_outcome(record: Record) -> Outcome:
    """Return the answer an OUTCOME record keeps."""
    evidence = record.body.get("evidence", {})
    assert isinstance(evidence, Mapping)
    reason = str(record.body.get("reason", ""))
    match record.body["outcome"]:
        case "done":
            return Done({str(k): str(v) for k, v in evidence.items()})
        case "refused":
            return Refused(reason)
        case _:
            return Unknown(reason)


def render_finding(finding: Finding) -> Mapping[str, object]:
    """Return *finding* as JSON."""
    return {
        "server": finding.server,
        "among": list(finding.among),
        "name": finding.name,
        "severity": finding.severity.value,
        "what": finding.what,
        "cost": finding.cost,
        "mend": finding.mend,
    }


def parse_finding(tree: object) -> Finding:
    """Return the finding of *tree*."""
    assert isinstance(tree, Mapping)
    return Finding(
        server=None if tree["server"] is None else ServerId(tree["server"]),
        name=str(tree["name"]),
        severity=Severity(tree["severity"]),
        what=str(tree["what"]),
        cost=str(tree["cost"]),
        mend=str(tree["mend"]),
        among=tuple(ServerId(s) for s in tree["among"]),
    )
