"""Whatever becomes of a log's bytes, an old primary is not called clean by it."""

from hypothesis import given
from hypothesis import strategies as st

from replication.binlog.survey import History, Likeness
from tests.unit.test_binlog import EXTRA, NEWEST, data, successor, surveyed

LOGS = {engine: data(engine, NEWEST) for engine in EXTRA}


@given(st.sampled_from(sorted(EXTRA)), st.data())
def test_a_changed_byte_never_makes_it_clean(engine: str, draw: st.DataObject) -> None:
    log = bytearray(LOGS[engine])
    at = draw.draw(st.integers(0, len(log) - 1))
    log[at] ^= draw.draw(st.integers(1, 255))
    found = surveyed(engine, History(state=successor(engine)), bytes(log))
    assert found.likeness is not Likeness.CLEAN
    # What it says of lost writes is all of them, or nothing.
    assert found.likeness is Likeness.UNKNOWN or tuple(found.extra) == EXTRA[engine]


@given(st.sampled_from(sorted(EXTRA)), st.data())
def test_chunks_change_nothing(engine: str, draw: st.DataObject) -> None:
    """Also when the file ends anywhere."""
    log = LOGS[engine][: draw.draw(st.integers(0, len(LOGS[engine])))]
    step = draw.draw(st.integers(1, 500))
    history = History(state=successor(engine))
    assert surveyed(engine, history, log, step=step) == surveyed(engine, history, log)
