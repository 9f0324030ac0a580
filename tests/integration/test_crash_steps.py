"""The daemon is killed in the middle of every step, on real servers.

A series on one lab an engine, as the soak runs it: the lost zone is healed after each
case and becomes the spare. A lab on which a case failed serves no other.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from controller.cli.demo import on_stage, proofs_without
from controller.cli.demo_figures import broken_promises
from controller.cli.demo_lab import LabSettings, keep_files, running_lab
from controller.cli.demo_run import Fault, Role, RunSettings, Stage, Viewer, run_once
from controller.decide.failover import FAILOVER, UNDOING
from controller.decide.saga import Step
from deploy.lab.launcher import Lab
from tests.bench.demo import heal
from tests.labs import CACHE, require_programs

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]

LOSING_MORE = {Step.DEGRADE, Step.WITHDRAW, *UNDOING}
"""Rows that a failover passes only when something else fails too."""
CRASH_STEPS = [s.value for s in FAILOVER if s not in LOSING_MORE]
POINTS = ["intent", "effect"]
Case = Callable[[Role, str], None]


@dataclass(slots=True)
class Series:
    """One lab for many cases; it is started when it is first asked for."""

    settings: LabSettings
    _running: ExitStack = field(default_factory=ExitStack)
    _lab: Lab | None = None

    def lab(self) -> Lab:
        """Return the lab that serves the next case."""
        if self._lab is None:
            started = running_lab(self.settings, lambda _text: None)
            self._lab = self._running.enter_context(started)
        return self._lab

    def end(self) -> None:
        """End the lab; the next case gets another one. Safe to call twice."""
        self._lab = None
        self._running.close()

    def lose(self, role: Role, crash_at: str) -> None:
        """Kill the zone of *role* and the daemon at *crash_at*; all is kept, and heals.

        Every promise is judged as in `sitedr demo`, whose report says that a daemon
        which was to die did not as well.
        """
        lab = self.lab()

        async def play(stage: Stage) -> None:
            evidence = await run_once(
                stage, RunSettings(lose=role.value, fault=Fault.KILL)
            )
            assert broken_promises(evidence) == []
            assert [c.why for c in evidence.crashes] == [f"killed at {crash_at}"]
            await heal(stage, evidence.zone_lost)

        try:
            on_stage(lab, Viewer(), play, crash_at=crash_at)
        except BaseException as error:
            error.add_note(f"files kept: {keep_files(lab)}")
            self.end()
            raise


@pytest.fixture(scope="module")
def series() -> Iterator[Callable[[LabSettings], Series]]:
    """Give the series of some settings; at most one runs, all end with the module."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SITEDR_CACHE", str(CACHE))
        current: list[Series] = []

        def of(settings: LabSettings) -> Series:
            if not current or current[0].settings != settings:
                for other in current:
                    other.end()
                current[:] = [Series(settings)]
            return current[0]

        try:
            yield of
        finally:
            for one in current:
                one.end()


@pytest.fixture
def on_mariadb(series: Callable[[LabSettings], Series]) -> Case:
    """Lose a zone of a MariaDB lab; death of the primary can be proved."""
    return series(LabSettings(engine="mariadb", cooldown_s=1.0)).lose


@pytest.fixture
def on_mysql(series: Callable[[LabSettings], Series]) -> Case:
    """The same on MySQL, where proof of death is not to be had."""
    proofs = proofs_without("a")
    settings = LabSettings(engine="mysql", cooldown_s=1.0, proofs=proofs)
    return series(settings).lose


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("step", CRASH_STEPS)
def test_the_next_process_continues_a_failover(
    on_mariadb: Case, step: str, point: str
) -> None:
    on_mariadb(Role.PRIMARY, f"{step}:{point}")


@pytest.mark.parametrize("point", POINTS)
def test_the_next_process_knows_what_may_be_degraded(
    on_mariadb: Case, point: str
) -> None:
    """Recorded first, so the next one knows that it may be in place."""
    on_mariadb(Role.REPLICA, f"degrade:{point}")


@pytest.mark.parametrize("step", CRASH_STEPS)
def test_the_next_process_continues_without_proof_of_death(
    on_mysql: Case, step: str
) -> None:
    on_mysql(Role.PRIMARY, step)
