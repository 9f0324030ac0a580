"""What the controller may ask of whoever runs the zones' processes.

The provisioner is out of band: it stands for the hypervisor, the container
engine or the power switch, and can answer for a zone that is gone.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

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
