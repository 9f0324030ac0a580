"""What an agent must not forget: written before it is said, read at the start."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from typing_extensions import override

from controller.model.errors import ControllerError
from controller.model.ids import BootId, Epoch, ZoneId
from deploy.agent.lease_file import LeaseFile
from deploy.lab.durable import read_json, write_durably

NO_EPOCH = Epoch(0)
NO_BOOT = BootId("")
LEASE = "lease"


class Held(StrEnum):
    """Why the agent keeps its database down; each has its own way back."""

    NOT = ""
    FENCED = "fenced"  # on order: only a person, or provisioning, starts it
    SELF_FENCED = "self_fenced"  # alone for too long: the controller's word lifts it
    STOPPED = "stopped"  # by a person, who also starts it
    SHUT_DOWN = "shut_down"  # with the agent: it starts with it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """Durable. promises: zone → epoch below which it is not renewed.

    known_ttl_s: what the controller has on record for this zone; 0: nothing. An
    agent that was promised to end a database by then goes on doing so until the
    controller has heard otherwise, whatever its own file says now.
    boot: the database process last seen in order; another one is judged first.
    vouched: the newest epoch under which the controller renewed this zone. Peers are
    asked under this one: an epoch that only a fence of this zone brought here would
    pass every promise made for that very fence.
    """

    epoch: Epoch = NO_EPOCH
    held: Held = Held.NOT
    promises: Mapping[ZoneId, Epoch] = field(
        default_factory=lambda: MappingProxyType({})
    )
    known_ttl_s: float = 0.0
    boot: BootId = NO_BOOT
    vouched: Epoch = NO_EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """When the database was last surely not alone; for the guard beside the agent.

    kernel: boot id of the machine whose CLOCK_BOOTTIME *renewed_s* is of.
    ttl_s: 0: nobody is to end it. primary: it takes writes.
    """

    kernel: str
    renewed_s: float
    ttl_s: float
    primary: bool
    epoch: Epoch

    def is_overdue(self, now_s: float, kernel: str) -> bool:
        """Tell whether a primary was alone for so long that it must be ended."""
        ticking = self.primary and self.ttl_s > 0 and kernel == self.kernel
        return ticking and now_s - self.renewed_s >= self.ttl_s


class Store(Protocol):
    """Keeps an agent's memory; `save` is durable when it returns."""

    def load(self) -> Memo:
        """Return what was saved last; a fresh memo the first time."""
        ...

    def save(self, memo: Memo) -> None:
        """Replace it; raises `OSError` when it is not durable."""
        ...

    def lease(self) -> Lease | None:
        """Return what was leased last, None when nothing is known."""
        ...

    def let(self, lease: Lease) -> None:
        """Replace the lease; it need not survive the machine, only the agent.

        Raises `OSError`; the one before still counts then.
        """
        ...


class UnreadableMemoError(ControllerError):
    """An agent without its promises could renew what it swore not to."""


@dataclass(frozen=True, slots=True)
class FileStore(Store):
    """`agent.json` and `lease` in one directory."""

    directory: Path

    @override
    def load(self) -> Memo:
        path = self.directory / "agent.json"
        try:
            found = read_json(path)
            if found is None:
                return Memo()
            promises = found["promises"]
            assert isinstance(promises, dict)
            return Memo(
                epoch=Epoch(int(str(found["epoch"]))),
                held=Held(str(found["held"])),
                promises={ZoneId(z): Epoch(int(e)) for z, e in promises.items()},
                known_ttl_s=float(str(found["known_ttl_s"])),
                boot=BootId(str(found["boot"])),
                vouched=Epoch(int(str(found["vouched"]))),
            )
        except (OSError, ValueError, KeyError, AssertionError) as error:
            raise UnreadableMemoError(
                f"{path} cannot be read ({error!r}): restore it, or remove it once the"
                " controller has moved to a newer epoch than it ever promised"
            ) from error

    @override
    def save(self, memo: Memo) -> None:
        body = {
            "epoch": memo.epoch,
            "held": memo.held.value,
            "promises": dict(memo.promises),
            "known_ttl_s": memo.known_ttl_s,
            "boot": memo.boot,
            "vouched": memo.vouched,
        }
        write_durably(self.directory / "agent.json", json.dumps(body) + "\n")

    @override
    def lease(self) -> Lease | None:
        found = LeaseFile(self.directory / LEASE).read()
        if found is None:
            return None
        return Lease(
            kernel=str(found["kernel"]),
            renewed_s=float(str(found["renewed_s"])),
            ttl_s=float(str(found["ttl_s"])),
            primary=found["primary"] is True,
            epoch=Epoch(int(str(found["epoch"]))),
        )

    @override
    def let(self, lease: Lease) -> None:
        body = {
            "kernel": lease.kernel,
            "renewed_s": lease.renewed_s,
            "ttl_s": lease.ttl_s,
            "primary": lease.primary,
            "epoch": lease.epoch,
        }
        LeaseFile(self.directory / LEASE).write(body)


@dataclass(slots=True)
class MemoryStore(Store):
    """For rehearsals: survives the agent, not the process."""

    memo: Memo = field(default_factory=Memo)
    leased: Lease | None = None

    @override
    def load(self) -> Memo:
        return self.memo

    @override
    def save(self, memo: Memo) -> None:
        self.memo = memo

    @override
    def lease(self) -> Lease | None:
        return self.leased

    @override
    def let(self, lease: Lease) -> None:
        self.leased = lease
