"""Small builders of facts and ledgers for tests of pure decisions."""

from dataclasses import replace
from typing import Any

from cdn_router.ports import Gate, Route
from controller.decide.facts import (
    CanaryFact,
    DoctorFact,
    EdgeFact,
    Facts,
    Mode,
    Policy,
    ServerFact,
    ZoneFact,
)
from controller.decide.ledger import Durability, Ledger, Wish
from controller.model.commands import Acker, Member, Proof
from controller.model.ids import BootId, EdgeId, Epoch, ServerId, SlotId, ZoneId
from health.detector import Reading, Verdict
from replication.ports import Receiving, ServerView, SourceSide

A, B, C = (Member(server=ServerId(f"db-{z}"), zone=ZoneId(z)) for z in ("a", "b", "c"))
NOW_S, WALL_S = 1000.0, 5000.0
SLOT = SlotId("s1")

POLICY = Policy(
    mode=Mode.AUTO,
    required_acks=True,
    proofs=(Proof.PROCESS, Proof.ACKS_REVOKED, Proof.SQL),
    silent_s=0.7,
    stall_s=0.5,
    fresh_s=1.5,
    retry_s=10.0,
    cooldown_s=60.0,
)

LEDGER = Ledger(
    epoch=Epoch(4),
    primary=A,
    ackers=(Acker(server=B.server, zone=B.zone, boot_id=BootId("boot-db-b")),),
    durability=Durability(protected=True, since_wall_s=1.0, why="canary"),
)


def reading(verdict: Verdict, reason: str = "test") -> Reading:
    bad = 3 if verdict is Verdict.DOWN else 0
    return Reading(
        verdict=verdict, bad_in_a_row=bad, good_in_a_row=0, since_s=0.0, reason=reason
    )


def a_view(member: Member, **changes: object) -> ServerView:
    view = ServerView(
        server=member.server,
        boot_id=BootId(f"boot-{member.server}"),
        uptime_s=100.0,
        writable=member is A,
        epoch=Epoch(1),
        source=None if member is A else "db-a:3306",
        receiving=Receiving.NONE if member is A else Receiving.YES,
        applying=member is not A,
        received="u:1-9",
        executed="u:1-9",
        heartbeats=7,
        source_side=SourceSide(
            required=member is A, active=True, receivers=1, waiters=0
        ),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def a_server(
    member: Member, verdict: Verdict = Verdict.OK, **changes: object
) -> ServerFact:
    silent_s = changes.pop("silent_s", 0.1)
    assert isinstance(silent_s, float)
    return ServerFact(
        member=member,
        address=f"{member.server}:3306",
        reading=reading(verdict),
        view=None if verdict is Verdict.UNDECIDED else a_view(member, **changes),
        age_s=0.1 if verdict is Verdict.OK else 5.0,
        silent_s=silent_s,
    )


def a_wish(*overrides: str, age_s: float = 1.0) -> Wish:
    """Return an operator's wish to move to zone b, *age_s* old."""
    return Wish(
        to_zone=B.zone,
        why="drill",
        overrides=overrides,
        at_mono_s=NOW_S - age_s,
        at_wall_s=WALL_S - age_s,
    )


def some_facts(*servers: ServerFact, **changes: object) -> Facts:
    """Return facts in which all is well, but for *servers* and *changes*."""
    known = {
        A.server: a_server(A),
        B.server: a_server(B),
        C.server: replace(a_server(C, Verdict.DOWN), view=None),
    }
    known |= {s.member.server: s for s in servers}
    zones = {
        m.zone: ZoneFact(
            zone=m.zone,
            services={"origin": reading(Verdict.OK), "redis": reading(Verdict.OK)},
        )
        for m in (A, B, C)
    }
    facts = Facts(
        now_s=NOW_S,
        wall_s=WALL_S,
        servers=known,
        zones=zones,
        canary=CanaryFact(durable_hung_s=0.0, durable_ok_age_s=0.1, local_ok_age_s=0.1),
        edges={
            EdgeId("e1"): EdgeFact(
                edge=EdgeId("e1"),
                reachable=True,
                epoch=Epoch(4),
                zones_up={A.zone: True},
                routes={SLOT: Route(read=A.zone, write=A.zone, gate=Gate.OPEN)},
                reading=reading(Verdict.OK),
                age_s=0.1,
            )
        },
        slots=(SLOT,),
        lease_held=True,
        doctor=DoctorFact(looks={}, findings=()),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def primary_gone(**replica: object) -> Facts:
    """Return facts of a dead zone a, seen by us and by the replica."""
    told: dict[str, Any] = {"receiving": Receiving.CONNECTING, "silent_s": 2.0}
    return some_facts(a_server(A, Verdict.DOWN), a_server(B, **(told | replica)))
