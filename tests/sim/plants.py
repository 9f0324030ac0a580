"""The bugs themselves: each function returns a site with one part gone wrong."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from typing_extensions import override

from controller.act.daemon import Daemon
from controller.act.driver import TABLES, CrashPoint, Driver, no_crash
from controller.act.executor import Executor
from controller.act.observe import Observatory
from controller.decide.facts import Facts, ServerFact
from controller.decide.failover import FAILOVER
from controller.decide.saga import End, Kind, Plan, Step, Table
from controller.model.command import Command
from controller.model.commands import (
    Acker,
    Compare,
    EnsureDegraded,
    EnsureDrained,
    EnsureFenced,
    EnsureFrozen,
    EnsureInstance,
    EnsureOpen,
    EnsureProtected,
    EnsureResumed,
    EnsureSeeded,
    Proof,
    Verify,
)
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from controller.rehearsal.site import RehearsalSite, Settings
from health.detector import Verdict
from replication.adapters.memory import MemoryDatabase
from replication.ports import ServerView, Session

Plant = Callable[[Settings], RehearsalSite]
Adjust = Callable[[Daemon], None]

ACKS_ONLY = Settings(proofs=(Proof.ACKS_REVOKED,), interval_s=0.2)
PROCESS_ONLY = Settings(proofs=(Proof.PROCESS,), interval_s=0.2)


def with_process(settings: Settings) -> Settings:
    """Return *settings* with proof (a) accepted where (b) does not hold."""
    return replace(settings, proofs=(*settings.proofs, Proof.PROCESS))


class AdjustedSite(RehearsalSite):
    """Every daemon started here is adjusted first."""

    adjust: Adjust

    @override
    def daemon(self, crash_point: CrashPoint = no_crash) -> Daemon:
        daemon = RehearsalSite.daemon(self, crash_point)
        self.adjust(daemon)
        daemon._beating.observatory = daemon.observatory  # whoever looks now, beats
        return daemon


def none(settings: Settings) -> RehearsalSite:
    """No bug at all: the control."""
    return RehearsalSite(settings)


def adjusted(settings: Settings, adjust: Adjust) -> RehearsalSite:
    site = AdjustedSite(settings)
    site.adjust = adjust
    return site


def changed_table(
    settings: Settings, kind: Kind, **rows: Mapping[str, object]
) -> Settings:
    """Return *settings* with some answers of some rows changed."""
    table: dict[Step, object] = dict(TABLES[kind])
    table.update(settings.tables[kind])
    for name, answers in rows.items():
        step = Step(name)
        table[step] = replace(settings.tables[kind][step], **answers)  # type: ignore[arg-type]
    changed: Table = MappingProxyType(table)  # type: ignore[arg-type]
    return replace(settings, tables={**settings.tables, kind: changed})


# ---- tables ------------------------------------------------------------------


def no_fence(settings: Settings) -> RehearsalSite:
    """FENCE leads on whatever it was answered."""
    on = {"refused": Step.DRAIN, "unknown": Step.DRAIN}
    return none(changed_table(settings, Kind.FAILOVER, fence=on))


def reroute_early(settings: Settings) -> RehearsalSite:
    """INVALIDATE leads to REROUTE, RELEASE to OPEN."""
    reroute = {"done": Step.REROUTE, "refused": Step.REROUTE, "unknown": Step.REROUTE}
    return none(
        changed_table(
            settings,
            Kind.FAILOVER,
            invalidate=reroute,
            release={"done": Step.REPOINT},
            canary={"done": Step.PROVISION},
        )
    )


def no_unfreeze(settings: Settings) -> RehearsalSite:
    """Whoever gives up before OPEN goes straight to the routes."""
    away = {"refused": Step.UNHOLD, "unknown": Step.UNHOLD}
    return none(changed_table(settings, Kind.FAILOVER, freeze=away, fence=away))


def attach_before_register(settings: Settings) -> RehearsalSite:
    """The journal names the acker only after it connected."""
    for kind in (Kind.FAILOVER, Kind.RESTORE):
        settings = changed_table(
            settings,
            kind,
            seed={"done": Step.ATTACH},
            attach={"done": Step.REGISTER},
            register={"done": Step.PROTECT},
        )
    return none(settings)


def _target(plan: Plan) -> tuple[Acker, ...]:
    return tuple(a for a in plan.ackers if a.server == plan.target.server)


def blind_open(settings: Settings) -> Settings:
    """Return *settings* in which OPEN does not re-read the other ackers.

    It would catch by itself, a second time, what two of the mutants plant.
    """

    def order(plan: Plan) -> EnsureOpen:
        sighted = FAILOVER[Step.OPEN].order(plan)
        assert isinstance(sighted, EnsureOpen)
        return replace(sighted, ackers=())

    return changed_table(settings, Kind.FAILOVER, open={"order": order})


def freeze_candidate_only(settings: Settings) -> RehearsalSite:
    """Freeze, drain and compare the one to promote, and no other acker."""
    settings = blind_open(settings)
    return none(
        changed_table(
            settings,
            Kind.FAILOVER,
            freeze={"order": lambda p: EnsureFrozen(ackers=_target(p), epoch=p.epoch)},
            drain={
                "order": lambda p: EnsureDrained(
                    servers=(p.target.server,), epoch=p.epoch
                )
            },
            verify={
                "order": lambda p: Verify(
                    candidate=p.target.server, ackers=_target(p), epoch=p.epoch
                )
            },
        )
    )


# ---- executors ---------------------------------------------------------------


class Careless(Executor):
    """Answers some commands in its own way; None: as the real one."""

    answer: Callable[[Command, Outcome], Outcome]
    before: Callable[[Command], Command | Outcome]

    @override
    async def execute(self, command: Command, doubtful: tuple[Session, ...]) -> Outcome:
        changed = self.before(command)
        if isinstance(changed, Done | Refused | Unknown):
            return changed
        return self.answer(command, await Executor.execute(self, changed, doubtful))


def careless(
    settings: Settings,
    *,
    before: Callable[[Command], Command | Outcome] = lambda c: c,
    answer: Callable[[Command, Outcome], Outcome] = lambda _, o: o,
) -> RehearsalSite:
    def adjust(daemon: Daemon) -> None:
        real = daemon.driver.executor
        bad = Careless(real.ports, real.covers, real.confirm)
        object.__setattr__(bad, "before", before)
        object.__setattr__(bad, "answer", answer)
        daemon.driver.executor = bad

    return adjusted(settings, adjust)


def unknown_is_refused(settings: Settings) -> RehearsalSite:
    """Two answers instead of three."""

    def answer(_: Command, outcome: Outcome) -> Outcome:
        return Refused(outcome.reason) if isinstance(outcome, Unknown) else outcome

    return careless(settings, answer=answer)


def degrade_unknown_is_refused(settings: Settings) -> RehearsalSite:
    """The same for the one order that may thaw out later."""

    def answer(command: Command, outcome: Outcome) -> Outcome:
        unheard = isinstance(command, EnsureDegraded) and isinstance(outcome, Unknown)
        return Refused("no answer") if unheard else outcome

    return careless(settings, answer=answer)


class SaysOn(MemoryDatabase):
    """The variable is read from the option file, whatever the server does."""

    @override
    async def view(self) -> ServerView | NotSeen:
        view = await MemoryDatabase.view(self)
        if isinstance(view, NotSeen):
            return view
        return replace(view, source_side=replace(view.source_side, required=True))


def protected_by_status(settings: Settings) -> RehearsalSite:
    """The variable says ON, so it must be so: nothing is enabled, nothing seen."""

    def before(command: Command) -> Command | Outcome:
        if isinstance(command, EnsureProtected):
            acker = command.acker.server
            boot_id = site.world.servers[acker].boot_id
            return Done({"acker": acker, "acker_boot_id": boot_id})
        return command

    site = careless(settings, before=before)
    site.database_type = SaysOn
    return site


def take_back_as_it_is(settings: Settings) -> RehearsalSite:
    """An ex-primary is closed by SQL, and its old data counts as a copy."""

    def before(command: Command) -> Command | Outcome:
        if isinstance(command, EnsureFenced) and not command.acks_revoked:
            return replace(command, proofs=(Proof.SQL,))
        if isinstance(command, EnsureInstance | EnsureSeeded) and command.spare:
            return Done()
        if isinstance(command, Compare | EnsureResumed):
            return Done()
        return command

    return careless(settings, before=before)


class Unproven(Executor):
    """Sends without asking whether the connection still answers."""

    @override
    async def sessions(self, command: Command) -> tuple[Session, ...] | NotSeen:
        return ()


def no_sessions(settings: Settings) -> RehearsalSite:
    """An order that can un-fence goes out on any connection."""

    def adjust(daemon: Daemon) -> None:
        real = daemon.driver.executor
        daemon.driver.executor = Unproven(real.ports, real.covers, real.confirm)

    return adjusted(settings, adjust)


# ---- driver and lease --------------------------------------------------------


def driven_by(settings: Settings, driver: type[Driver]) -> RehearsalSite:
    """Return a site whose runs are driven by another *driver*."""

    def adjust(daemon: Daemon) -> None:
        real = daemon.driver
        daemon.driver = driver(
            book=real.book,
            executor=real.executor,
            holds_lease=real.holds_lease,
            crash_point=real.crash_point,
            tables=real.tables,
        )

    return adjusted(settings, adjust)


class Trusting(Driver):
    """Goes on where it stood, as if no time had passed."""

    @override
    async def resume(self) -> End | None:
        run = self.book.ledger.run
        if run is None:
            return None
        if self.book.ledger.unanswered:
            self._record_outcome(run, Unknown("the controller stopped before it"))
        return await self.drive(replace(run, step=Step.FENCE, attempt=1))


def resume_in_the_middle(settings: Settings) -> RehearsalSite:
    """A restart is taken for a pause."""
    return driven_by(settings, Trusting)


def lease_never_lost(settings: Settings) -> RehearsalSite:
    """The lease is looked at once, at the start."""

    async def always() -> bool:
        return True

    def adjust(daemon: Daemon) -> None:
        daemon.driver.holds_lease = always

    return adjusted(settings, adjust)


# ---- what is observed --------------------------------------------------------


class Misled(Observatory):
    """Facts with one thing misread."""

    misread: Callable[[Facts], Facts]

    @override
    def facts(self, *, lease_held: bool) -> Facts:
        return self.misread(Observatory.facts(self, lease_held=lease_held))


def misled(settings: Settings, misread: Callable[[Facts], Facts]) -> RehearsalSite:
    def adjust(daemon: Daemon) -> None:
        real = daemon.observatory
        daemon.observatory = Misled(real.ports, real.clock, real.policy)
        daemon.observatory.misread = misread

    return adjusted(settings, adjust)


def _primary_is(facts: Facts, verdict: Verdict) -> Facts:
    servers = {
        s: replace(f, reading=replace(f.reading, verdict=verdict))
        if f.view is not None and f.view.writable
        else f
        for s, f in facts.servers.items()
    }
    return replace(facts, servers=servers)


def _is_down(facts: Facts) -> bool:
    return any(
        f.view is not None and f.view.writable and f.reading.verdict is Verdict.DOWN
        for f in facts.servers.values()
    )


def stall_is_loss(settings: Settings) -> RehearsalSite:
    """A primary whose commits hang is called down."""

    def misread(facts: Facts) -> Facts:
        stalled = facts.canary.durable_hung_s >= 0.3
        return _primary_is(facts, Verdict.DOWN) if stalled else facts

    return misled(settings, misread)


def _with_waiters(facts: Facts) -> Facts:
    """Return *facts* in which whoever is writable says that commits wait."""

    def waiting(fact: ServerFact) -> ServerFact:
        if fact.view is None or not fact.view.writable:
            return fact
        side = replace(fact.view.source_side, waiters=1)
        return replace(fact, age_s=0.0, view=replace(fact.view, source_side=side))

    return replace(facts, servers={s: waiting(f) for s, f in facts.servers.items()})


def loss_is_stall(settings: Settings) -> RehearsalSite:
    """A primary that answers nothing is called one that waits for its acker."""

    def misread(facts: Facts) -> Facts:
        if not _is_down(facts):
            return facts
        canary = replace(facts.canary, durable_hung_s=10.0, local_ok_age_s=0.0)
        return replace(_with_waiters(_primary_is(facts, Verdict.OK)), canary=canary)

    return misled(settings, misread)
