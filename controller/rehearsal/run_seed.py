"""Run one seed and judge it: safety always, liveness when calm."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.act.virtual import run_virtual
from controller.decide.saga import End, Kind
from controller.incident.record import RecordKind
from controller.rehearsal.checkers import broken_promises
from controller.rehearsal.commands import perform
from controller.rehearsal.liveness import (
    calm_brings_an_end,
    no_silence,
    writes_come_back,
)
from controller.rehearsal.play import Play
from controller.rehearsal.reading import open_now
from controller.rehearsal.routes import edges_on_the_route
from controller.rehearsal.seed_errors import script_of
from controller.rehearsal.seeds import Episode, Script
from controller.rehearsal.site import RehearsalSite, Settings

CALM_MAX_S = 40.0
"""After the last fault everything has ended, or says why not, within this."""

SILENCE_MAX_S = 8.0
QUIET_S = 10.0
"""Nothing runs and nothing was written for so long, longer than every pause but
a cool-down: it will stay so. What is not well by then must have a named veto."""

HORIZON_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one run went; *broken* is empty when every promise held."""

    seed: int
    failovers: int
    restores: int
    halted: int
    held: int
    crashes: int
    virtual_s: float
    broken: Mapping[str, list[str]]


def run_seed(seed: int) -> tuple[Verdict, RehearsalSite]:
    """Play *seed* from its beginning to its verdict."""
    return run_script(script_of(seed))


def run_script(what: Script) -> tuple[Verdict, RehearsalSite]:
    """Play *what* from its beginning to its verdict."""
    return run_virtual(_run(what, RehearsalSite(what.settings)), horizon_s=HORIZON_S)


async def _run(what: Script, site: RehearsalSite) -> tuple[Verdict, RehearsalSite]:
    play = Play(site)
    site.storm.rng.seed(what.seed)
    await play.begin()
    await until_well(play)
    calm_at_s = 0.0
    for episode in what.episodes:
        await _play_episode(play, episode)
        site.calm()
        play.at_step.clear()
        calm_at_s = play.now_s
        await until_well(play)
    await play.end()
    return judge(what.seed, play, calm_at_s), site


async def _play_episode(play: Play, episode: Episode) -> None:
    began_s = play.now_s
    storm = play.site.storm
    storm.rate, storm.kinds, storm.left = episode.stormy, episode.kinds, 12
    _let_go_on(play)
    for timed in episode.lines:
        await play.run_for(began_s + timed.at_s - play.now_s)
        if play.daemon is None:
            play.start_controller()
        await perform(play, timed.line)
    await play.run_for(began_s + episode.lasts_s - play.now_s)


def _let_go_on(play: Play) -> None:
    """A person looked at what was halted, and lets the controller go on."""
    if play.daemon is not None and play.daemon.book.ledger.halted:
        play.tell(RecordKind.RESUMED)


async def until_well(play: Play) -> None:
    """Go on until nothing is left to do, or as long as it may take at most.

    A primary that died a moment ago is well only in the daemon's eyes.
    """
    until_s = play.now_s + CALM_MAX_S
    well, written, quiet_s = 0, -1, 0.0
    while play.now_s < until_s and well < 2 and quiet_s < QUIET_S:
        began_s = play.now_s
        await play.round()
        well = well + 1 if is_well(play) and open_now(play.site.world) else 0
        still = written == len(play.site.journal.kept) and not play.busy
        quiet_s = quiet_s + play.now_s - began_s if still else 0.0
        written = len(play.site.journal.kept)


def is_well(play: Play) -> bool:
    """Tell whether the site is protected, nothing runs and nothing is wrong.

    After a halt it never is: only quiet tells that all is closed that is to be.
    """
    daemon = play.daemon
    if daemon is None or daemon.busy:
        return False
    ledger, decision = daemon.book.ledger, daemon.decision
    if ledger.run is not None or ledger.halted:
        return False
    chosen = not daemon.policy.required_acks and bool(ledger.ackers)
    safe = ledger.durability.protected or chosen
    return (
        safe and not ledger.suspects and decision.start is None and not decision.trouble
    )


def judge(seed: int, play: Play, calm_at_s: float) -> Verdict:
    """Return what the checkers say of a finished play."""
    site = play.site
    case = site.case()
    late = {"calm_at_s": calm_at_s, "bound_s": CALM_MAX_S}
    broken = {
        **broken_promises(case),
        "calm_brings_an_end": calm_brings_an_end(case, **late),
        "writes_come_back": writes_come_back(case, **late),
        "edges_on_the_route": edges_on_the_route(case),
        "no_silence": no_silence(case, within_s=SILENCE_MAX_S),
    }
    ended = [r.body for r in site.journal.records() if r.kind is RecordKind.ENDED]
    return Verdict(
        seed=seed,
        failovers=len(case.promotions),
        restores=sum(
            e["kind"] in {Kind.RESTORE.value, Kind.WIDEN.value}
            and e["end"] == End.COMPLETED.value
            for e in ended
        ),
        halted=sum(e["end"] == End.HALTED.value for e in ended),
        held=sum(
            r.kind is RecordKind.VETO and bool(r.body["vetoes"])
            for r in site.journal.records()
        ),
        crashes=play.crashes,
        virtual_s=play.now_s,
        broken={name: found for name, found in broken.items() if found},
    )


__all__ = ["Settings", "Verdict", "run_script", "run_seed"]
