"""A dead server's files against a living server's history, for each engine; pure.

MySQL names every transaction, so membership is exact. MariaDB names the last of
each domain: two servers at one number with different server ids have diverged, and
with `gtid_strict_mode` off they may have done so silently. So there: membership is
by domain *and* server id; within a domain a transaction both have proves all before
it, which holds only while numbers never fall, and that is looked at.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from replication.binlog.events import BrokenLogError, Splitter
from replication.binlog.survey import Comparison, History, Scan, Survey, concluded
from replication.binlog.transactions import Gtid, Reader
from replication.gtid import GtidError, GtidPosition, GtidSet


@dataclass(slots=True)
class _File:
    scan: Scan
    splitter: Splitter = field(default_factory=Splitter)
    reader: Reader = field(default_factory=Reader)


class _BinlogSurvey(Survey):
    """Feeds files through the readers; an engine says what is common."""

    def __init__(self) -> None:
        self._scans: list[Scan] = []
        self._reached = False
        self._file: _File | None = None

    @override
    def begin(self, name: str) -> None:
        self._file = _File(Scan(name))
        self._scans.append(self._file.scan)

    @override
    def feed(self, chunk: bytes) -> None:
        file = self._file
        assert file is not None
        if file.scan.problem:
            return
        try:
            for event in file.splitter.feed(chunk):
                headed = file.reader.headed
                for gtid in file.reader.take(event):
                    self._note(file, gtid)
                if file.reader.headed and not headed:
                    self._head(file)
        except BrokenLogError as broken:
            file.scan.problem = str(broken)

    @override
    def end(self) -> bool:
        file, self._file = self._file, None
        assert file is not None
        if not file.scan.problem and not file.splitter.begun:
            file.scan.problem = "it is empty"
        if not file.scan.problem and not file.reader.headed:
            file.scan.problem = "it does not say what came before it"
        left = file.splitter.left and not file.splitter.breaks_off
        if not file.scan.problem and left:
            file.scan.problem = "an event in it has a wrong size"
        file.scan.torn = bool(file.splitter.left) or file.reader.current is not None
        self._reached = not file.scan.problem and self._all_common(file)
        return self._reached or bool(file.scan.problem)

    @override
    def result(self) -> Comparison:
        return concluded(self._scans, reached=self._reached)

    def _head(self, file: _File) -> None:
        """Take note of the state the file begins at."""

    @abstractmethod
    def _note(self, file: _File, gtid: Gtid) -> None:
        """Take note of a transaction of *file*, in the order of the log."""

    @abstractmethod
    def _all_common(self, file: _File) -> bool:
        """Tell whether everything before *file* is in the successor."""


class MySqlSurvey(_BinlogSurvey):
    """By exact sets."""

    def __init__(self, history: History, laid: str = "") -> None:
        """Compare with *history*; raises `GtidError` when it is no MySQL set."""
        super().__init__()
        del laid  # what came with a copy is in the set every file begins with
        self._theirs = GtidSet.parse(history.state)

    @override
    def _note(self, file: _File, gtid: Gtid) -> None:
        for first, last in self._theirs.runs.get(gtid.origin, ()):
            if first <= gtid.number <= last:
                return
        file.scan.lacking.append(gtid.text)

    @override
    def _all_common(self, file: _File) -> bool:
        return self._theirs.covers(file.reader.sets)


class MariaDbSurvey(_BinlogSurvey):
    """By domain and server id, along the order of the log.

    The state a file begins with is what was *logged* before it, not what the server
    had. Read on MariaDB: the first file of a server laid by mariadb-backup, and of one
    filled row by row, begins with an empty list, like that of one made from nothing;
    its first transaction is the one after the copy's position, or number 1. So an
    empty or partial list proves nothing of the domains that are not in it.
    """

    def __init__(self, history: History, laid: str = "") -> None:
        """Compare with *history*; raises `GtidError` when it cannot be read.

        laid: the position the dead server's data was copied at; empty: not on record.
        """
        super().__init__()
        self._laid = GtidPosition.parse(laid)
        self._strict = history.strict
        self._state = _state(history.logged or history.state)
        self._position = GtidPosition.parse(history.position)
        # With all it had on record, what is in neither is surely not there.
        self._copied = GtidPosition.parse("" if history.had else history.laid)
        self._last: dict[int, int] = {}
        self._common: set[int] = set()  # domains a newer file has in common
        self._seen: set[int] = set()  # the same, of the file being read
        self._born: set[int] = set()  # domains with nothing before that file

    @override
    def begin(self, name: str) -> None:
        super().begin(name)
        self._last = {}
        self._born = set()
        assert self._file is not None
        if not self._strict:
            self._file.scan.problem = (
                "the successor runs without gtid_strict_mode: its positions prove"
                " nothing"
            )

    @override
    def _head(self, file: _File) -> None:
        for (domain, _), number in file.reader.states.items():
            if number == self._last.get(domain):
                raise BrokenLogError(
                    f"two servers are at number {number} of domain {domain}:"
                    " a split history"
                )
            self._last[domain] = max(number, self._last.get(domain, 0))

    @override
    def _note(self, file: _File, gtid: Gtid) -> None:
        domain = int(gtid.origin.partition("-")[0])
        if gtid.number <= self._last.get(domain, 0):
            raise BrokenLogError(
                f"{gtid.text} comes after number {self._last[domain]} of its domain:"
                " it was written without gtid_strict_mode"
            )
        if gtid.number == 1:
            self._born.add(domain)
        self._last[domain] = gtid.number
        if domain in self._common:
            return
        if self._holds(gtid.origin, gtid.number):
            # Whoever has this one has all before it in the domain.
            self._seen.add(domain)
            file.scan.lacking = [
                text for text in file.scan.lacking if not text.startswith(f"{domain}-")
            ]
        else:
            file.scan.lacking.append(gtid.text)

    @override
    def end(self) -> bool:
        assert self._file is not None
        scan = self._file.scan
        if not scan.problem and (came := self._with_the_copy(scan.lacking)):
            scan.problem = (
                f"the successor's own data is a copy of beyond {came}, and what came"
                " with it is in no log of the successor's"
            )
        over = super().end()
        self._common |= self._seen
        self._seen = set()
        return over

    @override
    def _all_common(self, file: _File) -> bool:
        newest: dict[int, tuple[int, int]] = {}
        for (domain, server), number in file.reader.states.items():
            newest[domain] = max(newest.get(domain, (0, 0)), (number, server))
        listed = all(
            domain in self._common | self._seen
            or self._holds(f"{domain}-{server}", number)
            for domain, (number, server) in newest.items()
        )
        return listed and self._unlisted_common({*newest})

    def _unlisted_common(self, listed: set[int]) -> bool:
        """Tell whether what came with the copy, and is in no log, is common too.

        By the log: whoever has a later one of the domain has all before it, and
        before number 1 there is nothing. Else by the position on record; without one
        it may have had anything of any domain the successor knows.
        """
        proven = listed | self._common | self._seen | self._born
        if self._laid.last:
            return all(
                domain in proven or self._holds(f"{domain}-{server}", number)
                for domain, (server, number) in self._laid.last.items()
            )
        known = {int(origin.partition("-")[0]) for origin in self._state}
        return bool(proven) and proven >= known | {*self._position.last}

    def _with_the_copy(self, lacking: Sequence[str]) -> str:
        """Return one of *lacking* that the successor may have from its copy."""
        for text in lacking:
            gtid = GtidPosition.parse(text).last
            for domain, (_, number) in gtid.items():
                if number <= self._copied.last.get(domain, (0, 0))[1]:
                    return text
        return ""

    def _holds(self, origin: str, number: int) -> bool:
        if number <= self._state.get(origin, 0):
            return True
        domain, _, server = origin.partition("-")
        laid = self._position.last.get(int(domain))
        return laid is not None and laid[0] == int(server) and number <= laid[1]


def merged(*states: str) -> str:
    """Return `gtid_binlog_state` texts as one: the last number of every origin."""
    found = _state(",".join(filter(None, states)))
    return ",".join(f"{origin}-{number}" for origin, number in sorted(found.items()))


def _state(text: str) -> Mapping[str, int]:
    """Return `gtid_binlog_state` as `domain-server` → last number."""
    found: dict[str, int] = {}
    for chunk in filter(None, "".join(text.split()).split(",")):
        ((domain, (server, number)),) = GtidPosition.parse(chunk).last.items()
        origin = f"{domain}-{server}"
        found[origin] = max(number, found.get(origin, 0))
    return found


SURVEYS: Mapping[str, Callable[[History, str], Survey]] = {
    "mariadb": MariaDbSurvey,
    "mysql": MySqlSurvey,
}

__all__ = ["SURVEYS", "GtidError", "MariaDbSurvey", "MySqlSurvey"]
