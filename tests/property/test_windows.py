"""Whatever is done to the wall clock: no window is longer than was asked for."""

from hypothesis import given
from hypothesis import strategies as st

from controller.decide.declared import left_s
from controller.decide.ledger import Ledger, apply
from controller.incident.record import Record, RecordKind
from controller.model.ids import Epoch, IncidentId

FOR_S = 7200.0
BEGAN_S = 1000.0
SAID = {"act": "start", "zone": "a", "owner": "ann", "reason": "r", "for_s": FOR_S}

MOMENTS = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=5000),  # seconds that truly pass
        st.floats(min_value=-1e6, max_value=1e6),  # by so much the wall clock is set
        st.booleans(),  # and the daemon is started again
    ),
    max_size=12,
)


def a_record(kind: RecordKind, mono_s: float, wall_s: float, **body: object) -> Record:
    return Record(
        seq=1,
        at_wall_s=wall_s,
        at_mono_s=mono_s,
        incident=IncidentId(""),
        epoch=Epoch(0),
        kind=kind,
        body=body,
    )


@given(MOMENTS)
def test_no_clock_and_no_restart_makes_a_window_longer(
    moments: list[tuple[float, float, bool]],
) -> None:
    """While the machine runs; what is left only ever becomes less than asked for."""
    wall_s = mono_s = BEGAN_S
    ledger = apply(Ledger(), a_record(RecordKind.MAINTENANCE, mono_s, wall_s, **SAID))
    for passes_s, set_by_s, restarts in moments:
        mono_s += passes_s
        wall_s += passes_s + set_by_s
        if restarts:
            started = a_record(RecordKind.DAEMON_STARTED, mono_s, wall_s, mode="auto")
            ledger = apply(ledger, started)
        (window,) = ledger.windows
        truly_left_s = max(FOR_S - (mono_s - BEGAN_S), 0.0)
        assert left_s(window, mono_s, wall_s) <= truly_left_s + 1e-6


@given(MOMENTS)
def test_without_a_jump_it_lasts_as_long_as_asked_for(
    moments: list[tuple[float, float, bool]],
) -> None:
    """A restart of the daemon makes it no shorter either."""
    now_s = BEGAN_S
    ledger = apply(Ledger(), a_record(RecordKind.MAINTENANCE, now_s, now_s, **SAID))
    for passes_s, _, restarts in moments:
        now_s += passes_s
        if restarts:
            started = a_record(RecordKind.DAEMON_STARTED, now_s, now_s, mode="auto")
            ledger = apply(ledger, started)
        (window,) = ledger.windows
        truly_left_s = max(FOR_S - (now_s - BEGAN_S), 0.0)
        assert abs(left_s(window, now_s, now_s) - truly_left_s) < 1e-6
