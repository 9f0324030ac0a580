"""Looking at an old primary, step by step, on memory adapters."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from typing_extensions import override

from controller.act.aftermath import Aftermath, Kept, Tree
from controller.act.execute_rejoin import RejoinExecutor
from controller.act.ports import DatabaseSeat
from controller.act.virtual import VirtualClock
from controller.model.commands import (
    Compare,
    EnsureReported,
    EnsureResumed,
    EnsureSaved,
    Member,
)
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from controller.rehearsal.aftermath import MemoryArchive
from deploy.adapters.memory import MemoryProvisioner
from deploy.remains.memory import MemoryRemains
from replication.adapters.memory import MemoryDatabase, World
from replication.adapters.memory.logs import FILE, MemoryLost, MemorySurvey
from replication.binlog.survey import History
from tests.no_ports import NO_PORTS

A, B = ServerId("db-a"), ServerId("db-b")
OLD = Member(server=A, zone=ZoneId("a"))
COMPARE = Compare(old=OLD, successor=B, epoch=Epoch(3))
SAVE = EnsureSaved(old=OLD, successor=B, covered=True, epoch=Epoch(3))
REPORT = EnsureReported(old=OLD, epoch=Epoch(3))
ROW, OTHER = b"u:1 row one\n", b"u:2 row two\n"


class FullArchive(MemoryArchive):
    """No space is left."""

    @override
    async def publish(self, server: ServerId, about: Tree) -> Kept:
        raise OSError(28, "No space left on device")


@dataclass
class Scene:
    """A dead `db-a` with *logs*, and a successor that has executed `u:1`."""

    logs: dict[str, bytes]
    archive: MemoryArchive = field(
        default_factory=lambda: MemoryArchive(
            lambda server, *, extra, acknowledged: None
        )
    )
    reads: int = 0
    grows: bool = False
    dead: bool = True

    def files(self, server: ServerId) -> Mapping[str, bytes]:
        assert server == A
        self.reads += 1
        if self.grows and self.reads > 2:
            return {**self.logs, "binlog.000009": b""}
        return self.logs

    def executor(self) -> RejoinExecutor:
        world = World(VirtualClock())
        world.add(B).show(world.servers[B].log("row", "own"))
        world.servers[B].executed.add("u", 1)
        provisioner = MemoryProvisioner({ZoneId("a"): A}, running=[ZoneId("a")])
        if self.dead:
            asyncio.run(provisioner.ensure_stopped(ZoneId("a"), A, Epoch(2)))
        database = MemoryDatabase(world, B, place="db-b")
        seat = DatabaseSeat(database=database, zone=ZoneId("b"), address="db-b:1")
        return RejoinExecutor(
            replace(
                NO_PORTS,
                databases={B: seat},
                provisioner=provisioner,
                aftermath=Aftermath(
                    remains=MemoryRemains(provisioner, self.files),
                    archive=self.archive,
                    survey=MemorySurvey,
                    lost=MemoryLost,
                ),
            ),
            VirtualClock(),
        )

    def compared(self) -> Outcome:
        return asyncio.run(self.executor().compared(COMPARE))

    def saved(self) -> Outcome:
        return asyncio.run(self.executor().saved(SAVE))

    def reported(self) -> Outcome:
        return asyncio.run(self.executor().reported(REPORT))


def test_three_answers() -> None:
    """Clean, not clean, nobody can tell."""
    assert isinstance(Scene({FILE: ROW}).compared(), Done)
    more = Scene({FILE: ROW + OTHER}).compared()
    assert isinstance(more, Refused)
    assert "1 transactions the successor lacks: u:2" in more.reason
    assert isinstance(Scene({FILE: b"\0"}).compared(), Unknown)
    assert isinstance(Scene({FILE: b"x y z w"}).compared(), Unknown)
    assert isinstance(Scene({}).compared(), Unknown)


def test_a_running_one_is_not_compared() -> None:
    """Rule 7: whatever it holds."""
    answer = Scene({FILE: ROW}, dead=False).compared()
    assert isinstance(answer, Unknown)
    assert "may run" in answer.reason


def test_logs_that_change_were_not_of_a_dead_one() -> None:
    answer = Scene({FILE: ROW}, grows=True).compared()
    assert isinstance(answer, Unknown)
    assert "changed" in answer.reason


def test_what_is_saved_is_what_only_it_has() -> None:
    scene = Scene({FILE: ROW + OTHER})
    done = scene.saved()
    assert isinstance(done, Done), done
    assert (done.evidence["transactions"], done.evidence["acknowledged"]) == (
        "1",
        "nobody",
    )
    ((kept, files),) = scene.archive.kept
    assert (kept.extra, files) == (("u:2",), {FILE: ROW + OTHER})
    assert isinstance(scene.saved(), Done)
    assert len(scene.archive.kept) == 1


def test_nothing_is_saved_of_a_clean_one() -> None:
    scene = Scene({FILE: ROW})
    assert isinstance(scene.saved(), Refused)
    assert not scene.archive.kept


def test_a_full_disk_is_a_plain_no() -> None:
    """Then nothing may be laid over it; the next attempt may find room."""
    scene = Scene(
        {FILE: OTHER}, FullArchive(lambda server, *, extra, acknowledged: None)
    )
    answer = scene.saved()
    assert isinstance(answer, Refused)
    assert "No space left" in answer.reason


def test_the_report_gives_figures_to_the_journal_and_rows_to_the_archive() -> None:
    scene = Scene({FILE: ROW + OTHER})
    assert isinstance(scene.reported(), Refused)
    scene.saved()
    done = scene.reported()
    assert isinstance(done, Done), done
    assert done.evidence["tables"] == "cms.rows insert 1"
    assert "two" not in str(done.evidence)
    (tree,) = scene.archive.reports.values()
    assert "two" in str(tree)


@pytest.mark.parametrize("order", ["compared", "saved", "reported", "resumed"])
def test_without_a_provisioner_there_is_nothing_to_look_at(order: str) -> None:
    executor = Scene({}).executor()
    bare = RejoinExecutor(
        replace(NO_PORTS, databases=executor.ports.databases),
        VirtualClock(),
    )
    orders = {
        "compared": COMPARE,
        "saved": SAVE,
        "reported": REPORT,
        "resumed": EnsureResumed(old=OLD, epoch=Epoch(3)),
    }
    answer = asyncio.run(getattr(bare, order)(orders[order]))
    assert not isinstance(answer, Done)
    assert "no provisioner" in answer.reason


def test_the_position_its_copy_was_laid_at_is_part_of_the_question() -> None:
    """A MariaDB log does not say what came with the copy."""

    class Laid(MemoryRemains):
        @override
        async def laid_at(self, zone: ZoneId, server: ServerId) -> str:
            return f"{server} in {zone}"

    asked: list[str] = []

    def survey(history: History, laid: str) -> MemorySurvey:
        asked.append(laid)
        return MemorySurvey(history)

    scene = Scene({FILE: ROW})
    executor = scene.executor()
    aftermath, provisioner = executor.ports.aftermath, executor.ports.provisioner
    assert aftermath is not None
    assert isinstance(provisioner, MemoryProvisioner)
    remains = Laid(provisioner, scene.files)
    changed = replace(aftermath, remains=remains, survey=survey)
    executor = replace(executor, ports=replace(executor.ports, aftermath=changed))
    assert isinstance(asyncio.run(executor.compared(COMPARE)), Done)
    assert asked == ["db-a in a"]
