"""The doctor's questions to a memory server, answered as the real ones answer.

What nothing in the memory world can get wrong (the binary log, the disk, the
admin port) is as the lab sets it up; what can is read from the server.
"""

from collections.abc import Mapping

from typing_extensions import override

from controller.model.ids import ServerId
from replication.adapters.memory.connection import Connection
from replication.adapters.memory.server import MemoryServer
from replication.adapters.memory.world import World
from replication.doctor.inspection import (
    DatabaseAccount,
    Inspection,
    NotInspected,
    Setting,
)
from replication.doctor.words import WORDS
from replication.ports import Inspector
from replication.statements import ACK_TIMEOUT_MS

ADMIN_PORT = 3307
APPLICATION = "app"

_ALWAYS: Mapping[str, str] = {
    "port": "3306",
    "log_bin": "ON",
    "sync_binlog": "1",
    "datadir": "/var/lib/mysql/",
    "flush_log": "1",
    "ack_point": "AFTER_SYNC",
    "ack_timeout": str(ACK_TIMEOUT_MS),
    "acks_alone": "ON",
    "ack_sender": "ON",
    "gtid": "ON",
    "gtid_consistent": "ON",
    "relayed_in_binlog": "ON",
    "admin_port": str(ADMIN_PORT),
    "admin_address": "*",
    "mandatory_roles": "",
    "loads_persisted": "ON",
    "clone": "OFF",
}


class MemoryInspector(Inspector):
    """One look at one memory server, from *place*."""

    def __init__(
        self,
        world: World,
        server: ServerId,
        *,
        place: str = "controller",
        timeout_s: float = 0.4,
    ) -> None:
        self._world = world
        self._member = world.servers[server]
        self._line = Connection(world, server, place, timeout_s)

    @override
    async def inspect(self) -> Inspection | NotInspected:
        unseen = await self._line.unseen()
        if unseen is not None:
            return NotInspected(self._member.server, unseen)
        world, member = self._world, self._member
        world.truth.note(world.clock.monotonic_s(), "inspected", member.server)
        words = WORDS[member.habits.engine.value]
        versions = {"mariadb": "10.11.19-MariaDB-log", "mysql": "9.7.4"}
        values = {**_ALWAYS, **_own_settings(member)}
        at_boot = _at_boot(member)
        return Inspection(
            server=member.server,
            words=words,
            admin_port=ADMIN_PORT,
            whoami="sitedr@%",
            version=versions[words.engine],
            uptime_s=world.clock.monotonic_s() - member.booted_at_s,
            clock_offset_s=0.0,
            clock_error_s=0.0,
            settings={
                key: Setting(name, values[key], at_boot.get(key, values[key]))
                for key, name in words.settings.items()
            },
            own=frozenset(words.needed),
            accounts=(
                _account("sitedr", frozenset(words.needed)),
                _account("repl", frozenset({"REPLICATION SLAVE"})),
                _account(APPLICATION, member.granted),
            ),
            data_bytes=None,
        )


def _own_settings(member: MemoryServer) -> Mapping[str, str]:
    return {
        **_at_boot(member),
        "server_id": member.origin[:8].lstrip("0"),
        "server_uuid": member.origin,
        "closed": _switch(on=member.read_only),
        "acks_required": _switch(on=member.required),
    }


def _at_boot(member: MemoryServer) -> Mapping[str, str]:
    """Return what its files say, where that is not what it runs with."""
    habits = member.habits
    return {
        "closed": _switch(on=not habits.writable_at_boot),
        "acks_required": "OFF",
        "skip_start": _switch(on=not habits.replicates_at_boot),
        "relay_log_recovery": _switch(on=not habits.keeps_relay),
    }


def _switch(*, on: bool) -> str:
    return "ON" if on else "OFF"


def _account(user: str, privileges: frozenset[str]) -> DatabaseAccount:
    return DatabaseAccount(
        user=user,
        host="%",
        locked=False,
        privileges=dict.fromkeys(privileges, f"'{user}'@'%'"),
    )
