"""What a memory server says of itself when it is asked."""

from controller.model.ids import Epoch
from replication.adapters.memory.server import Engine, MemoryServer
from replication.adapters.memory.world import World
from replication.ports import Receiving, ServerView, SourceSide

HEARTBEAT_S = 0.2
"""As the real replicas are told to expect; silence is judged against it."""

NET_TIMEOUT_S = 5.0
"""A receiver that heard nothing for so long says it is connecting."""


VERSIONS = {Engine.MARIADB: "10.11.19-MariaDB", Engine.MYSQL: "9.7.4"}
"""Whose habits are copied."""


def read(world: World, member: MemoryServer) -> ServerView:
    """Return what *member* says of itself now."""
    source = f"{member.source}:3306" if member.source is not None else None
    sources = (*((source,) if source is not None else ()), *member.also)
    return ServerView(
        server=member.server,
        boot_id=member.boot_id,
        uptime_s=world.clock.monotonic_s() - member.booted_at_s,
        writable=member.writable,
        epoch=Epoch(member.epoch),
        source=sources[0] if sources else None,
        receiving=_receiving(world, member),
        applying=member.applier,
        received=str(member.received),
        executed=str(member.executed),
        heartbeats=world.heartbeats(member, HEARTBEAT_S),
        source_side=SourceSide(
            required=member.required,
            active=member.required,
            receivers=len(member.clients),
            waiters=len(member.waiters),
            acks=member.acks,
        ),
        sources=sources,
        version=member.version or VERSIONS[member.habits.engine],
        origin=member.origin,
    )


def _receiving(world: World, member: MemoryServer) -> Receiving:
    if member.source is None:
        return Receiving.NONE
    if not member.wants:
        return Receiving.STOPPED
    talks = world.talks(member, NET_TIMEOUT_S)
    return Receiving.YES if talks else Receiving.CONNECTING
