"""One run as figures: the row of every table and every JSON file; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from controller.cli.demo_measure import availability, pauses_s
from controller.cli.demo_run import Evidence, Role
from controller.cli.demo_stores import unreplicated
from controller.decide.saga import Kind
from controller.incident.record import Record, RecordKind
from controller.sla.timeline import step_seconds
from deploy.lab.inzone import LocalWrite
from deploy.lab.traffic import Fate

_UNPROTECTS = {"open", "degrade", "withdraw"}
_PROTECTS = {"protect", "canary"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The figures of one run; the field names are the JSON keys.

    zone_primary, zone_replica: at the end, as the databases say. Seconds are
    counted from the fault, except steps (each its own) and total_s.
    fence_proof, detect_s: None when nothing had to move.
    protected_again_s: None when it never was; 0 when it never ceased to be.
    """

    engine: str
    fault: str
    zone_lost: str
    zone_primary: str | None
    zone_replica: str | None
    epoch: int
    fence_proof: str | None
    detect_s: float | None
    write_gap_s: float
    reads_total: int
    reads_failed: int
    writes_acked: int
    writes_failed: int
    writes_unknown: int
    acked_lost: int
    old_primary_acks: int
    protected_again_s: float | None
    unreplicated: Mapping[str, int | None]
    journal_records: int
    steps: Mapping[str, float]
    total_s: float
    ok: bool


def main_start(evidence: Evidence) -> Record | None:
    """Return the record with which the daemon began to act on the fault."""
    wanted = {Kind.FAILOVER.value, Kind.RESTORE.value}
    for record in evidence.records:
        if record.kind is not RecordKind.STARTED:
            continue
        if record.at_mono_s < evidence.fault_s:
            continue
        plan = record.body["plan"]
        if isinstance(plan, Mapping) and plan["kind"] in wanted:
            return record
    return None


def fence_proof(records: Sequence[Record]) -> str | None:
    """Return under which proof the last FENCE was done."""
    found = None
    for record in records:
        if record.kind is RecordKind.OUTCOME and record.body.get("step") == "fence":
            told = record.body.get("evidence")
            if isinstance(told, Mapping):
                found = str(told.get("proof"))
    return found


def protected_again_s(records: Sequence[Record], fault_s: float) -> float | None:
    """Return when, after the fault, every write was in two zones again.

    Counted from the intent that ended protection to the outcome that earned
    it anew; None while it has not been earned, 0 when it was never given up.
    """
    protected, at_s = True, 0.0
    for record in records:
        if record.at_mono_s < fault_s:
            continue
        step = record.body.get("step")
        if record.kind is RecordKind.INTENT and step in _UNPROTECTS:
            protected = False
        elif record.kind is RecordKind.OUTCOME and step in _PROTECTS:
            told = record.body.get("evidence")
            earned = isinstance(told, Mapping) and bool(told.get("acker_boot_id"))
            if earned and not protected:
                protected, at_s = True, record.at_mono_s - fault_s
    return at_s if protected else None


def acked_lost(evidence: Evidence) -> list[str]:
    """Return every remembered id that the primary at the end does not have.

    What the lost zone acknowledged to its own clients after the fault counts
    as `old_primary_acks` alone.
    """
    acked = [w.id for w in evidence.traffic.acked()]
    acked += [w.id for w in local_acked(evidence) if w.at_s <= evidence.fault_s]
    return [i for i in acked if i not in evidence.findings.present]


def old_primary_acks(evidence: Evidence) -> list[str]:
    """Return what the lost zone acknowledged to anyone and the primary has not."""
    local = [w.id for w in local_acked(evidence) if w.at_s > evidence.fault_s]
    edge = [
        w.id
        for w in evidence.traffic.acked()
        if w.zone == evidence.zone_lost and w.done_s > evidence.fault_s
    ]
    return [i for i in (*local, *edge) if i not in evidence.findings.present]


def local_acked(evidence: Evidence) -> list[LocalWrite]:
    """Return what the lost zone acknowledged to clients inside it."""
    return [w for w in evidence.local if w.fate is Fate.ACKED]


def broken_promises(evidence: Evidence) -> list[str]:
    """Return one sentence for each promise this run broke; empty: all kept."""
    found = []
    if lost := acked_lost(evidence):
        found.append(f"{len(lost)} acknowledged writes are lost: {lost[:5]}")
    if old := old_primary_acks(evidence):
        found.append(f"the old primary acknowledged {len(old)} writes alone: {old[:5]}")
    writable = evidence.findings.writable
    if len(writable) != 1:
        where = ", ".join(writable) or "nowhere"
        found.append(f"{len(writable)} writable primaries at the end: {where}")
    if evidence.zone_replica is None:
        why = evidence.findings.why_not
        found.append(f"no replica in sync in a healthy zone: {why}")
    return [*found, *_unfinished(evidence)]


def _unfinished(evidence: Evidence) -> list[str]:
    found = []
    if not evidence.calm:
        said = "nothing" if evidence.status is None else evidence.status["sentence"]
        found.append(f"the daemon did not finish in time; it says: {said}")
    moved = main_start(evidence) is not None
    if moved and evidence.role is Role.SPARE:
        found.append("the spare zone was lost and something was moved")
    if evidence.crash_at is not None and not evidence.crashes:
        found.append(f"the daemon never came to {evidence.crash_at}: nothing crashed")
    asked = 0 if evidence.crash_at is None else 1
    if len(evidence.crashes) > asked:
        found.append(f"the daemon died: {evidence.crashes[-1].why}")
    return found


def row(evidence: Evidence, total_s: float) -> Row:
    """Return the run's figures; *total_s* is the caller's to measure."""
    writes = [w.fate for w in evidence.traffic.writes]
    reads = evidence.traffic.reads
    start = main_start(evidence)
    records = [r for r in evidence.records if r.at_mono_s >= evidence.fault_s]
    return Row(
        engine=evidence.engine,
        fault=evidence.settings.fault.value,
        zone_lost=evidence.zone_lost,
        zone_primary=evidence.zone_primary,
        zone_replica=evidence.zone_replica,
        epoch=evidence.epoch,
        fence_proof=fence_proof(records),
        detect_s=_seconds(None if start is None else start.at_mono_s, evidence),
        write_gap_s=round(pauses(evidence)[0], 3),
        reads_total=len(reads),
        reads_failed=sum(1 for r in reads if not r.ok),
        writes_acked=writes.count(Fate.ACKED),
        writes_failed=writes.count(Fate.FAILED),
        writes_unknown=writes.count(Fate.UNKNOWN),
        acked_lost=len(acked_lost(evidence)),
        old_primary_acks=len(old_primary_acks(evidence)),
        protected_again_s=_rounded(protected_again_s(records, evidence.fault_s)),
        unreplicated=unreplicated(evidence.stores, evidence.documents_left),
        journal_records=evidence.journal_records,
        steps={} if start is None else step_seconds(records, start.incident),
        total_s=round(total_s, 3),
        ok=not broken_promises(evidence),
    )


def pauses(evidence: Evidence) -> tuple[float, float]:
    """Return the run's write gap and the longest later pause, seconds."""
    acks_s = [w.done_s for w in evidence.traffic.acked()]
    return pauses_s(acks_s, evidence.fault_s, evidence.ended_s)


def available_ratio(evidence: Evidence) -> float:
    """Return the availability figure of the run, 0 to 1."""
    traffic = evidence.traffic
    return availability(
        traffic.reads, traffic.acked(), evidence.began_s, evidence.ended_s
    )


def as_json(figures: Row) -> dict[str, object]:
    """Return the row as it is written to files."""
    return asdict(figures)


def _seconds(at_s: float | None, evidence: Evidence) -> float | None:
    return None if at_s is None else round(at_s - evidence.fault_s, 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
