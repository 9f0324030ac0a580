"""One cluster of a fleet goes down; the others stay dry.

A daemon lets a crash be a crash, and its supervisor starts the next process, which
goes on from the journal. In a fleet the process is shared, so the same is done for
one cluster at a time: what it raised is kept as its trouble, everything it had is
closed, and after a pause it begins anew from its journal. What blocks the event loop
or ends the process is the one thing a bulkhead cannot hold.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import structlog

from controller.act.daemon import EVALUATE_S, Daemon
from controller.model.errors import ControllerError

PAUSE_S = 1.0
PAUSE_MAX_S = 30.0
STEADY_S = 60.0
"""Having run for so long, the next pause is the first again."""

EVALUATIONS_PER_S = 400
"""Of all clusters together: about a fifth of a core."""


class Life(StrEnum):
    """Whether a cluster's part of the process runs."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPED = "stopped"  # it will begin anew; `trouble` says why it is not running


@dataclass(slots=True)
class Cell:
    """One cluster's compartment.

    phase: its place in a round, 0 to 1, so that not all clusters ask at once.
    beside: how many clusters evaluate in this process.
    lives: how often it was begun. daemon: of the present life; None while stopped.
    """

    name: str
    priority: int
    phase: float = 0.0
    beside: int = 1
    life: Life = Life.STARTING
    trouble: str = ""
    lives: int = 0
    daemon: Daemon | None = None

    def joined(self, daemon: Daemon) -> None:
        """Take note of the daemon of this life; it begins to run now."""
        daemon.phase = self.phase
        interval_s = daemon.observatory.policy.interval_s
        daemon.evaluate_s = evaluate_s(self.beside, interval_s)
        self.daemon, self.life = daemon, Life.RUNNING


def evaluate_s(clusters: int, interval_s: float) -> float:
    """Return the pause between evaluations of one of so many clusters, seconds.

    One alone may look three times at what it asked once, for the tenths that saves;
    many share one core, and what they see changes once in *interval_s*.
    """
    return max(EVALUATE_S, min(interval_s, clusters / EVALUATIONS_PER_S))


async def keep_alive(cell: Cell, live: Callable[[], Awaitable[None]]) -> None:
    """Run *live* again and again until cancelled; what it raises ends one life only."""
    loop = asyncio.get_running_loop()
    pause_s = PAUSE_S
    while True:
        cell.lives += 1
        began_s = loop.time()
        try:
            await live()
            why = "it ended by itself"
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # we are told to end, and not a part of the cluster
            why = "a part of it was cancelled"
        except Exception as error:  # noqa: BLE001  the top of a daemon: recorded, begun anew
            why = told(error)
        cell.daemon, cell.life = None, Life.STOPPED
        if loop.time() - began_s >= STEADY_S:
            pause_s = PAUSE_S
        cell.trouble = f"stopped: {why}; begins anew after {pause_s:g} s"
        structlog.get_logger(site=cell.name).error("cluster.stopped", why=why)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, PAUSE_MAX_S)


def told(error: BaseException) -> str:
    """Return the first cause in a line; our own errors speak for themselves."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ControllerError):
        return " ".join(str(error).split())
    return f"{type(error).__name__}: {error}"
