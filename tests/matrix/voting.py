"""Rows with observers: the daemon and every zone's agent vote over a real broker."""

import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack

from controller.act.voting import VOTE_S
from controller.config.broker import DAEMON
from controller.config.budget import detection_worst_s
from controller.config.schema import Site as Settings
from controller.model.ids import ZoneId
from deploy.lab.netns import HOST
from deploy.lab.poll import poll
from deploy.lab.spec import ZONES
from tests.matrix.rows import Row, killed
from tests.matrix.stage import Stage, others

EVERYBODY = frozenset({DAEMON, *ZONES})
GONE_S = 3.0
"""Longer than a vote is fresh: what was said before the crash counts no more."""
AGAIN_S = 5.0
"""For who lost the broker to find it again, and for every vote to count."""


def broker_restarted(stage: Stage, primary: ZoneId) -> ExitStack:
    """Kill the broker, let every vote grow stale, start another one."""
    del primary
    assert stage.broker is not None
    stage.broker.kill()
    stage.watch(GONE_S)
    stage.note(f"{_told(stage)} without it", ok=stage.counted() == {DAEMON})
    stage.broker.start()
    began_s = time.monotonic()
    ok = poll(lambda: stage.counted() == EVERYBODY, AGAIN_S)
    stage.note(f"{_told(stage)} {time.monotonic() - began_s:.1f} s after", ok=ok)
    return ExitStack()


def observer_cut_off(stage: Stage, primary: ZoneId) -> ExitStack:
    """Have one zone see neither the primary nor the broker nor the daemon."""
    return _cut(stage, others(primary)[-1], HOST, primary)


def observer_sees_a_loss(stage: Stage, primary: ZoneId) -> ExitStack:
    """Have one zone see no primary, and say so to everybody."""
    return _cut(stage, others(primary)[-1], primary)


def daemon_in_the_minority(stage: Stage, primary: ZoneId) -> ExitStack:
    """Have daemon, edges and broker see no primary: the other zones do."""
    return _cut(stage, primary, HOST)


def _cut(stage: Stage, zone: ZoneId, *peers: str) -> ExitStack:
    stack = ExitStack()
    stage.site.lab.cut(zone, peers)
    stack.callback(stage.site.lab.mend, zone)
    return stack


def all_vote_again(stage: Stage, primary: ZoneId) -> None:
    """Look whether every vote counts."""
    del primary
    _vote(stage, EVERYBODY)


def all_but_one_vote(stage: Stage, primary: ZoneId) -> None:
    """Look whether who is cut off is missing, and nobody else."""
    _vote(stage, EVERYBODY - {others(primary)[-1]})


def one_alone_says_down(stage: Stage, primary: ZoneId) -> None:
    """Look whether its word gets here, and is the only such one."""
    down = _say_down(stage, primary)
    stage.note(f"says down: {down}", ok=down == [others(primary)[-1]])


def daemon_alone_says_down(stage: Stage, primary: ZoneId) -> None:
    """Look whether it is the count that held what daemon and edges agree on."""
    down = _say_down(stage, primary)
    held = "no_quorum" in stage.seen
    stage.note(f"says down: {down}", ok=down == [DAEMON] and held)


def _vote(stage: Stage, whose: AbstractSet[str]) -> None:
    """Look whether these count and no others; one that a busy machine delayed may."""
    ok = poll(lambda: stage.counted() == whose, AGAIN_S)
    stage.note(f"{_told(stage)} at the end", ok=ok)


def _say_down(stage: Stage, zone: ZoneId) -> list[str]:
    subject = f"{zone}/database"
    return [
        b["observer"] for b in stage.ballots() if b["counts"] and subject in b["down"]
    ]


def voted_worst_s(site: Settings) -> float:
    """Return the longest time to a majority's verdict: the vote's hop on top."""
    return detection_worst_s(site) + VOTE_S


def _told(stage: Stage) -> str:
    return f"{len(stage.counted())} of {len(stage.ballots())} votes counted"


WITH_OBSERVERS: Sequence[Row] = (
    Row(name="observers' broker restarts", do=broker_restarted, look=all_vote_again),
    Row(name="observer minority cut off", do=observer_cut_off, look=all_but_one_vote),
    Row(
        name="observer minority sees a loss",
        do=observer_sees_a_loss,
        look=one_alone_says_down,
    ),
    Row(
        name="observer minority: daemon and edges",
        do=daemon_in_the_minority,
        look=daemon_alone_says_down,
    ),
    Row(name="observer majority sees a kill", do=killed, bound=voted_worst_s),
)
