"""An HAProxy edge's map files and the socket that edits them at run time.

The runtime API has no status codes: an edit that worked answers with an empty
line, anything else is an error text. A connection carries one command.
"""

import asyncio
import fcntl
import os
from collections.abc import (
    AsyncIterator,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

NamedEntries: TypeAlias = tuple[str, Mapping[str, str]]
Keys: TypeAlias = Collection[str] | None
"""The keys of a map that may be touched; None: all of them."""

READ, WRITE, GATE, EPOCH = "read.map", "write.map", "gate.map", "epoch.map"
_PAYLOAD_LIMIT = 8_000  # one command must fit HAProxy's 16 kB buffer
_LOCK_POLL_S = 0.01


class EdgeError(Exception):
    """The edge answered something else than what was asked for."""


class AdminSocket:
    """Commands over the Unix admin socket; the caller bounds the time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def ask(self, command: str) -> str:
        """Return the answer; `OSError` when nobody listens."""
        reader, writer = await asyncio.open_unix_connection(self._path)
        try:
            writer.write(command.encode() + b"\n")
            await writer.drain()
            return (await reader.read()).decode()
        finally:
            writer.close()

    async def ask_all(self, commands: Sequence[str]) -> Sequence[Sequence[str]]:
        """Return the lines of every answer, all over one connection.

        HAProxy ends each answer with an empty line, that of an empty map too.
        """
        lines = iter((await self.ask(";".join(commands))).splitlines())
        return [list(takewhile(bool, lines)) for _ in commands]

    async def order(self, command: str) -> None:
        """Send an edit; raise `EdgeError` with HAProxy's words if it complains."""
        answer = (await self.ask(command)).strip()
        if answer:
            raise EdgeError(f"{command.partition(chr(10))[0]!r}: {answer[:200]}")

    async def map_ids(self) -> Mapping[str, str]:
        """Return `base name → #id`; paths may be spelled differently than ours."""
        found: dict[str, str] = {}
        for line in (await self.ask("show map")).splitlines():
            number, _, rest = line.partition(" (")
            path = rest.partition(")")[0]
            if path and number.strip("-0123456789") == "":
                found[Path(path).name] = f"#{number}"
        return found

    async def show(self, map_id: str) -> Mapping[str, str]:
        """Return a map's entries; the first of two equal keys is the one in force."""
        return entries_of((await self.ask(f"show map {map_id}")).splitlines())

    async def edit(
        self, map_id: str, current: Mapping[str, str], wanted: Mapping[str, str]
    ) -> None:
        """Change only what differs, one entry at a time."""
        for key, value in wanted.items():
            if key not in current:
                await self.order(f"add map {map_id} {key} {value}")
            elif current[key] != value:
                await self.order(f"set map {map_id} {key} {value}")
        for key in current.keys() - wanted.keys():
            await self.order(f"del map {map_id} {key}")

    async def replace(self, map_id: str, wanted: Mapping[str, str]) -> None:
        """Put a whole map in force in one transaction."""
        answer = await self.ask(f"prepare map {map_id}")
        version = answer.rpartition(":")[2].strip()
        if not version.isdecimal():
            raise EdgeError(f"prepare map: {answer.strip()}")
        for lines in _chunks(wanted):
            # `lines` ends its last line, `ask` adds the blank one that ends it all.
            await self.order(f"add map @{version} {map_id} <<\n{lines}")
        await self.order(f"commit map @{version} {map_id}")


def entries_of(lines: Iterable[str]) -> Mapping[str, str]:
    """Return what `show map` printed: `address key value`, the first of two wins."""
    entries: dict[str, str] = {}
    for line in lines:
        parts = line.split(maxsplit=2)
        if len(parts) == 3:
            entries.setdefault(parts[1], parts[2])
    return entries


def apart(current: Mapping[str, str], keys: Keys) -> Mapping[str, str]:
    """Return the entries that are not ours to touch."""
    if keys is None:
        return {}
    return {key: value for key, value in current.items() if key not in keys}


def _chunks(entries: Mapping[str, str]) -> Sequence[str]:
    chunks, size = [""], 0
    for key, value in entries.items():
        line = f"{key} {value}\n"
        if size + len(line) > _PAYLOAD_LIMIT:
            chunks.append("")
            size = 0
        chunks[-1] += line
        size += len(line)
    return [chunk for chunk in chunks if chunk]


class MapFiles:
    """What HAProxy reads when it starts; changed by rename, synced to disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: ThreadPoolExecutor | None = None

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[int]:
        """Keep another controller's check-and-write apart from ours.

        Waits until the caller's time-out; the lock ends with the process.
        Yields the handle `write` needs.
        """
        handle = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while not _try_lock(handle):  # noqa: ASYNC110  held by another process: no event
                await asyncio.sleep(_LOCK_POLL_S)
            yield handle
        finally:
            os.close(handle)

    def read(self, name: str) -> Mapping[str, str]:
        """Return a file's entries; a missing file has none."""
        try:
            text = (self._folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        entries: dict[str, str] = {}
        for line in text.splitlines():
            parts = line.split(maxsplit=1)
            if len(parts) == 2:
                entries.setdefault(parts[0], parts[1])
        return entries

    async def write(
        self, lock: int, files: Sequence[tuple[str, Mapping[str, str], Keys]]
    ) -> None:
        """Replace files in order; durable on return, the first one before the rest.

        Each with the keys that may be touched: the others stay as they are.

        A disk may take long, so a thread does it. Given up on, the thread goes
        on, and keeps the lock until it has ended: nobody gets in between.
        """
        kept = os.dup(lock)

        def work() -> None:
            try:
                for position, (name, entries, keys) in enumerate(files):
                    kept_entries = apart(self.read(name), keys)
                    changed = self._replace(name, {**kept_entries, **entries})
                    if changed and position == 0:
                        self._sync_folder()
                self._sync_folder()
            finally:
                os.close(kept)

        self._writer = self._writer or ThreadPoolExecutor(max_workers=1)
        job = self._writer.submit(work)
        try:
            await asyncio.wrap_future(job)
        except asyncio.CancelledError:
            if job.cancel():  # it never began
                os.close(kept)
            raise

    def _replace(self, name: str, entries: Mapping[str, str]) -> bool:
        """Write a file unless it says this already; its content is synced."""
        if self.read(name) == entries:
            return False
        text = "".join(f"{key} {value}\n" for key, value in sorted(entries.items()))
        target = self._folder / name
        draft = target.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        return True

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Let the writer thread end; a later `write` begins a new one."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.shutdown(wait=False)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
