"""What observers say of every service, and whether most of those expected agree. Pure.

Every observer has its own monotonic clock and no other. A vote says how old its
samples are by the clock of who took them, and which of our own words its sender had
heard: so it is no older than that word, by our clock, however long a broker or a
frozen socket kept it. What does not show that it heard us lately is stale.

A vote that is stale, unfit or missing stays an expected one: it is shown and counts for
nobody, so that whoever is cut off with a few never is the majority.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from health.detector import Reading, Verdict

SENT_MAX = 256
"""Own words remembered; at a few a second far more than any sound `stale_s`."""

BOOTS_MAX = 16


class Says(StrEnum):
    """What an observer says of one service."""

    DOWN = "down"
    UP = "up"
    UNSURE = "unsure"


def says_of(reading: Reading) -> Says:
    """Return what a verdict is worth as a vote; blindness is no voice."""
    known = {Verdict.DOWN: Says.DOWN, Verdict.OK: Says.UP}
    return known.get(reading.verdict, Says.UNSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One message of an observer: the *seq*-th of its process *boot*."""

    boot: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """All an observer says at one moment.

    fit: its own loop was in time. age_s: how old its oldest sample was when it was
    sent, by its own clock. says: by subject, as `a/database`. heard: the latest word
    of every other observer that had reached it.
    """

    observer: str
    word: Word
    fit: bool
    age_s: float
    says: Mapping[str, Says]
    heard: Mapping[str, Word]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One expected observer's vote as it counts now.

    age_s: at most so old, by our own clock; infinite: never heard. why: it does not
    count, for this reason; empty: it does.
    """

    observer: str
    age_s: float
    fit: bool
    says: Mapping[str, Says]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The count for one subject: names of observers by what they say."""

    expected: int
    down: tuple[str, ...]
    up: tuple[str, ...]
    unsure: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def majority(self) -> int:
        """Return how many are a strict majority of the expected ones."""
        return self.expected // 2 + 1

    @property
    def is_down(self) -> bool:
        """Tell whether a strict majority of the expected ones says down."""
        return len(self.down) >= self.majority

    @property
    def is_up(self) -> bool:
        """Tell whether a strict majority of the expected ones says up."""
        return len(self.up) >= self.majority

    def sentence(self) -> str:
        """Return the count for people."""
        told = {
            "down": self.down,
            "up": self.up,
            "unsure": self.unsure,
            "not counted": self.missing,
        }
        named = "; ".join(f"{k}: {', '.join(v)}" for k, v in told.items() if v)
        return (
            f"{len(self.down)} of {self.expected} observers see it down,"
            f" {self.majority} are needed ({named})"
        )


def tally(ballots: Iterable[Ballot], subject: str) -> Tally:
    """Return the count of *ballots* for *subject*; no word of it is unsure."""
    found: dict[str, list[str]] = {"missing": [], **{s.value: [] for s in Says}}
    for ballot in ballots:
        said = ballot.says.get(subject, Says.UNSURE).value
        found["missing" if ballot.why else said].append(ballot.observer)
    return Tally(
        expected=sum(map(len, found.values())),
        down=tuple(found["down"]),
        up=tuple(found["up"]),
        unsure=tuple(found["unsure"]),
        missing=tuple(found["missing"]),
    )


@dataclass(slots=True)
class _Heard:
    vote: Vote
    at_s: float


@dataclass(slots=True)
class VoteBoard:
    """The latest vote of everybody, as observer *me* of process *boot* heard them.

    expected: all observers that count, *me* among them or not. Votes of others are
    refused. stale_s: an older vote does not count. All times: our monotonic seconds.
    """

    me: str
    boot: str
    expected: Sequence[str]
    stale_s: float
    refused: int = 0
    refusal: str = ""
    _seq: int = 0
    _sent: deque[tuple[int, float]] = field(
        default_factory=lambda: deque(maxlen=SENT_MAX)
    )
    _heard: dict[str, _Heard] = field(default_factory=dict)
    _gone: dict[str, deque[str]] = field(default_factory=dict)
    _offline: set[str] = field(default_factory=set)
    _echo_s: float = -math.inf

    def word(
        self, now_s: float, says: Mapping[str, Says], *, fit: bool, age_s: float
    ) -> Vote:
        """Return our next vote; it is remembered when we said it."""
        self._seq += 1
        self._sent.append((self._seq, now_s))
        heard = {o: h.vote.word for o, h in self._heard.items()}
        word = Word(boot=self.boot, seq=self._seq)
        return Vote(
            observer=self.me, word=word, fit=fit, age_s=age_s, says=says, heard=heard
        )

    def hear(self, vote: Vote, now_s: float) -> str:
        """Keep *vote* if it is news; return why it was refused, empty: it was not.

        Twice, out of order, or of a process that was followed by another: a replay.
        """
        refusal = self._refusal(vote)
        if refusal:
            self.refuse(refusal)
            return refusal
        if vote.observer == self.me:
            self._echo_s = self._said_at_s(vote.word) or self._echo_s
            return ""
        known = self._heard.get(vote.observer)
        if known is not None and known.vote.word.boot != vote.word.boot:
            gone = self._gone.setdefault(vote.observer, deque(maxlen=BOOTS_MAX))
            gone.append(known.vote.word.boot)
        self._heard[vote.observer] = _Heard(vote, now_s)
        self._offline.discard(vote.observer)
        return ""

    def _refusal(self, vote: Vote) -> str:
        who, word = vote.observer, vote.word
        if who == self.me:
            mine = word.boot == self.boot
            return "" if mine else f"another process calls itself {who}, too"
        if who not in self.expected:
            return f"{who} is no expected observer"
        if not 0.0 <= vote.age_s < math.inf:
            return f"{who} says an age that is none"
        known = self._heard.get(who)
        if known is not None and known.vote.word.boot == word.boot:
            late = word.seq <= known.vote.word.seq
            return f"{who} said it before, or later things since" if late else ""
        old = word.boot in self._gone.get(who, ())
        return f"{who} is another process since" if old else ""

    def refuse(self, why: str) -> None:
        """Count what was no vote at all."""
        self.refused, self.refusal = self.refused + 1, why

    def present(self, observer: str, *, online: bool) -> None:
        """Note what the broker says of *observer*: a will is a word as well."""
        if online:
            self._offline.discard(observer)
        elif observer in self.expected:
            self._offline.add(observer)

    def echo_age_s(self, now_s: float) -> float:
        """Return how old the latest word of ours is that came back to us."""
        return now_s - self._echo_s

    def ballots(self, now_s: float, mine: Ballot) -> tuple[Ballot, ...]:
        """Return one ballot of every expected observer, in order; *mine* of ours."""
        return tuple(
            mine if who == self.me else self._ballot(who, now_s)
            for who in self.expected
        )

    def _ballot(self, who: str, now_s: float) -> Ballot:
        heard = self._heard.get(who)
        if heard is None:
            gone = "never heard" if who not in self._offline else "offline"
            return Ballot(observer=who, age_s=math.inf, fit=False, says={}, why=gone)
        age_s = self._age_s(heard, now_s)
        return Ballot(
            observer=who,
            age_s=age_s,
            fit=heard.vote.fit,
            says=heard.vote.says,
            why=self._objection(heard.vote, age_s),
        )

    def _age_s(self, heard: _Heard, now_s: float) -> float:
        """Return the age that is surely not exceeded: since what it had heard of us."""
        word = heard.vote.heard.get(self.me)
        asked_s = self._said_at_s(word) if word is not None else None
        if asked_s is None:
            return math.inf
        return max(now_s - asked_s, now_s - heard.at_s + heard.vote.age_s)

    def _said_at_s(self, word: Word) -> float | None:
        if word.boot != self.boot:
            return None
        return next((at_s for seq, at_s in self._sent if seq == word.seq), None)

    def _objection(self, vote: Vote, age_s: float) -> str:
        if vote.observer in self._offline:
            return "offline"
        if math.isinf(age_s):
            return "does not hear us: its age is unknown"
        if age_s > self.stale_s:
            return f"stale: {age_s:.1f} s old"
        return "" if vote.fit else "unfit: its own loop stands still"


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """Every expected observer's ballot now.

    reachable: the broker brings our own words back to us. why: it does not.
    refused: votes that were not taken; refusal: the last reason.
    """

    ballots: tuple[Ballot, ...]
    reachable: bool
    why: str = ""
    refused: int = 0
    refusal: str = ""
