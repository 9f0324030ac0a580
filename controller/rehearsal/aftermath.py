"""Old primaries in memory: their logs, and where a rehearsal keeps them."""

from collections.abc import Mapping
from typing import Protocol

from typing_extensions import override

from controller.act.aftermath import Aftermath, Archive, Kept, Tree
from controller.model.ids import ServerId, ZoneId
from controller.rehearsal.zones import CuttableRemains
from deploy.adapters.memory import MemoryProvisioner
from deploy.remains.memory import MemoryRemains
from replication.adapters.memory import World
from replication.adapters.memory.logs import MemoryLost, MemorySurvey, log_files


class Note(Protocol):
    """Puts something in the history of the world."""

    def __call__(self, server: ServerId, *, extra: str, acknowledged: str) -> None:
        """Say whose logs were kept."""
        ...


class MemoryArchive(Archive):
    """Keeps everything in dictionaries; outlives the daemons of a rehearsal."""

    def __init__(self, note: Note) -> None:
        """*note* hears whose logs were kept, for which GTIDs, and who was told OK."""
        self._note = note
        self.kept: list[tuple[Kept, Mapping[str, bytes]]] = []
        self.reports: dict[str, Tree] = {}
        self._partial: dict[ServerId, dict[str, bytes]] = {}

    @override
    async def begin(self, server: ServerId) -> None:
        self._partial[server] = {}

    @override
    async def add(self, server: ServerId, name: str, chunk: bytes) -> None:
        files = self._partial[server]
        files[name] = files.get(name, b"") + chunk

    @override
    async def publish(self, server: ServerId, about: Tree) -> Kept:
        files = self._partial.pop(server)
        for kept, data in self.kept:
            if kept.about["server"] == server and data == files:
                return kept
        extra = about["extra"]
        assert isinstance(extra, list)
        kept = Kept(
            where=f"lost-writes/{server}.{len(self.kept) + 1}",
            files=tuple(files),
            extra=tuple(extra),
            about={"server": server, **about},
        )
        self.kept.append((kept, files))
        told = str(about.get("acknowledged"))
        self._note(server, extra=" ".join(kept.extra), acknowledged=told)
        return kept

    @override
    async def latest(self, server: ServerId) -> Kept | None:
        mine = [kept for kept, _ in self.kept if kept.about["server"] == server]
        return mine[-1] if mine else None

    @override
    async def read(self, kept: Kept, name: str, *, offset: int) -> bytes:
        (data,) = (files for k, files in self.kept if k.where == kept.where)
        return data[name][offset:]

    @override
    async def report(self, kept: Kept, tree: Tree) -> str:
        where = f"{kept.where}/report.json"
        self.reports[where] = tree
        return where


class Stage(Protocol):
    """What of a rehearsed site this needs."""

    world: World
    provisioner: MemoryProvisioner
    archive: MemoryArchive
    remains_type: type[MemoryRemains]

    def in_reach(self, zone: ZoneId) -> bool:
        """Tell whether the out-of-band hand reaches *zone*."""
        ...


def memory_aftermath(stage: Stage) -> Aftermath:
    """Return what an old primary of *world* is compared with and kept by."""
    world = stage.world

    def examined(server: ServerId) -> None:
        member = world.servers[server]
        garbled = {"garbled": "1"} if member.garbled else {}
        now_s = world.clock.monotonic_s()
        process = member.process.value
        world.truth.note(now_s, "examined", server, process=process, **garbled)

    remains = stage.remains_type(
        stage.provisioner, lambda s: log_files(world.servers[s])
    )
    return Aftermath(
        remains=CuttableRemains(remains, stage.in_reach, examined),
        archive=stage.archive,
        survey=MemorySurvey,
        lost=MemoryLost,
    )


__all__ = ["MemoryArchive", "MemoryRemains", "memory_aftermath"]
