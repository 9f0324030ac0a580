"""What the controller may ask of whoever runs the zones' processes.

The provisioner is out of band: it stands for the hypervisor, the container
engine or the power switch, and can answer for a zone that is gone.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from controller.model.commands import EnsureFenced
from controller.model.copying import CopyProgress
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceState:
    """One zone's database process.

    inhibited: it will not be started again until an order of a newer epoch.
    seeded: the data directory is complete (never half a copy).
    """

    zone: ZoneId
    exists: bool
    running: bool
    inhibited: bool
    seeded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """One binary log file; *name* is unique in its server."""

    name: str
    size_bytes: int


class Remains(Protocol):
    """What a dead database left in its zone: its logs, and data to go on with.

    All of it is for a server that is proven dead *and* inhibited: a running
    ex-primary is neither read nor resumed.
    """

    async def logs(
        self, zone: ZoneId, server: ServerId
    ) -> tuple[LogFile, ...] | NotSeen:
        """Return its binary log files, oldest first; `NotSeen` while it may run."""
        ...

    async def read(
        self, zone: ZoneId, server: ServerId, name: str, *, offset: int
    ) -> bytes | NotSeen:
        """Return the next bytes of one file, at most some 100 KB; empty at its end."""
        ...

    async def laid_at(self, zone: ZoneId, server: ServerId) -> str | NotSeen:
        """Return the position its data was copied at (MariaDB); empty: not on record.

        `NotSeen` while it may run.
        """
        ...

    async def ensure_resumed(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        """Run it on the data it has: read-only, replicating from nobody.

        Lifts the inhibition under *epoch*; a data directory is neither made nor
        moved. `Refused` when there is none, or a newer epoch is recorded.
        """
        ...


CopyMethod: TypeAlias = Literal["auto", "physical", "logical"]


class Provisioner(Protocol):
    """Creates, stops and inhibits database instances in zones."""

    async def state(self, zone: ZoneId) -> InstanceState | NotSeen:
        """Read the instance's state; changes nothing."""
        ...

    async def ensure_stopped(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        """Kill the database process (SIGKILL) and inhibit its restart.

        Proof (a): `Done` only when the process is seen dead *and* the
        inhibition is durable; a refused connection is not death. Evidence:
        `pid`, `inhibited`.
        """
        ...

    async def ensure_instance(
        self, zone: ZoneId, server: ServerId, epoch: Epoch, *, donor: ServerId
    ) -> Outcome:
        """Run a database in *zone*, read-only, not replicating, fit to follow.

        MariaDB: its data directory is streamed from *donor* and prepared
        before the first start. MySQL: a fresh empty one, cloned afterwards by
        replication; so is MariaDB's where files cannot be copied, or are not to be:
        then replication copies the rows. An earlier data directory is moved aside,
        never erased. A crash leaves a half copy marked so and never started.
        Evidence: `bytes`, `seconds`.
        """
        ...

    async def copying(self, zone: ZoneId) -> CopyProgress | NotSeen | None:
        """Tell how far the copy that `ensure_instance` lays in *zone* is.

        None: none is under way here. Changes nothing and waits for nobody.
        """
        ...


class FenceProof(Protocol):
    """One way to prove that a lost database acknowledges nothing any more.

    Each level of DESIGN §6 is one small adapter; the order in which they are
    asked is the site's. `timeout_s`: no answer by then is `Unknown`.
    """

    @property
    def timeout_s(self) -> float:
        """Return how long `prove` may take, seconds."""
        ...

    async def prove(self, order: EnsureFenced) -> Outcome:
        """Make sure that `order.lost` acknowledges nothing, and say how it is known.

        Idempotent; an epoch older than one carried out before is `Refused`.
        `Done` is proof, with evidence of what was seen. `Refused`: certainly
        not fenced by this way. Anything that may have ended it is `Unknown`.
        """
        ...
