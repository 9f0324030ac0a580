"""`DatabaseServer` on the memory world."""

import asyncio

from controller.model.copying import CopyProgress
from controller.model.ids import BootId, Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.adapters.memory.connection import (
    Connection,
    Order,
    close,
    resolve,
)
from replication.adapters.memory.copying import MemoryCopies
from replication.adapters.memory.server import Engine, Lock, MemoryServer, Process, Told
from replication.adapters.memory.sight import read
from replication.adapters.memory.world import World
from replication.binlog.survey import History
from replication.ports import OpenTransaction, ServerView, Session

DRAIN_POLL_S = 0.1


class MemoryDatabase:
    """One member as the controller reaches it from *place*.

    timeout_s: how long it waits for an answer that does not come.
    seeding_s: how long copying a donor takes.
    """

    def __init__(
        self,
        world: World,
        server: ServerId,
        *,
        place: str = "controller",
        timeout_s: float = 1.0,
        seeding_s: float = 0.0,
    ) -> None:
        self._world = world
        self._member = world.servers[server]
        self._place = place
        self._timeout_s = timeout_s
        self._copies = MemoryCopies(seeding_s)
        self._line = Connection(world, server, place, timeout_s)
        self._canary: asyncio.Future[Told] | None = None
        self._owner = ""

    @property
    def server(self) -> ServerId:
        """Return the member this adapter speaks to."""
        return self._member.server

    # ---- seeing -------------------------------------------------------------

    async def view(self) -> ServerView | NotSeen:
        """Read everything worth knowing; changes nothing."""
        unseen = await self._line.unseen()
        return unseen if unseen is not None else read(self._world, self._member)

    async def history(self) -> History | NotSeen:
        """Read everything it has executed."""
        unseen = await self._line.unseen()
        return unseen or History(state=str(self._member.executed))

    async def transactions(
        self, *, older_than_s: float
    ) -> tuple[OpenTransaction, ...] | NotSeen:
        """Return the transactions open for longer, oldest first."""
        unseen = await self._line.unseen()
        if unseen is not None:
            return unseen
        now_s = self._world.clock.monotonic_s()
        return self._member.open_longer_than(older_than_s, now_s)

    async def canary(self, *, durable: bool) -> Outcome:
        """Commit one heartbeat row on a connection of its own."""
        if not durable:
            return await self._local_canary()
        if self._canary is not None and not self._canary.done():
            return Unknown("a canary still hangs in commit")
        unseen = await self._line.unseen()
        if unseen is not None:
            return Refused(unseen.reason)
        member = self._member
        if not member.writable:
            return Refused("read-only")
        heard: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._canary = heard

        def ended(told: Told) -> None:
            self._world.wires.send(
                member.place, self._place, lambda: resolve(heard, told)
            )

        transaction = self._world.commit(member, "heartbeat", "", ended)
        # Shielded: a caller that gives up leaves the commit hanging on the server.
        if await asyncio.shield(heard) is Told.OK:
            return Done({"gtid": transaction.gtid})
        return Unknown("connection lost while committing")

    async def _local_canary(self) -> Outcome:
        unseen = await self._line.unseen()
        if unseen is not None:
            return Refused(unseen.reason)
        if self._member.read_only:
            return Refused("read-only")
        self._member.local_canaries += 1
        return Done()

    # ---- sessions -----------------------------------------------------------

    async def ensure_claimed(self, owner: str) -> Outcome:
        """Hold the controller's named lock on the order session (rule 10)."""

        def claim() -> Outcome:
            member, mine = self._member, self._line.session().connection_id
            now_s = self._world.clock.monotonic_s()
            self._line.end_stale_holder(now_s)
            if member.lock is None or member.lock.connection_id == mine:
                member.lock = Lock(owner, mine, now_s)
                return Done({"owner": owner})
            return Refused(f"held by {member.lock.owner}")

        self._owner = owner
        unseen = await self._line.unseen()
        if unseen is not None:
            return Unknown(unseen.reason)
        outcome = await self._line.send("claim", claim)
        if isinstance(outcome, Refused) and self._member.lock is None:
            return Unknown(outcome.reason)  # refused on the way, not by an owner
        return outcome

    async def ready(self) -> Session | NotSeen:
        """Prove the order session by a round trip just now and name it."""
        unseen = await self._line.unseen()
        if unseen is not None:
            self._line.hang_up()
            return unseen
        return self._line.session()

    async def session_ended(self, session: Session) -> Outcome:
        """End *session* if it still lives; `Done` once it is proven gone."""
        unseen = await self._line.unseen()
        if unseen is not None:
            return Unknown(unseen.reason)
        if session.boot_id == self._member.boot_id:
            close(self._member, session.connection_id)
        return Done()

    async def aclose(self) -> None:
        """Close every connection; safe to call twice."""
        self._line.hang_up()

    # ---- orders -------------------------------------------------------------

    async def ensure_frozen(self, epoch: Epoch) -> Outcome:
        """Stop the receiver; the applier goes on."""

        def freeze() -> Outcome:
            member = self._member
            if member.wants:
                member.wants = False
                self._world.disconnect(member)
                self._world.note("not_receiving", member.server)
            return self._position()

        return await self._order("freeze", epoch, freeze)

    async def ensure_following(self, source: ServerId, epoch: Epoch) -> Outcome:
        """Receive and apply from *source*."""

        def follow() -> Outcome:
            member, world = self._member, self._world
            if member.writable:
                return Refused("writable: a primary follows nobody")
            if source == member.server or source not in world.servers:
                return Refused(f"cannot follow {source}")
            if member.source != source:
                self._leave_source()
                member.source = source
            member.applier = True
            if not member.wants:
                member.wants = True
                only_here = world.only_on(member.server, source)
                world.note(
                    "receiving", member.server, source=source, only_here=only_here
                )
            world.connect(member)
            world.apply(member)
            return Done()

        self._line.end_given_up()
        return await self._order("follow", epoch, follow)

    async def ensure_drained(self, epoch: Epoch) -> Outcome:
        """Apply everything received; the receiver must already be stopped."""

        def drain() -> Outcome:
            member = self._member
            if member.wants:
                return Refused("still receiving")
            member.applier = True
            self._world.apply(member)
            if member.relay or member.stuck:
                return Refused(f"{len(member.relay)} transactions are unapplied")
            return self._position()

        while True:  # as long as the caller lets it, like the real ones
            outcome = await self._order("drain", epoch, drain)
            if not isinstance(outcome, Refused) or not self._member.lagging:
                return outcome
            await asyncio.sleep(DRAIN_POLL_S)

    async def ensure_open(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Forget the source, record *epoch* in the database, accept writes."""

        def open_writes() -> Outcome:
            member = self._member
            if member.boot_id != boot_id:
                return Refused(f"restarted: boot id is {member.boot_id}")
            if member.wants:
                return Refused("still receiving")
            self._leave_source()
            if member.epoch < epoch and not self._record(epoch):
                return Unknown("the epoch row waits for an acknowledgement")
            if not member.writable:
                member.read_only = member.offline = False
                self._world.note_opened(member, epoch)
            return Done({"boot_id": boot_id, "executed": str(member.executed)})

        return await self._order("open", epoch, open_writes)

    async def ensure_ids_skipped(self, epoch: Epoch) -> Outcome:
        """Leave a gap; rows here have names, so that only the epoch matters."""

        def skip() -> Outcome:
            member = self._member
            if not member.writable or member.epoch != epoch:
                return Refused(f"not open under epoch {epoch}")
            return Done({"ids": "no counter to raise"})

        return await self._order("skip ids", epoch, skip)

    async def ensure_heard(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Commit one durable row while closed to applications."""

        def beat() -> Outcome:
            member = self._member
            if member.boot_id != boot_id:
                return Refused(f"restarted: boot id is {member.boot_id}")
            if member.writable or member.source is not None:
                return Refused("it takes writes, or follows a source")
            if not member.required or not member.clients:
                return Refused("nobody is there to acknowledge")
            if member.waiters or (member.epoch < epoch and not self._record(epoch)):
                return Unknown("an earlier row waits for an acknowledgement")
            answers: list[Told] = []
            beaten = self._world.commit(member, "heartbeat", "", answers.append)
            if answers != [Told.OK]:
                return Unknown("the row waits for an acknowledgement")
            return Done({"gtid": beaten.gtid})

        return await self._order("hear", epoch, beat)

    async def ensure_closed(self, epoch: Epoch) -> Outcome:
        """End application clients, then accept no write."""

        def close() -> Outcome:
            member = self._member
            if member.full:  # neither engine can record what closing needs
                return Refused("no space left on its disk")
            if member.writable:
                self._world.note("closed", member.server, epoch=str(epoch))
            member.offline = True
            member.kill_clients()
            if member.waiters:  # MySQL: read_only would hang behind them
                self._world.settle()
                return Unknown(f"{len(member.waiters)} commits still wait")
            member.read_only = True
            self._world.settle()
            return Done({"executed": str(member.executed)})

        return await self._order("close", epoch, close)

    async def ensure_reopened(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Undo `ensure_closed`: this process accepts writes as it did before."""

        def reopen() -> Outcome:
            member = self._member
            if member.boot_id != boot_id:
                return Refused(f"restarted: boot id is {member.boot_id}")
            if member.source is not None:
                return Refused("a replica is not reopened")
            if not member.writable:
                member.read_only = member.offline = False
                self._world.note("reopened", member.server, epoch=str(epoch))
            return Done({"boot_id": boot_id, "executed": str(member.executed)})

        self._line.end_given_up()
        return await self._order("reopen", epoch, reopen)

    async def ensure_acks_required(
        self, epoch: Epoch, *, required: bool, acks: int = 1
    ) -> Outcome:
        """Turn the source side of semi-sync on or off."""

        def turn() -> Outcome:
            member = self._member
            if member.required == required and (not required or member.acks == acks):
                return Done({"acks": str(member.acks)})
            if required and acks > 1 and member.habits.engine is Engine.MARIADB:
                return Refused("MariaDB waits for one acknowledgement, never for more")
            if required and len(member.clients) < acks:
                return Refused(f"{len(member.clients)} receivers are connected")
            self._world.require(member, required=required, acks=acks)
            return Done({"acks": str(member.acks)})

        return await self._order("require acks" if required else "degrade", epoch, turn)

    async def ensure_seeded(self, donor: ServerId, epoch: Epoch) -> Outcome:
        """Hold a complete copy of *donor*'s data and its GTID position."""

        def seed() -> Outcome:
            member, source = self._member, self._world.servers[donor]
            if member.writable or member.wants:
                return Refused("not an idle, read-only member")
            if not member.binlog:
                reason = self._lay(source)
                if reason is not None:
                    return Refused(reason)
                self._world.note("seeded", member.server, donor=donor)
            elif not member.logged.within(source.logged):
                return Refused(f"holds transactions {donor} does not have")
            size = sum(len(t.value) for t in member.binlog)
            return Done({"executed": str(member.executed), "bytes": str(size)})

        if not self._member.binlog:
            await self._copies.take(self._world.servers[donor])
        return await self._order("seed", epoch, seed)

    async def copying(self) -> CopyProgress | NotSeen | None:
        """Tell how far the copy that `ensure_seeded` takes is."""
        return self._copies.progress()

    # ---- inside -------------------------------------------------------------

    async def _order(self, name: str, epoch: Epoch, run: Order) -> Outcome:
        def checked() -> Outcome:
            seen, lock = self._member.epoch, self._member.lock
            if seen > epoch:
                return Refused(f"epoch {seen} was seen")
            if self._owner and lock is not None and lock.owner != self._owner:
                self._world.note("trespass", self._member.server, order=name)
            return run()

        return await self._line.send(name, checked, late=run)

    def _record(self, epoch: Epoch) -> bool:
        """Write the epoch row; False when its commit hangs (rule 8)."""
        answers: list[Told] = []
        self._world.commit(self._member, "epoch", str(epoch), answers.append)
        return answers == [Told.OK]

    def _leave_source(self) -> None:
        if self._member.wants:
            self._member.wants = False
            self._world.note("not_receiving", self._member.server)
        self._world.disconnect(self._member)
        self._member.forget_source()

    def _lay(self, donor: MemoryServer) -> str | None:
        """Copy *donor*; return why it cannot be done, None when it is."""
        member, world = self._member, self._world
        if member.habits.engine is Engine.MARIADB:
            if member.laid_copy is None:
                return "provisioning has laid no copy"
            member.lay(member.laid_copy)
            return None
        linked = world.wires.both_open(member.place, donor.place)
        if donor.process is not Process.UP or not linked:
            return f"cannot reach the donor {donor.server}"
        member.lay(donor.copy())
        return None

    def _position(self) -> Done:
        member = self._member
        return Done(
            {
                "boot_id": member.boot_id,
                "received": str(member.received),
                "executed": str(member.executed),
            }
        )
