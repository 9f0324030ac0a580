"""What people read of a window afterwards: marked only when it was said before."""

import pytest

from controller.act.notify import line_for
from controller.decide.ledger import Ledger
from controller.incident.record import Record, RecordKind
from controller.model.ids import Epoch, IncidentId
from controller.sla.maintenance import lasting
from controller.sla.timeline import timeline

SAID = {"act": "start", "zone": "a", "owner": "ann", "reason": "racks", "for_s": 60.0}


def at(wall_s: float, kind: RecordKind, **body: object) -> Record:
    return Record(
        seq=1,
        at_wall_s=wall_s,
        at_mono_s=wall_s,
        incident=IncidentId(""),
        epoch=Epoch(0),
        kind=kind,
        body=body,
    )


def down(wall_s: float, zone: str = "a") -> Record:
    said = {"subject": f"origin {zone}", "verdict": "down", "reason": "refused"}
    return at(wall_s, RecordKind.VERDICT, **said)


def started(wall_s: float) -> Record:
    lost, target = ({"server": f"db-{z}", "zone": z} for z in "ab")
    plan = {"kind": "failover", "epoch": 2, "why": "lost", "lost": lost}
    return at(
        wall_s, RecordKind.STARTED, plan={**plan, "target": target}, step="confirm"
    )


def declared(*records: Record) -> list[bool]:
    return ["declared before: ann: racks" in line.text for line in timeline(records)]


def window(wall_s: float, **changes: object) -> Record:
    return at(wall_s, RecordKind.MAINTENANCE, **{**SAID, **changes})


def test_trouble_within_a_window_is_marked() -> None:
    assert declared(window(1), down(5), started(6)) == [False, True, True]


def test_of_the_site_it_is_about_every_zone() -> None:
    assert declared(window(1, zone=""), down(5, "c")) == [False, True]


@pytest.mark.parametrize(
    "records",
    [
        (down(5), window(6)),  # afterwards it explains nothing away
        (window(1), down(90)),  # it was over
        (window(1), window(2, act="end"), down(5)),
        (window(1), down(5, "b")),
    ],
)
def test_other_trouble_is_not(records: tuple[Record, ...]) -> None:
    assert not any(declared(*records))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "MAINTENANCE: zone a for 1 min (ann: racks)"),
        (
            {"zone": "", "for_s": 9000.0},
            "MAINTENANCE: the site for 2 h 30 min (ann: racks)",
        ),
        ({"act": "end"}, "MAINTENANCE: zone a ended by hand (ann: racks)"),
        ({"act": "expire"}, "MAINTENANCE: zone a is over (ann: racks)"),
    ],
)
def test_people_are_told(changes: dict[str, object], told: str) -> None:
    assert line_for(window(1, **changes), Ledger()) == told


def test_no_time_at_all_is_said_too() -> None:
    assert lasting(0.2) == "0 s"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"act": "begin", "why": "down and back 3 times within 600 s", "times": 1},
            (
                "FLAPPING: zone a down and back 3 times within 600 s: no successor until"
                " calm for 900 s"
            ),
        ),
        (
            {"act": "begin", "why": "left by a failover 2 times", "times": 2},
            (
                "FLAPPING: zone a left by a failover 2 times: no successor until calm for"
                " 900 s, the 2. time in a row"
            ),
        ),
        ({"act": "over"}, "FLAPPING: zone a is calm again, and may be moved to"),
    ],
)
def test_people_are_told_of_a_zone_that_comes_and_goes(
    changes: dict[str, object], told: str
) -> None:
    record = at(1, RecordKind.QUARANTINE, zone="a", span_s=900.0, **changes)
    assert line_for(record, Ledger()) == told
