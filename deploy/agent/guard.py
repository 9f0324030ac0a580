"""The guard: ends the database when the agent that should have done so does not.

A process of its own, started by the agent and outliving it. It reads the lease
the agent writes and nothing else; an agent that is dead or frozen renews nothing,
so the lease runs out and the guard kills, by the agent's own hand. It gives the
agent `SLACK_S` to do it in order first. One guard a zone: it holds `guard.lock`.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from controller.model.outcomes import Done
from deploy.agent.hands import hand_of
from deploy.agent.memo import FileStore, Lease
from deploy.agent.ports import SLACK_S, ProcessHand
from deploy.lab.durable import lock_within, try_lock

_LOOK_S = 0.05
_AGAIN_S = 1.0
_LOCK_S = 1.0
_START_AGAIN_S = 2.0


def kernel_id() -> str:
    """Return the boot id of this machine."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip()


def must_end(lease: Lease | None, now_s: float, kernel: str) -> bool:
    """Tell whether the agent is late with what it had to do."""
    return lease is not None and lease.is_overdue(now_s - SLACK_S, kernel)


def boottime_s() -> float:
    """Return CLOCK_BOOTTIME: it goes on while the machine is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


async def guard_for_ever(directory: Path, hand: ProcessHand) -> int:
    """Watch the lease in *directory*; 3: another guard does already."""
    lock = await asyncio.to_thread(lock_within, directory / "guard.lock", _LOCK_S)
    if lock is None:
        return 3
    store, kernel = FileStore(directory), kernel_id()
    try:
        while True:
            if must_end(store.lease(), boottime_s(), kernel):
                ended = await hand.kill(None, "guard: nothing was renewed in time")
                sys.stderr.write(f"guard: overdue: {ended}\n")
                await asyncio.sleep(_AGAIN_S if isinstance(ended, Done) else _LOOK_S)
            await asyncio.sleep(_LOOK_S)
    finally:
        os.close(lock)


@dataclass(slots=True)
class GuardKeeper:
    """Starts the guard and tells whether one lives.

    hand: how it kills, see `hand_of`. A guard that is frozen is taken for alive.
    """

    directory: Path
    hand: Mapping[str, object]
    now_s: Callable[[], float] = boottime_s
    _started: subprocess.Popen[bytes] | None = None
    _next_s: float = field(default=float("-inf"))

    def lives(self) -> bool:
        """Tell whether a guard holds its lock; start one if none does."""
        try:
            free = try_lock(self.directory / "guard.lock")
            if free is None:
                return True
            os.close(free)
            if self._started is not None and self._started.poll() is None:
                return False  # it is on its way
            if self.now_s() >= self._next_s:
                self._next_s = self.now_s() + _START_AGAIN_S
                self._started = self._start()
        except OSError as error:  # no room for the lock, or for a process
            sys.stderr.write(f"no guard can be started: {error}\n")
        return False

    def _start(self) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-P", "-m", "deploy.agent.guard"]
        argv += ["--dir", str(self.directory), "--hand", json.dumps(self.hand)]
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)


def main() -> int:
    """Run the guard until it is killed; 3: there is one already."""
    parser = argparse.ArgumentParser(prog="deploy.agent.guard")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--hand", type=json.loads, required=True)
    arguments = parser.parse_args()
    return asyncio.run(guard_for_ever(arguments.dir, hand_of(arguments.hand)))


if __name__ == "__main__":
    sys.exit(main())
