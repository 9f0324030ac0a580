"""Recordings: what is written is read again, and what is none is refused by line."""

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from controller.act import recorder
from controller.act.recorder import FileRecorder, recording, unrecorded
from controller.cli.detect import detect
from controller.model.errors import ControllerError
from controller.model.ids import ZoneId
from health.elevated import RatePolicy
from health.recording import Answer, Began, Line, RecordingError, Traffic, read, text_of
from health.replay import Change, Replay, Tuning, TuningError

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
BEGAN = Began(
    at_s=100.0,
    wall_s=1_795_000_000.0,
    site="cms",
    zones=(A, B, C),
    interval_s=0.1,
    rounds_down=3,
    rounds_clear=2,
    stale_s=4.0,
)

BEGAN_AGAIN = replace(BEGAN, at_s=5.0, wall_s=1_795_000_900.0)


def answer(at_s: float, phase: str = "", reason: str = "answers") -> Answer:
    return Answer(at_s=at_s, zone=A, service="origin", phase=phase, reason=reason)


def traffic(at_s: float, zone: ZoneId, good: int, bad: int = 0) -> Traffic:
    return Traffic(at_s=at_s, zone=zone, edge="edge-1", good=good, bad=bad)


def text(*lines: Line) -> list[str]:
    return [text_of(line) + "\n" for line in lines]


def changes(lines: Sequence[Line], **named: int) -> list[Change]:
    tuning = Tuning(rounds_down=named.get("rounds_down"))
    return list(Replay(tuning).run(read(text(*lines))))


def test_what_is_written_is_read_again() -> None:
    lines: list[Line] = [
        BEGAN,
        answer(100.1, "connect", 'refused "x"'),
        traffic(100.2, B, 3, 1),
    ]
    assert list(read(text(*lines))) == lines


def test_a_recording_of_before_there_were_pages_is_read() -> None:
    tree = json.loads(text_of(BEGAN))
    for name in ("pages_every_s", "pages_slow_s"):
        del tree[name]
    assert list(read([json.dumps(tree) + "\n"])) == [BEGAN]


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        (text(answer(1.0)), "line 1: a recording starts with"),
        ([*text(BEGAN), "{}\n"], "line 2"),
        ([*text(BEGAN), "no JSON\n", *text(answer(101.0))], "line 2"),
        ([*text(BEGAN, answer(102.0), answer(101.0))], "line 3: 101.0 is before"),
        ([*text(BEGAN), '{"kind":"answer","at_s":-1}\n'], "line 2"),
        ([*text(BEGAN), text_of(traffic(101.0, ZoneId("q"), 1)) + "\n"], "q is none"),
        ([*text(BEGAN), text_of(answer(101.0)).replace("101.0", "NaN") + "\n"], "line 2"),
        ([*text(BEGAN), '{"kind":"ans', *text(answer(101.0))], "line 2"),
    ],
)  # fmt: skip
def test_what_is_no_recording_is_refused_by_its_line(
    lines: list[str], word: str
) -> None:
    with pytest.raises(RecordingError, match=word):
        list(read(lines))


def test_a_last_line_that_was_cut_off_is_left_out() -> None:
    """The daemon was killed while it wrote."""
    lines = [*text(BEGAN, answer(100.1)), text_of(answer(100.2))[:-9]]
    assert list(read(lines)) == [BEGAN, answer(100.1)]


def test_a_row_of_failures_is_told_with_its_length() -> None:
    """Down at the third, as recorded; at the second, as asked; and clear likewise."""
    seen: list[Line] = [BEGAN, answer(100.0)]
    seen += [answer(100.1 + k / 10, "connect", "refused") for k in range(3)]
    seen += [answer(100.5), answer(100.6)]
    found = [(round(c.at_s, 1), c.verdict) for c in changes(seen)]
    began = [(100.0, "ok"), (100.1, "undecided")]
    assert found == [*began, (100.3, "down"), (100.6, "ok")]
    sooner = changes(seen, rounds_down=2)
    assert [round(c.at_s, 1) for c in sooner] == [100.0, 100.1, 100.2, 100.6]
    assert sooner[2].why == "2 in a row: refused"
    assert sooner[2].wall_s == pytest.approx(1_795_000_000.2)


def test_silence_becomes_no_knowledge_when_it_did() -> None:
    """Not when the next line comes, an hour later."""
    seen: list[Line] = [BEGAN, answer(100.0), answer(3700.0)]
    told = changes(seen)
    found = [(round(c.at_s, 1), c.verdict) for c in told]
    assert found == [(100.0, "ok"), (104.1, "undecided"), (3700.0, "ok")]
    assert told[1].why == "no answer for 4.1 s"


def test_an_elevated_zone_is_told_with_both_windows() -> None:
    """D4: 30 % in one zone, under 1 % elsewhere."""
    seen: list[Line] = [BEGAN]
    for k in range(150):
        at_s = 100.0 + k / 10
        seen += [traffic(at_s, A, 7, 3), traffic(at_s, B, 10), traffic(at_s, C, 10)]
    found = [c for c in changes(seen) if c.subject == "rates of zone a"]
    assert found[-1].verdict == "elevated"
    assert found[-1].at_s < 101.5
    assert "of all failures" in found[-1].why
    assert " | " in found[-1].why


def test_the_same_beginning_again_is_the_next_file_of_one_run() -> None:
    """Counts go on; another beginning starts anew."""
    one: list[Line] = [BEGAN, answer(100.0), answer(100.1, "connect", "refused")]
    two: list[Line] = [
        answer(100.2, "connect", "refused"),
        answer(100.3, "connect", "refused"),
    ]
    assert changes([*one, BEGAN, *two])[-1].verdict == "down"
    other = replace(BEGAN, at_s=100.15)
    assert changes([*one, other, *two])[-1].verdict != "down"


def test_the_recorder_writes_what_the_reader_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over several files, each of which can be read alone; nobody else may read them."""
    monkeypatch.setattr(recorder, "FILE_BYTES_MAX", 2000)
    file = tmp_path / "seen.jsonl"
    with recording(file) as record:
        record(BEGAN)
        for k in range(60):
            record(answer(100.0 + k))
    files = sorted(tmp_path.iterdir())
    assert len(files) > 2
    for each in files:
        assert each.stat().st_mode & 0o077 == 0
        assert each.stat().st_size < 2600
        first, *rest = read(each.read_text("utf-8").splitlines(keepends=True))
        assert first == BEGAN
        assert rest


class StandingStill:
    """A disk that holds every write until it is told to go on."""

    def __init__(self, kept: FileRecorder) -> None:
        self.goes_on, self.reached = threading.Event(), threading.Event()
        assert kept._file.stream is not None
        self._stream = kept._file.stream

    def write(self, text: str) -> None:
        self.reached.set()
        self.goes_on.wait(30)
        self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.mark.parametrize("for_ever", [False, True])
def test_a_disk_that_stands_still_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, for_ever: bool
) -> None:
    """What does not fit into the queue is dropped and counted; the end is bounded."""
    monkeypatch.setattr(recorder, "WAITING_MAX", 5)
    monkeypatch.setattr(recorder, "CLOSE_S", 0.2)
    file = tmp_path / "seen.jsonl"
    kept = FileRecorder(file)
    disk = StandingStill(kept)
    monkeypatch.setattr(kept._file, "stream", disk)
    kept(BEGAN)
    assert disk.reached.wait(5)  # and the thread hangs in it
    for k in range(12):
        kept(answer(100.0 + k))
    assert kept.dropped == 7
    if not for_ever:
        disk.goes_on.set()
    kept.close()
    kept.close()
    disk.goes_on.set()
    kept._writing.join(1)
    assert len(file.read_text("utf-8").splitlines()) == 6


def test_a_reason_that_is_no_text_ends_nothing(tmp_path: Path) -> None:
    file = tmp_path / "seen.jsonl"
    with recording(file) as record:
        record(BEGAN)
        record(answer(100.0, "body", "half a \ud800"))
        record(answer(100.1))
    assert len(list(read(file.read_text("utf-8").splitlines(keepends=True)))) == 2


def test_a_line_torn_by_a_crash_spoils_no_other(tmp_path: Path) -> None:
    """The next start ends it, and the reader passes over it."""
    file = tmp_path / "seen.jsonl"
    torn = text_of(answer(100.2))[:-9]
    file.write_text("".join(text(BEGAN, answer(100.1))) + torn, "utf-8")
    with recording(file) as record:
        record(BEGAN_AGAIN)
        record(answer(7.0))
    lines = file.read_text("utf-8").splitlines(keepends=True)
    assert lines[2] == torn + "\n"
    assert list(read(lines)) == [BEGAN, answer(100.1), BEGAN_AGAIN, answer(7.0)]
    with pytest.raises(RecordingError, match="line 1"):
        list(read([torn]))
    with pytest.raises(RecordingError, match="line 2"):
        list(read([*text(BEGAN), "no JSON\n"]))


def test_files_are_judged_the_oldest_first(tmp_path: Path) -> None:
    """In whatever order they are named; within one file time goes on."""
    new, old = tmp_path / "seen.jsonl", tmp_path / "seen.jsonl.1"
    refused = [answer(100.0 + k / 10, "connect", "refused") for k in range(4)]
    old.write_text("".join(text(BEGAN, *refused[:2])), "utf-8")
    new.write_text("".join(text(BEGAN, *refused[2:])), "utf-8")
    named = ("--replay", str(new), "--replay", str(old), "--json")
    told = CliRunner().invoke(detect, named)
    assert told.exit_code == 0, told.output
    assert [json.loads(x)["verdict"] for x in told.output.splitlines()] == [
        "undecided",
        "down",
    ]
    with pytest.raises(RecordingError, match="the oldest file first"):
        list(read(text(BEGAN, *refused[2:], BEGAN, *refused[:2])))


def test_a_place_that_cannot_be_written_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ControllerError, match="--record"):
        FileRecorder(tmp_path / "nowhere" / "seen.jsonl")
    with recording(None) as record:
        assert record is unrecorded


def test_rates_are_judged_by_the_recorded_thresholds_or_by_named_ones() -> None:
    """An older file says nothing of them: then by what every daemon had."""
    recorded = replace(BEGAN, rates=RatePolicy(answers_min=50, short_s=1.0))
    seen = [
        traffic(101 + k / 10, zone, 3 * (zone != A), 3 * (zone == A))
        for k in range(120)
        for zone in (A, B)
    ]

    def says(began: Began, **named: float) -> list[str]:
        lines = read(text(began, *seen))
        return [c.verdict for c in Replay(Tuning(rates=named)).run(lines)]

    assert "elevated" in says(BEGAN)
    assert says(recorded) == []  # 30 answers a second and no more
    assert "elevated" in says(recorded, answers_min=20)
    bare = json.loads(text_of(BEGAN))
    assert bare.pop("rates")["short_s"] == 2.0
    assert list(read([json.dumps(bare) + "\n"])) == [BEGAN]
    with pytest.raises(TuningError, match="long_s"):
        says(recorded, short_s=60.0)


def test_people_and_programs_read_the_verdicts(tmp_path: Path) -> None:
    """The command, both ways; a bad file and a bad threshold are said."""
    file = tmp_path / "seen.jsonl"
    seen: list[Line] = [
        BEGAN,
        *(answer(100 + k / 10, "connect", "refused") for k in range(5)),
    ]
    file.write_text("".join(text(*seen)), "utf-8")
    told = CliRunner().invoke(detect, ["--replay", str(file)])
    assert told.exit_code == 0, told.output
    assert "2026-11-18 11:06:40.2  origin of zone a" in told.output
    assert "down           3 in a row: refused" in told.output
    as_json = CliRunner().invoke(detect, ["--replay", str(file), "--json"])
    rows = [json.loads(line) for line in as_json.output.splitlines()]
    assert [row["verdict"] for row in rows] == ["undecided", "down"]
    refused = CliRunner().invoke(detect, ["--replay", str(file), "--share-min", "0.4"])
    assert refused.exit_code == 2
    assert "share_min" in refused.output
    file.write_text("nothing\n", "utf-8")
    bad = CliRunner().invoke(detect, ["--replay", str(file)])
    assert bad.exit_code == 1
    assert "line 1" in bad.output
