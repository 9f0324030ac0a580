"""One seed decides everything: which faults exist in a run, how often, when.

Swarm testing: a seed first switches kinds of faults on and off, then draws from
what is left, so that runs differ from one another and not only within.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType

from controller.decide.restore import SUFFIX
from controller.decide.saga import Step
from controller.decide.switchover import SWITCHOVER
from controller.model.commands import Proof
from controller.rehearsal.site import Settings
from replication.adapters.memory import Engine, Fault, Habits

WITH_A = (Proof.PROCESS, Proof.ACKS_REVOKED, Proof.SQL)
PROOF_SETS = (
    WITH_A,
    WITH_A,
    (Proof.ACKS_REVOKED, Proof.SQL),
    (Proof.ACKS_REVOKED,),
    (Proof.PROCESS,),
    (Proof.SQL, Proof.ACKS_REVOKED, Proof.PROCESS),
)
ALONE_SETS = (
    (Proof.SELF_FENCE,),
    (Proof.ACKS_REVOKED, Proof.SELF_FENCE),
    (Proof.PROCESS, Proof.SQL, Proof.SELF_FENCE),
)
LOSSES = ("kill", "kill", "freeze", "cut", "restart")
SAGA_STEPS = tuple(s.value for s in Step if s not in {Step.UNHOLD, Step.UNHOLD_FENCED})
PLANNED_STEPS = tuple(s.value for s in SWITCHOVER if s not in SUFFIX)
WISHED = ("replica", "replica", "replica", "spare", "a")
POINTS = ("intent", "effect")
MILD = (Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.TWICE)
WILD = (*MILD, Fault.LATE, Fault.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A command *at_s* seconds after its episode began."""

    at_s: float
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Faults, then calm; stormy: share of orders that meet a fault of *kinds*."""

    lines: tuple[Timed, ...]
    lasts_s: float
    stormy: float = 0.0
    kinds: tuple[Fault, ...] = MILD


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All a seed says."""

    seed: int
    settings: Settings
    episodes: tuple[Episode, ...]


def drawn_by(seed: int | str) -> Random:
    """Return what decides everything that *seed* stands for."""
    return Random(seed)  # noqa: S311  repeatable, not secret


def script(seed: int) -> Script:
    """Return the run *seed* stands for."""
    rng = drawn_by(seed)
    engine = rng.choice(list(Engine))
    habits = Habits(
        engine=engine,
        keeps_relay=engine is Engine.MYSQL and rng.random() < 0.5,
    )
    settings = Settings(
        engine=engine,
        habits=habits,
        proofs=rng.choice(PROOF_SETS),
        interval_s=rng.choice((0.2, 0.3)),
        timeout_s=rng.choice((0.2, 0.4)),
        seeding_s=rng.choice((0.5, 1.0, 3.0)),
        cooldown_s=rng.choice((1.0, 1.0, 1.0, 60.0)),
        retry_s=1.0,
    )
    kinds = [kind for kind in EXTRAS if rng.random() < 0.2]
    stormy = rng.choice((0.0, 0.0, 0.0, 0.05, 0.2))
    flavour = rng.choice((MILD, WILD))
    chance = type(rng)(f"agents {seed}")  # its own: the other draws stay as they are
    if chance.random() < 0.1:
        settings = _with_agents(chance, settings)
        kinds.append("agent")
    if type(rng)(f"windows {seed}").random() < 0.1:
        kinds.append("maintenance")
    episodes = tuple(
        _episode(rng, kinds, stormy, flavour) for _ in range(rng.choice((1, 2, 3, 4)))
    )
    acks, replicas = _counts(rng, engine)  # last: what was drawn before stands
    settings = _with_flapping(type(rng)(f"flapping {seed}"), settings)
    settings = replace(settings, acks=acks, replicas=replicas)
    return Script(seed=seed, settings=settings, episodes=episodes)


def _with_agents(rng: Random, settings: Settings) -> Settings:
    """One run in ten has agents, and one in two of these rests on proof (d) alone."""
    return replace(
        settings,
        proofs=rng.choice((ALONE_SETS[0], *ALONE_SETS)),
        durability=rng.choice(("none", "semi_sync")),
        self_fence_s=rng.choice((4.0, 6.0)),
    )


def _with_flapping(rng: Random, settings: Settings) -> Settings:
    """In one run in ten zones are left alone soon; otherwise never, or all would be."""
    if rng.random() >= 0.1:
        return replace(settings, flips=0, moves=0)
    return replace(
        settings,
        flips=rng.choice((1, 2, 3)),
        moves=rng.choice((0, 1, 2)),
        within_s=rng.choice((30.0, 120.0)),
        quarantine_s=rng.choice((5.0, 20.0)),
    )


def _agent(rng: Random, at_s: float) -> list[Timed]:
    who = rng.choice(("a", "b", "c", "primary"))
    lines = [Timed(at_s=at_s, line=f"agent {who} dies")]
    if rng.random() < 0.5:
        at_s += rng.uniform(0.5, 6.0)
        lines += [Timed(at_s=at_s, line=f"agent {z} returns") for z in "abc"]
    return lines


def _maintenance(rng: Random, at_s: float) -> list[Timed]:
    """A window before or after the main loss; over by itself when all is calm."""
    at_s = rng.choice((0.0, at_s))
    where = rng.choice(("a", "b", "c", "primary", "replica", "site"))
    said = f"maintenance start {where} {rng.choice((3, 8, 20))}s drawn"
    lines = [Timed(at_s=at_s, line=said)]
    if rng.random() < 0.3:
        at_s += rng.uniform(0.5, 4.0)
        lines.append(Timed(at_s=at_s, line=f"maintenance end {where}"))
    return lines


def _counts(rng: Random, engine: Engine) -> tuple[int, int]:
    """Draw how many ackers a commit waits for, and how many there are."""
    drawn = rng.random()
    both = drawn > 0.85 and engine is Engine.MYSQL
    return (2 if both else 1, 2 if drawn > 0.7 else 1)


def _episode(
    rng: Random, kinds: list[str], stormy: float, flavour: tuple[Fault, ...]
) -> Episode:
    lasts_s = rng.choice((3.0, 4.0, 5.0, 8.0))
    lines = [*_main_loss(rng, lasts_s)]
    for kind in kinds:
        if rng.random() < 0.6:
            drawn = EXTRAS.get(kind) or RARE[kind]
            lines += drawn(rng, rng.uniform(0.0, lasts_s * 0.7))
    lines.sort(key=lambda t: t.at_s)
    return Episode(lines=tuple(lines), lasts_s=lasts_s, stormy=stormy, kinds=flavour)


def _main_loss(rng: Random, lasts_s: float) -> list[Timed]:
    who = rng.choice(("primary",) * 8 + ("replica", "spare"))
    how = rng.choice(LOSSES)
    lines = [Timed(at_s=0.3, line=f"{how} {who}")]
    if how == "freeze" and rng.random() < 0.3:  # thaws in the middle of everything
        at_s = rng.uniform(0.8, lasts_s)
        lines += [Timed(at_s=at_s, line=f"heal {z}") for z in "abc"]
    return lines


def _second_zone(rng: Random, at_s: float) -> list[Timed]:
    who = rng.choice(("replica", "spare", "a", "b", "c"))
    return [Timed(at_s=at_s, line=f"{rng.choice(LOSSES)} {who}")]


def _flapping(rng: Random, at_s: float) -> list[Timed]:
    zone = rng.choice("abc")
    lines = []
    for _ in range(rng.randint(2, 4)):
        lines.append(Timed(at_s=at_s, line=f"{rng.choice(('freeze', 'cut'))} {zone}"))
        at_s += rng.uniform(0.2, 1.5)
        lines.append(Timed(at_s=at_s, line=f"heal {zone}"))
        at_s += rng.uniform(0.1, 0.8)
    return lines


def _one_way(rng: Random, at_s: float) -> list[Timed]:
    ends = rng.sample(("a", "b", "c", "controller"), 2)
    lines = [Timed(at_s=at_s, line=f"block {ends[0]} {ends[1]}")]
    if rng.random() < 0.5:
        at_s += rng.uniform(0.5, 3.0)
        lines.append(Timed(at_s=at_s, line=f"mend {ends[0]} {ends[1]}"))
    return lines


def _edge(rng: Random, at_s: float) -> list[Timed]:
    faults = ("unreachable", "lost-before", "lost-after", "late")
    pop = rng.choice(("pop1", "pop2"))
    lines = [Timed(at_s=at_s, line=f"edge {pop} {rng.choice(faults)}")]
    if rng.random() < 0.5:
        at_s += rng.uniform(0.5, 3.0)
        lines.append(Timed(at_s=at_s, line=f"edge {pop} none"))
    return lines


def _forgetful(rng: Random, at_s: float) -> list[Timed]:
    pop = rng.choice(("pop1", "pop2"))
    return [Timed(at_s=at_s, line=f"edge {pop} {rng.choice(('forgets', 'wiped'))}")]


def _provisioner(rng: Random, at_s: float) -> list[Timed]:
    later_s = at_s + rng.uniform(1.0, 6.0)
    return [
        Timed(at_s=at_s, line="provisioner off"),
        Timed(at_s=later_s, line="provisioner on"),
    ]


def _lag(rng: Random, at_s: float) -> list[Timed]:
    later_s = at_s + rng.uniform(0.5, 4.0)
    return [
        Timed(at_s=0.0, line="lag replica"),
        *(Timed(at_s=later_s, line=f"catch-up {z}") for z in "abc"),
    ]


def _wall_clock(rng: Random, at_s: float) -> list[Timed]:
    return [Timed(at_s=at_s, line=f"wall-clock {rng.choice((-3600, -5, 7, 86400))}")]


def _restart(rng: Random, at_s: float) -> list[Timed]:
    who = rng.choice(("replica", "replica", "primary", "spare"))
    return [Timed(at_s=at_s, line=f"restart {who}")]


def _late(rng: Random, at_s: float) -> list[Timed]:
    return [Timed(at_s=at_s + rng.uniform(0, 2), line=f"late {z}") for z in "abc"]


def _crash(rng: Random, at_s: float) -> list[Timed]:
    del at_s
    places = [
        f"{rng.choice(SAGA_STEPS)} {rng.choice(POINTS)}"
        for _ in range(rng.randint(1, 4))
    ]
    return [Timed(at_s=0.0, line=f"on {place} crash") for place in places]


def _mid_step(rng: Random, at_s: float) -> list[Timed]:
    del at_s
    point = rng.choice(POINTS)
    what = rng.choice(
        (
            f"{rng.choice(LOSSES)} {rng.choice('abc')}",
            f"{rng.choice(LOSSES)} {rng.choice(('primary', 'replica', 'spare'))}",
            f"heal {rng.choice('abc')}",
            "restart replica",
        )
    )
    return [Timed(at_s=0.0, line=f"on {rng.choice(SAGA_STEPS)} {point} {what}")]


def _planned(rng: Random, at_s: float) -> list[Timed]:
    """A person's order, before or after the main loss, often hit in the middle."""
    at_s = rng.choice((0.0, 0.2, at_s))
    lines = [Timed(at_s=at_s, line=f"switchover {rng.choice(WISHED)} drawn")]
    for _ in range(rng.randint(0, 2)):
        what = rng.choice(
            (
                "crash",
                f"{rng.choice(LOSSES)} {rng.choice(('primary', 'replica'))}",
                "restart primary",
                "restart replica",
                "lag replica",
                f"begin {rng.choice('ab')}",
            )
        )
        place = f"{rng.choice(PLANNED_STEPS)} {rng.choice(POINTS)}"
        lines.insert(0, Timed(at_s=0.0, line=f"on {place} {what}"))
    if rng.random() < 0.5:
        later_s = at_s + rng.uniform(1.0, 4.0)
        lines += [Timed(at_s=later_s, line=f"catch-up {z}") for z in "abc"]
    return lines


def _journal(rng: Random, at_s: float) -> list[Timed]:
    return [Timed(at_s=at_s, line=f"journal-fails {rng.randint(1, 25)}")]


def _grant(rng: Random, at_s: float) -> list[Timed]:
    zone = rng.choice("abc")
    lines = [Timed(at_s=at_s, line=f"grant {zone}")]
    if rng.random() < 0.5:
        at_s += rng.uniform(0.5, 3.0)
        lines.append(Timed(at_s=at_s, line=f"revoke {zone}"))
    return lines


def _garble(rng: Random, at_s: float) -> list[Timed]:
    return [Timed(at_s=at_s, line=f"garble {rng.choice('abc')}")]


Extra = Callable[[Random, float], list[Timed]]
EXTRAS: Mapping[str, Extra] = MappingProxyType(
    {
        "second_zone": _second_zone,
        "flapping": _flapping,
        "one_way": _one_way,
        "edge": _edge,
        "provisioner": _provisioner,
        "lag": _lag,
        "wall_clock": _wall_clock,
        "restart": _restart,
        "late": _late,
        "crash": _crash,
        "mid_step": _mid_step,
        "journal": _journal,
        "forgetful": _forgetful,
        "planned": _planned,
        "grant": _grant,
        "garble": _garble,
    }
)

RARE: Mapping[str, Extra] = MappingProxyType(
    {"agent": _agent, "maintenance": _maintenance}
)
"""Drawn by dice of their own, so that all others stay as they were."""
