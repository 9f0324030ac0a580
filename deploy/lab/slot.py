"""The place for one database in a zone, and what may be known and done about it.

Files, beside each other in the zone's directory:

    db/            home of the instance: data/, db.sock, option files
    db/data.partial    a copy under way; never started
    db/data.old.N      earlier data, moved aside, at most two of them
    db.lock        held by the living database (an inherited descriptor): who
                   can lock it has proof that the process is dead
    db.order       {epoch, inhibited, why}: the newest order; read by the
                   supervisor with db.lock in hand, before every start
    db.order.lock  serialises whoever reads and then writes db.order
    db.lay.lock    held while data is laid: one copy at a time
    db.pid         {pid, start} of the newest database process; a hint
"""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.model.ids import Epoch
from deploy.lab import procs
from deploy.lab.durable import (
    holding,
    lock_within,
    read_json,
    sync_directory,
    try_lock,
    write_durably,
)

OLD_KEPT_MAX = 2
_ORDER_LOCK_S = 0.5
_HINT_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The newest order this slot has seen; epoch None: nobody can tell any more."""

    epoch: Epoch | None
    inhibited: bool
    why: str


class StaleOrderError(Exception):
    """An order of an older epoch than the recorded one; nothing was changed."""


class UnreadableOrderError(Exception):
    """The recorded order cannot be read, so any other may be older; nothing changed."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One zone's database slot; *zone_dir* is `zones/X`."""

    zone_dir: Path

    @property
    def home(self) -> Path:
        """Return the instance's home."""
        return self.zone_dir / "db"

    @property
    def data(self) -> Path:
        """Return the complete data directory, if there is one."""
        return self.home / "data"

    @property
    def partial(self) -> Path:
        """Return the copy under way."""
        return self.home / "data.partial"

    @property
    def lock_file(self) -> Path:
        """Return the file the living database holds locked."""
        return self.zone_dir / "db.lock"

    @property
    def lay_lock_file(self) -> Path:
        """Return the file held while data is laid."""
        return self.zone_dir / "db.lay.lock"

    def order(self) -> Order:
        """Return the newest order; epoch 0 and not inhibited when there is none.

        Unreadable content counts as inhibited: starting is the risky side.
        """
        try:
            return self._recorded()
        except UnreadableOrderError as error:
            return Order(epoch=None, inhibited=True, why=str(error))

    def _recorded(self) -> Order:
        path = self.zone_dir / "db.order"
        try:
            found = read_json(path)
            if found is None:
                return Order(epoch=Epoch(0), inhibited=False, why="no order yet")
            return Order(
                epoch=Epoch(int(str(found["epoch"]))),
                inhibited=found["inhibited"] is not False,
                why=str(found["why"]),
            )
        except (OSError, ValueError, KeyError) as error:
            raise UnreadableOrderError(
                f"{path} cannot be read ({error}): no order is carried out until a"
                " person restores it with the site's newest epoch"
            ) from error

    def record(self, order: Order) -> None:
        """Make *order* the newest one, durably.

        Raises:
            StaleOrderError: a newer epoch is recorded; nothing changed.
            UnreadableOrderError: no epoch can be compared; nothing changed.
            TimeoutError: somebody holds the order lock.
            OSError: it could not be written; the old order stands.
        """
        assert order.epoch is not None, "an order has an epoch"
        with holding(self.zone_dir / "db.order.lock", _ORDER_LOCK_S):
            known = self._recorded().epoch
            assert known is not None
            if order.epoch < known:
                raise StaleOrderError(
                    f"epoch {order.epoch} is older than the recorded {known}"
                )
            body = {
                "epoch": int(order.epoch),
                "inhibited": order.inhibited,
                "why": order.why,
            }
            write_durably(self.zone_dir / "db.order", json.dumps(body) + "\n")

    def is_seeded(self) -> bool:
        """Tell whether the data directory is complete."""
        return self.data.is_dir()

    def note_process(self, process: procs.Process) -> None:
        """Write down who the database process is; a hint for a quick kill."""
        body = {"pid": process.pid, "start": process.start}
        write_durably(self.zone_dir / "db.pid", json.dumps(body) + "\n")

    def process(self) -> procs.Process | None:
        """Return the noted process, dead or alive."""
        try:
            found = read_json(self.zone_dir / "db.pid")
            if found is None:
                return None
            return procs.Process(int(str(found["pid"])), int(str(found["start"])))
        except (OSError, ValueError, KeyError):
            return None

    def is_running(self) -> bool:
        """Tell whether a database process (or one about to be) holds the lock."""
        descriptor = try_lock(self.lock_file)
        if descriptor is None:
            return True
        os.close(descriptor)
        return False

    def kill(self, bound_s: float) -> int | None:
        """SIGKILL the database; return a descriptor holding `db.lock`: the proof.

        Works without the supervisor's help. First the noted process; whoever
        holds the lock after that (a start under way) is found through its
        open files. None when it could not be proven within *bound_s*.
        """
        end = time.monotonic() + bound_s
        noted = self.process()
        if noted is not None:
            procs.send(noted, signal.SIGKILL)
        proof = lock_within(self.lock_file, min(_HINT_S, bound_s))
        while proof is None and time.monotonic() < end:
            for holder in procs.holders_of(self.lock_file):
                procs.send(holder, signal.SIGKILL)
            proof = lock_within(self.lock_file, 0.1)
        return proof

    @contextmanager
    def laying(self, bound_s: float) -> Iterator[int]:
        """Be the only one who lays data here; give the lock to every tool started.

        A tool that outlives its starter keeps the lock, so that the next try
        never meets a copy still being written.

        Raises:
            TimeoutError: another copy is under way.
        """
        lock = lock_within(self.lay_lock_file, bound_s)
        if lock is None:
            raise TimeoutError(f"another copy is under way in {self.home}")
        try:
            yield lock
        finally:
            os.close(lock)

    def move_aside(self) -> Path | None:
        """Move the data directory to `data.old.N`; return where to, durably."""
        if not self.data.exists():
            return None
        numbers = [n for n, _ in self._old()]
        aside = self.home / f"data.old.{max(numbers, default=0) + 1}"
        self.data.rename(aside)
        sync_directory(self.home)
        return aside

    def seed(self) -> Mapping[str, object] | None:
        """Return what `note_seed` wrote for the data directory in place."""
        try:
            return read_json(self.home / "seed.json")
        except (OSError, ValueError):
            return None

    def note_seed(self, body: Mapping[str, object]) -> None:
        """Write down where the data came from, after it was published."""
        write_durably(self.home / "seed.json", json.dumps(body) + "\n")

    def drop_surplus(self) -> None:
        """Keep the newest two earlier data directories; a lab must not fill a disk."""
        for _, path in sorted(self._old())[:-OLD_KEPT_MAX]:
            shutil.rmtree(path, ignore_errors=True)

    def _old(self) -> list[tuple[int, Path]]:
        found = self.home.glob("data.old.*")
        return [(int(p.suffix[1:]), p) for p in found if p.suffix[1:].isdigit()]

    def drop_partial(self) -> None:
        """Erase half a copy: it was never a database."""
        if self.partial.exists():
            shutil.rmtree(self.partial)

    def publish_partial(self) -> None:
        """Turn the finished copy into the data directory, durably."""
        assert not self.data.exists(), "earlier data must be moved aside first"
        self.partial.rename(self.data)
        sync_directory(self.home)
