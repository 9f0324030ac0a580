"""Drawn errors of users: of one zone, of some, of all, and what comes in between."""

from dataclasses import replace
from random import Random

from controller.rehearsal.seeds import (
    PLANNED_STEPS,
    POINTS,
    Episode,
    Script,
    Timed,
    drawn_by,
    script,
)

SHARE = 0.1
"""Of all seeds so many end with such an episode; the others stay as they were."""

BEGINS_S = 3.0
LASTS_S = 18.0


def script_of(seed: int) -> Script:
    """Return the whole run *seed* stands for."""
    drawn = script(seed)
    return replace(drawn, episodes=(*drawn.episodes, *with_errors(seed)))


def with_errors(seed: int) -> tuple[Episode, ...]:
    """Return what *seed* adds to its episodes: mostly nothing."""
    rng = drawn_by(f"errors {seed}")
    if rng.random() >= SHARE:
        return ()
    return tuple(_episode(rng) for _ in range(rng.choice((1, 2))))


def _episode(rng: Random) -> Episode:
    volume = rng.choice((30, 100, 1000))
    lines = [Timed(at_s=0.0, line=f"traffic {z} good={volume}") for z in "abc"]
    lines += _blows(rng)
    who = rng.choice((("primary",), ("primary",), ("replica",), tuple("abc")))
    share = rng.choice((0.05, 0.3, 0.6, 1.0))
    bad = round(volume * share)
    good = volume - bad
    lines += [
        Timed(at_s=BEGINS_S, line=f"traffic {z} good={good} bad={bad}") for z in who
    ]
    if rng.random() < 0.3:  # over, or more of it, before or after it is acted on
        at_s = BEGINS_S + rng.uniform(1.0, 9.0)
        other = rng.choice(("primary", "replica"))
        now = rng.choice((f"good={volume}", f"good={good} bad={bad}"))
        lines.append(Timed(at_s=at_s, line=f"traffic {other} {now}"))
    return Episode(lines=tuple(lines), lasts_s=LASTS_S)


def _blows(rng: Random) -> list[Timed]:
    """Return what happens in the middle of a move."""
    found = []
    for _ in range(rng.choice((0, 0, 1, 2))):
        what = rng.choice(
            ("crash", "kill primary", "freeze primary", "kill replica", "lag replica")
        )
        place = f"{rng.choice(PLANNED_STEPS)} {rng.choice(POINTS)}"
        found.append(Timed(at_s=0.0, line=f"on {place} {what}"))
    return found
