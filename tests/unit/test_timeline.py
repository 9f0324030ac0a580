"""Journal records as something people read, and the durations in them."""

from collections.abc import Mapping

from controller.incident.record import Record, RecordKind
from controller.model.ids import Epoch, IncidentId
from controller.sla.timeline import step_seconds, timeline, unprotected_spans


def a_record(at_s: float, kind: RecordKind, body: Mapping[str, object]) -> Record:
    return Record(
        seq=1,
        at_wall_s=at_s,
        at_mono_s=at_s,
        incident=IncidentId("i1"),
        epoch=Epoch(2),
        kind=kind,
        body=body,
    )


def intent(at_s: float, step: str) -> Record:
    body = {"step": step, "attempt": 1, "why": "because."}
    return a_record(at_s, RecordKind.INTENT, body)


def done(at_s: float, step: str, **evidence: str) -> Record:
    body = {"step": step, "outcome": "done", "evidence": evidence}
    return a_record(at_s, RecordKind.OUTCOME, body)


def test_times_count_from_the_first_record() -> None:
    """And every line says step and answer."""
    lines = timeline([intent(100.0, "fence"), done(100.5, "fence", proof="process")])
    assert [line.at_s for line in lines] == [0.0, 0.5]
    assert lines[0].text == "fence (attempt 1): because."
    assert lines[1].text == "fence done proof=process"
    assert timeline([]) == []


def test_a_drift_reads_as_a_sentence_and_so_does_its_end() -> None:
    body = {"edge": "pop1", "seen": "s1 has no route", "wanted": "reads b"}
    began, over = (
        a_record(1.0, RecordKind.DRIFT, {**body, "drifted": drifted})
        for drifted in (True, False)
    )
    texts = [line.text for line in timeline([began, over])]
    assert texts[0] == "edge pop1: s1 has no route; wanted reads b"
    assert "on its route again" in texts[1]


def test_a_step_lasts_from_its_first_intent_to_its_last_answer() -> None:
    """Repeated attempts are one step."""
    records = [intent(1.0, "open"), done(1.5, "open"), intent(2.0, "open")]
    assert step_seconds([*records, done(3.0, "open")], "i1") == {"open": 2.0}
    assert step_seconds(records, "i2") == {}


def test_unprotected_lasts_from_the_intent_to_an_earned_proof() -> None:
    """A protect without an acker ends nothing; an open end stays open."""
    begun = [intent(5.0, "open"), done(6.0, "protect")]
    assert unprotected_spans(begun) == [(5.0, None)]
    ended = [*begun, done(7.0, "protect", acker_boot_id="b1"), intent(9.0, "degrade")]
    assert unprotected_spans(ended) == [(5.0, 7.0), (9.0, None)]


def test_a_primary_opened_again_in_place_was_never_unprotected() -> None:
    """EARN came before OPEN; opened by hand it is, until something is earned."""
    begun = a_record(1.0, RecordKind.STARTED, {"plan": {"kind": "reopen"}})
    earned = done(2.0, "earn", acker="b", acker_boot_id="b1")
    assert unprotected_spans([begun, earned, intent(3.0, "open")]) == []
    body = {"server": "db-a", "boot_id": "a2", "writable": True, "waits": False}
    by_hand = a_record(4.0, RecordKind.SERVING, body)
    assert unprotected_spans([by_hand]) == [(4.0, None)]
    assert unprotected_spans([by_hand, done(5.0, "earn", acker_boot_id="b1")]) == [
        (4.0, 5.0)
    ]
    assert timeline([by_hand])[0].text == "db-a takes writes, process a2"
