"""What clients saw, added up: gaps and shares."""

import pytest

from controller.cli.demo_measure import availability, pauses_s
from deploy.lab.traffic import Fate, Read, Write, judge_write


def _gap_s(acks_s: list[float], fault_s: float, ended_s: float) -> float:
    return pauses_s(acks_s, fault_s, ended_s)[0]


def test_gap_begins_before_the_fault_and_ends_after_it() -> None:
    assert _gap_s([0.8, 0.9, 2.4, 2.5], fault_s=1.0, ended_s=2.6) == 1.5


def test_a_straggler_does_not_make_the_gap_look_short() -> None:
    """An answer that was under way while the zone died is not recovery."""
    gap_s = _gap_s([0.9, 1.01, 2.4], fault_s=1.0, ended_s=2.5)
    assert gap_s == pytest.approx(1.39)


def test_a_gap_that_never_closes_lasts_to_the_end() -> None:
    assert _gap_s([0.5], fault_s=1.0, ended_s=9.5) == 9.0


def test_no_acknowledgement_at_all() -> None:
    assert _gap_s([], fault_s=1.0, ended_s=4.0) == 3.0


def test_without_an_outage_the_gap_is_the_rhythm_of_the_clients() -> None:
    acks_s = [n / 10 for n in range(50)]
    assert _gap_s(acks_s, fault_s=2.0, ended_s=4.95) == pytest.approx(0.1)


def test_a_later_pause_is_told_apart() -> None:
    acks_s = [0.9, 1.8, 1.9, 4.0, 4.1]
    gap_s, later_s = pauses_s(acks_s, 1.0, 4.2)
    assert gap_s == pytest.approx(0.9)
    assert later_s == pytest.approx(2.1)


def _read(at_s: float, *, ok: bool = True) -> Read:
    return Read(edge="e", sent_s=at_s, done_s=at_s, ok=ok)


def _ack(at_s: float) -> Write:
    return Write(id="i", edge="e", sent_s=at_s, done_s=at_s, fate=Fate.ACKED)


def test_availability_needs_reads_and_writes() -> None:
    reads = [_read(10 + n / 10 + 0.05) for n in range(10)]
    acks = [_ack(10 + n / 10 + 0.05) for n in range(5)]
    assert availability(reads, acks, 10.0, 11.0) == 0.5


def test_one_failed_read_spoils_its_slot() -> None:
    reads = [_read(0.05), _read(0.06, ok=False), _read(0.15)]
    acks = [_ack(0.05), _ack(0.15)]
    assert availability(reads, acks, 0.0, 0.2) == 0.5


def test_the_incomplete_last_slot_is_left_out() -> None:
    assert availability([_read(0.05)], [_ack(0.05)], 0.0, 0.15) == 1.0
    assert availability([], [], 0.0, 0.05) == 0.0


@pytest.mark.parametrize(
    ("status", "outcome", "fate"),
    [
        (200, "", Fate.ACKED),
        (503, "not-sent", Fate.FAILED),
        (425, "not-sent", Fate.FAILED),
        (503, "unknown", Fate.UNKNOWN),
        (504, "unknown", Fate.UNKNOWN),
        (502, "", Fate.UNKNOWN),
        (503, "", Fate.UNKNOWN),
        (500, "", Fate.UNKNOWN),
        (409, "", Fate.UNKNOWN),
    ],
)
def test_only_the_edge_can_make_a_failure_certain(
    status: int, outcome: str, fate: Fate
) -> None:
    assert judge_write(status, outcome) is fate
