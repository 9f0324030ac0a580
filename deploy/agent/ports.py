"""What the zone agent asks of its surroundings; each has a memory adapter."""

from dataclasses import dataclass
from typing import Protocol

from controller.model.ids import BootId, Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome
from deploy.agent.memo import NO_BOOT, Held

MARGIN_S = 3.0
"""Between the end of a lease and death for sure: the guard's patience, a hand that
kills within a second, and `SLIP_S`. A slower hand says so: see `beyond_margin_s`."""

SLACK_S = 1.5
"""The guard's patience: what an agent needs to end clients in order and to kill."""

SLIP_S = 0.5
"""The guard's round, starting the hand, and clocks that do not run alike."""

TTL_MIN_S = 3.0
"""Below it a slow network looks like isolation."""


def gone_after_s(ttl_s: float, kill_s: float) -> float:
    """Return when a primary is surely dead, seconds after its last renewal."""
    return ttl_s + MARGIN_S + beyond_margin_s(kill_s)


def beyond_margin_s(kill_s: float) -> float:
    """Return how much longer than `MARGIN_S` a hand that takes *kill_s* may need."""
    return max(0.0, SLACK_S + kill_s + SLIP_S - MARGIN_S)


def patience_s(known_s: float, own_s: float, kill_s: float) -> float:
    """Return the shorter of an agent's setting and what is on record of it; 0: none.

    On record is what it said: with the time beyond the margin its hand needs. A slower
    hand since makes it less patient, until the controller has recorded the new sum.
    """
    if known_s:
        known_s = max(TTL_MIN_S, known_s - beyond_margin_s(kill_s))
    return min(known_s, own_s) if known_s and own_s else known_s or own_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """ttl_s: `self_fence_after_s`; 0: this agent never ends a primary by itself.

    kernel: boot id of the machine, under which CLOCK_BOOTTIME is comparable.
    """

    zone: ZoneId
    server: ServerId
    ttl_s: float = 0.0
    kernel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandState:
    """The zone's database process. inhibited: it is not started again by itself."""

    running: bool
    inhibited: bool


class ProcessHand(Protocol):
    """Ends and inhibits the zone's database process; knows nothing of SQL."""

    @property
    def kill_s(self) -> float:
        """Return within how many seconds of `kill` the first SIGKILL was sent."""
        ...

    async def state(self) -> HandState | NotSeen:
        """Read it; changes nothing."""
        ...

    async def kill(self, epoch: Epoch | None, why: str) -> Outcome:
        """SIGKILL, inhibit the restart durably, and see it dead; idempotent.

        The kill waits for nothing: what is alone must be gone in time, and what comes
        up again before the restart is inhibited is read-only, and killed again.
        None: under the epoch on record there, whichever that is. `Done` only when
        both are so. An older epoch than the one on record with the process is
        `Refused`. Evidence: `pid`, `inhibited`.
        """
        ...

    async def release(self, epoch: Epoch, why: str) -> Outcome:
        """Lift the inhibition and start it; it boots read-only. Never opens it.

        `Refused` while an order of a newer epoch stands: somebody else's fence.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalView:
    """What the zone's own database says. receives: its receiver runs or tries to."""

    boot_id: BootId
    writable: bool
    receives: bool


class LocalDatabase(Protocol):
    """The zone's own database, over the zone's own address."""

    async def look(self) -> LocalView | NotSeen:
        """Read it, within a second; changes nothing."""
        ...

    async def end_clients(self, epoch: Epoch) -> Outcome:
        """End its clients so that no waiting commit is told OK, then close it."""
        ...

    async def stop_receiving(self, epoch: Epoch) -> Outcome:
        """Stop its receiver; the applier goes on."""
        ...

    async def aclose(self) -> None:
        """Close every connection; safe to call twice."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A peer's answer to `renew`; *promised*: below it this zone is not renewed."""

    granted: bool
    promised: Epoch


class Peer(Protocol):
    """Another zone's agent, as a renewer."""

    async def renew(self, zone: ZoneId, epoch: Epoch) -> Renewal | NotSeen:
        """Ask it to witness that *zone* is not alone; within a second."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The controller's word, again and again.

    renews: it vouches that this zone's database may go on as primary.
    nonce: of the agent's previous answer; the renewal counts from that answer.
    known_ttl_s: what its journal says of this zone. opened: the process in which
    the database is to take writes, empty: none is. follows: it is to receive.
    """

    epoch: Epoch
    renews: bool
    nonce: str
    known_ttl_s: float
    opened: BootId = NO_BOOT
    follows: bool = False


def relied_on_s(known_s: float, said: Contact) -> float:
    """Return what the controller counts on, after *said*: *known_s* was before; 0: no.

    Only who vouches for the zone lifts it: a run that leaves the zone goes on counting
    on what was on record when it began.
    """
    if said.renews or not known_s or 0 < said.known_ttl_s < known_s:
        return said.known_ttl_s
    return known_s


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentState:
    """What an agent says of itself.

    armed_s: so long after its last renewal, and `MARGIN_S`, a primary is surely dead:
    its ttl, and what its hand may need beyond the margin; 0: it would not fence.
    boot: the database process it last saw. peers: the zones it asks to be renewed by.
    trouble: what a person should know, in a sentence; empty: nothing.
    """

    zone: ZoneId
    server: ServerId
    epoch: Epoch
    running: bool
    inhibited: bool
    writable: bool
    held: Held
    armed_s: float
    nonce: str
    boot: BootId = NO_BOOT
    peers: tuple[ZoneId, ...] = ()
    trouble: str = ""


class ZoneAgent(Peer, Protocol):
    """A zone's agent, as the controller speaks to it. Nothing here raises."""

    async def contact(self, said: Contact) -> AgentState | NotSeen:
        """Say the controller's word; return what the agent answers."""
        ...

    async def fence(self, server: ServerId, epoch: Epoch) -> Outcome:
        """Order proof (a): dead, and its restart inhibited."""
        ...

    async def promise(self, zone: ZoneId, epoch: Epoch) -> Outcome:
        """Have it swear, durably, to renew nothing for *zone* below *epoch*."""
        ...

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        ...
