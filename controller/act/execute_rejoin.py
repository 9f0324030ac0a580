"""An old primary looked at, kept, reported and resumed; decides nothing."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from controller.act.aftermath import Aftermath, Kept, Tree
from controller.act.ports import Ports
from controller.model.clock import Clock
from controller.model.commands import (
    Compare,
    EnsureReported,
    EnsureResumed,
    EnsureSaved,
    Member,
)
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from deploy.ports import LogFile
from replication.binlog.survey import Comparison, Likeness, Survey

NOBODY = "no provisioner is configured: nobody can read a dead server's logs"


class _UnreadError(Exception):
    """A log could not be read to its end."""


@dataclass(frozen=True, slots=True)
class RejoinExecutor:
    """Speaks to what is left of a server, its successor and the archive."""

    ports: Ports
    clock: Clock

    async def compared(self, order: Compare) -> Outcome:
        """Answer one question: `Done` is clean, `Refused` is not, else `Unknown`."""
        aftermath = self.ports.aftermath
        if aftermath is None:
            return Unknown(NOBODY)
        found = await self._survey(aftermath, order)
        if isinstance(found, NotSeen):
            return Unknown(found.reason)
        match found.likeness:
            case Likeness.CLEAN:
                return Done({"told": found.why, "against": order.successor})
            case Likeness.EXTRA:
                return Refused(found.why)
            case Likeness.UNKNOWN:
                return Unknown(found.why)

    async def saved(self, order: EnsureSaved) -> Outcome:
        """Copy the files that hold what only it has; compared anew right before."""
        aftermath = self.ports.aftermath
        if aftermath is None:
            return Refused(NOBODY)
        found = await self._survey(aftermath, order)
        if isinstance(found, NotSeen):
            return Refused(found.reason)
        if found.likeness is not Likeness.EXTRA:
            return Refused(f"nothing to save: {found.why}")
        try:
            kept = await self._copy(aftermath, order, found)
        except (OSError, _UnreadError) as error:
            return Refused(f"not saved: {error}")
        return Done(
            {
                "archive": kept.where,
                "files": " ".join(kept.files),
                "transactions": str(len(kept.extra)),
                "acknowledged": str(kept.about["acknowledged"]),
            }
        )

    async def reported(self, order: EnsureReported) -> Outcome:
        """Read what is kept into a report beside it."""
        aftermath = self.ports.aftermath
        if aftermath is None:
            return Refused(NOBODY)
        try:
            kept = await aftermath.archive.latest(order.old.server)
            if kept is None:
                return Refused(f"nothing of {order.old.server} is kept")
            tree = await self._read(aftermath, kept)
            where = await aftermath.archive.report(kept, tree)
        except (OSError, ValueError) as error:
            return Refused(f"no report: {error}")
        told = str(kept.about["acknowledged"])
        return Done({"report": where, "acknowledged": told, **_counts(tree)})

    async def resumed(self, order: EnsureResumed) -> Outcome:
        """Let it run on its own data."""
        aftermath = self.ports.aftermath
        if aftermath is None:
            return Refused(NOBODY)
        return await aftermath.remains.ensure_resumed(
            order.old.zone, order.old.server, order.epoch
        )

    # ---- inside -------------------------------------------------------------

    async def _survey(
        self, aftermath: Aftermath, order: Compare | EnsureSaved
    ) -> Comparison | NotSeen:
        """Read its logs, newest first, as far back as they may differ.

        The list of files is read again at the end: what changed meanwhile was not
        dead.
        """
        old = order.old
        history = await self.ports.databases[order.successor].database.history()
        if isinstance(history, NotSeen):
            return history
        files = await aftermath.remains.logs(old.zone, old.server)
        if isinstance(files, NotSeen):
            return files
        laid = await aftermath.remains.laid_at(old.zone, old.server)
        if isinstance(laid, NotSeen):
            return laid
        try:
            survey = aftermath.survey(
                replace(history, laid=order.laid, had=order.had), laid
            )
            await _look_through(survey, aftermath, old, files)
        except (ValueError, _UnreadError) as error:
            return NotSeen("read", str(error))
        if await aftermath.remains.logs(old.zone, old.server) != files:
            return NotSeen("read", "its logs changed while they were read")
        return survey.result()

    async def _copy(
        self, aftermath: Aftermath, order: EnsureSaved, found: Comparison
    ) -> Kept:
        old = order.old
        await aftermath.archive.begin(old.server)
        files = await aftermath.remains.logs(old.zone, old.server)
        if isinstance(files, NotSeen):
            raise _UnreadError(files.reason)
        for file in files:
            if file.name not in found.files:
                continue
            await aftermath.archive.add(old.server, file.name, b"")
            async for chunk in _chunks(aftermath, old, file):
                await aftermath.archive.add(old.server, file.name, chunk)
        about = {
            "zone": old.zone,
            "successor": order.successor,
            "epoch": int(order.epoch),
            "saved_at_wall_s": self.clock.wall_s(),
            "acknowledged": "nobody" if order.covered else "perhaps",
            "torn": found.torn,
            "extra": list(found.extra),
        }
        return await aftermath.archive.publish(old.server, about)

    async def _read(self, aftermath: Aftermath, kept: Kept) -> Tree:
        reader = aftermath.lost(kept.extra)
        broken = ""
        for name in kept.files:
            reader.next_file()
            offset = 0
            try:
                while chunk := await aftermath.archive.read(kept, name, offset=offset):
                    offset += len(chunk)
                    reader.feed(chunk)
            except ValueError as error:
                broken = f"{name}: {error}"
        return {**reader.tree(), "broken": broken}


async def _look_through(
    survey: Survey, aftermath: Aftermath, old: Member, files: Sequence[LogFile]
) -> None:
    for file in reversed(files):
        survey.begin(file.name)
        async for chunk in _chunks(aftermath, old, file):
            survey.feed(chunk)
        if survey.end():
            break


async def _chunks(
    aftermath: Aftermath, old: Member, file: LogFile
) -> AsyncIterator[bytes]:
    """Yield the file as long as it was when it was listed; `_UnreadError` if not."""
    offset = 0
    while offset < file.size_bytes:
        chunk = await aftermath.remains.read(
            old.zone, old.server, file.name, offset=offset
        )
        if isinstance(chunk, NotSeen):
            raise _UnreadError(f"{file.name}: {chunk.reason}")
        if not chunk:
            raise _UnreadError(f"{file.name} ends at {offset} of {file.size_bytes}")
        offset += len(chunk)
        yield chunk


def _counts(tree: Tree) -> dict[str, str]:
    """Return what the journal may know of a report: figures and table names."""
    tables = tree["tables"]
    assert isinstance(tables, dict)
    told = [
        f"{name} {kind} {count}"
        for name, kinds in tables.items()
        for kind, count in kinds.items()
        if count
    ]
    counts = {k: str(tree[k]) for k in ("transactions", "canaries", "rows")}
    return {**counts, "tables": ", ".join(told)}
