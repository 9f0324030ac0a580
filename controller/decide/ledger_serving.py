"""Which process the primary takes writes in: the part of the fold about it.

A primary that answers and is read-only restarted, or was closed by a person. Only
the boot id tells, so the one it last took writes in is on record.
"""

from collections.abc import Mapping
from dataclasses import replace

from controller.decide.codec import parse_member
from controller.decide.ledger_state import Ledger
from controller.decide.saga import Run, Step
from controller.decide.standing import Durability, Serving
from controller.incident.record import Record
from controller.model.commands import Proof
from controller.model.ids import BootId, ServerId


def unprotected(ledger: Ledger, record: Record, why: str) -> Ledger:
    """From *record* on an acknowledged write may be in one zone only."""
    if not ledger.durability.protected and ledger.durability.since_wall_s:
        return ledger
    return replace(
        ledger,
        durability=Durability(protected=False, since_wall_s=record.at_wall_s, why=why),
    )


def adopted(ledger: Ledger, record: Record) -> Ledger:
    """Who is primary was read from reality; since a later version, its process too."""
    primary = parse_member(record.body["primary"])
    boot_id = str(record.body.get("boot_id", ""))
    if primary is None or not boot_id:
        return replace(ledger, primary=primary)
    serving = Serving(server=primary.server, boot_id=BootId(boot_id))
    return replace(ledger, primary=primary, serving=serving)


def opened(ledger: Ledger, record: Record, server: ServerId) -> Ledger:
    """OPEN was answered by *server*, which says in which process."""
    evidence = record.body.get("evidence", {})
    assert isinstance(evidence, Mapping)
    boot_id = BootId(str(evidence.get("boot_id", "")))
    serving = Serving(server=server, boot_id=boot_id, at_mono_s=record.at_mono_s)
    return replace(ledger, serving=serving if boot_id else None)


def closing(ledger: Ledger, run: Run) -> Ledger:
    """From its intent on, an order of ours may have closed the process it serves in."""
    by_sql = run.step in {Step.FENCE, Step.RETIRE} and Proof.SQL in run.plan.proofs
    if run.step is not Step.CLOSE and not by_sql:
        return ledger
    serving, lost = ledger.serving, run.plan.lost
    if serving is None or lost is None or serving.server != lost.server:
        return ledger
    return replace(ledger, serving=replace(serving, closing=True))


def reopened(ledger: Ledger, record: Record) -> Ledger:
    """REOPEN was answered: the process we closed takes writes again."""
    if ledger.serving is None:
        return ledger
    now = replace(ledger.serving, closing=False, at_mono_s=record.at_mono_s)
    return replace(ledger, serving=now)


def seen(ledger: Ledger, record: Record) -> Ledger:
    """The primary was seen to take writes, or to be closed, and not by a run.

    Opened by hand after a restart it waits for nobody as far as is known:
    `protected` is earned anew. Told to wait for fewer, writes were acknowledged by
    no more than those since.
    """
    body = record.body
    server = ServerId(str(body["server"]))
    now = Serving(
        server=server,
        boot_id=BootId(str(body["boot_id"])),
        closed=not body["writable"],
    )
    ledger = replace(ledger, serving=now)
    if body["waits"]:
        held = ledger.durability
        acks = min(held.acks, int(str(body.get("acks", held.acks))))
        return replace(ledger, durability=replace(held, acks=acks))
    did = "told by hand to wait for nobody" if "acks" in body else "opened by hand"
    return unprotected(ledger, record, f"{server} was {did}")
