"""Saved logs on disk, under `state_dir/lost-writes`: mode 0700, files 0600.

    db-a-0-1-16/            one set: what only db-a had, beginning at that GTID
        binlog.000007       as it was on the dead server
        manifest.json       sizes, SHA-256, GTIDs; written last: then it is complete
        report.json         what `sitedr lost-writes` shows
    .db-a.partial/          being collected; nothing reads it

Row images and logs may hold personal data: nothing of them goes anywhere else.
"""

import asyncio
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from typing_extensions import override

from controller.act.aftermath import Archive, Kept, Tree
from controller.model.ids import ServerId

FOLDER = "lost-writes"
MANIFEST, REPORT = "manifest.json", "report.json"
CHUNK_BYTES = 256 << 10


class FileArchive(Archive):
    """One directory a set."""

    def __init__(self, state_dir: Path) -> None:
        """Keep everything under *state_dir*; nothing is made before it is needed."""
        self._root = state_dir / FOLDER

    @override
    async def begin(self, server: ServerId) -> None:
        await asyncio.to_thread(self._begin, server)

    @override
    async def add(self, server: ServerId, name: str, chunk: bytes) -> None:
        await asyncio.to_thread(self._add, server, name, chunk)

    @override
    async def publish(self, server: ServerId, about: Tree) -> Kept:
        return await asyncio.to_thread(self._publish, server, about)

    @override
    async def latest(self, server: ServerId) -> Kept | None:
        return await asyncio.to_thread(self._latest, server)

    @override
    async def read(self, kept: Kept, name: str, *, offset: int) -> bytes:
        return await asyncio.to_thread(_read, Path(kept.where) / name, offset)

    @override
    async def report(self, kept: Kept, tree: Tree) -> str:
        path = Path(kept.where) / REPORT
        await asyncio.to_thread(_write, path, tree)
        return str(path)

    def _partial(self, server: ServerId) -> Path:
        return self._root / f".{server}.partial"

    def _begin(self, server: ServerId) -> None:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self._partial(server)
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(mode=0o700)

    def _add(self, server: ServerId, name: str, chunk: bytes) -> None:
        if Path(name).name != name or name in {MANIFEST, REPORT}:
            raise OSError(f"no name of a log file: {name!r}")
        path = self._partial(server) / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(chunk)

    def _publish(self, server: ServerId, about: Tree) -> Kept:
        partial = self._partial(server)
        files = [_sealed(p) for p in sorted(partial.iterdir())]
        for existing in self._sets(server):
            if _manifest(existing).get("files") == files:
                shutil.rmtree(partial)
                return _kept(existing)
        _write(partial / MANIFEST, {"server": server, "files": files, **about})
        final = self._free_name(server, about)
        partial.rename(final)
        _sync(self._root)
        return _kept(final)

    def _free_name(self, server: ServerId, about: Tree) -> Path:
        extra = about.get("extra")
        first = str(extra[0]) if isinstance(extra, list | tuple) and extra else "torn"
        name = f"{server}-{re.sub('[^A-Za-z0-9_.-]', '-', first)}"
        final, number = self._root / name, 2
        while final.exists():
            final, number = self._root / f"{name}.{number}", number + 1
        return final

    def _sets(self, server: ServerId) -> Iterator[Path]:
        for path in sorted(self._root.glob(f"*/{MANIFEST}")):
            if _manifest(path.parent).get("server") == server:
                yield path.parent

    def _latest(self, server: ServerId) -> Kept | None:
        newest = max(
            self._sets(server),
            key=lambda s: float(str(_manifest(s).get("saved_at_wall_s", 0))),
            default=None,
        )
        return None if newest is None else _kept(newest)


def reports(state_dir: Path) -> list[Tree]:
    """Return every report, oldest first; a set without one says so in `why`.

    Raises:
        OSError: the archive cannot be read.
    """
    found = []
    for path in (state_dir / FOLDER).glob(f"*/{MANIFEST}"):
        manifest = _manifest(path.parent)
        written = path.parent / REPORT
        tree: Tree = {"archive": str(path.parent), **manifest}
        if written.exists():
            tree = {**tree, **json.loads(written.read_text(encoding="utf-8"))}
        found.append(tree)
    return sorted(found, key=lambda t: float(str(t.get("saved_at_wall_s", 0))))


def _sealed(path: Path) -> Tree:
    """Make one file durable; return its name, size and checksum."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
        os.fsync(file.fileno())
    return {
        "name": path.name,
        "size_bytes": path.stat().st_size,
        "sha256": digest.hexdigest(),
    }


def _manifest(directory: Path) -> Mapping[str, object]:
    tree = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    assert isinstance(tree, dict)
    return tree


def _kept(directory: Path) -> Kept:
    about = _manifest(directory)
    files, extra = about["files"], about.get("extra", [])
    assert isinstance(files, list)
    assert isinstance(extra, list)
    return Kept(
        where=str(directory),
        files=tuple(str(f["name"]) for f in files),
        extra=tuple(str(gtid) for gtid in extra),
        about=about,
    )


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(CHUNK_BYTES)


def _write(path: Path, tree: Tree) -> None:
    half = path.with_name(f".{path.name}.new")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(tree, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
