"""Whatever befalls a planned move at whichever instruction: safe, and it ends well."""

import itertools

import pytest

from controller.act.virtual import run_virtual
from controller.decide.restore import SUFFIX
from controller.decide.saga import Step
from controller.decide.switchover import SWITCHOVER
from controller.rehearsal.checkers import broken_promises
from controller.rehearsal.commands import perform
from controller.rehearsal.play import Play
from controller.rehearsal.run_seed import until_well
from controller.rehearsal.site import RehearsalSite, Settings
from replication.adapters.memory import Engine

STEPS = [s.value for s in SWITCHOVER if s not in {*SUFFIX, Step.DEGRADE}]
STRIKES = ["crash", "kill a", "freeze a", "cut a", "restart a", "kill b", "freeze b"]
UNDONE = "lag b\n"
"""The target does not catch up, so that the rows of the undo are reached too."""

AFTER = """\
switchover b drill
run-for 12
heal a
heal b
catch-up b
run-for 30
"""


def play(story: str, engine: Engine) -> tuple[RehearsalSite, Play]:
    """Return the site and the stage after *story*."""

    async def tell() -> tuple[RehearsalSite, Play]:
        site = RehearsalSite(Settings(engine=engine, cooldown_s=1.0, interval_s=0.2))
        stage = Play(site)
        await stage.begin()
        await until_well(stage)
        for line in story.strip().splitlines():
            await perform(stage, line)
        return site, stage

    return run_virtual(tell(), horizon_s=600.0)


@pytest.mark.parametrize(
    ("engine", "undone"),
    [(Engine.MARIADB, ""), (Engine.MYSQL, UNDONE)],
    ids=["done", "undone"],
)
@pytest.mark.parametrize("strike", STRIKES)
def test_a_strike_at_any_instruction_breaks_no_promise(
    strike: str, engine: Engine, undone: str
) -> None:
    """And once all is healed one server takes writes, or a person was called."""
    for step, point in itertools.product(STEPS, ("intent", "effect")):
        told = f"{undone}on {step} {point} {strike}\n{AFTER}"
        site, stage = play(told, engine)
        case = site.case()
        assert broken_promises(case) == {}, told
        assert stage.daemon is not None
        ledger = stage.daemon.book.ledger
        named = {v.name for v in stage.daemon.decision.vetoes}
        assert len(case.writable) == 1 or ledger.halted or named, told
