"""What is kept of an old primary, on disk and in memory."""

import asyncio
import hashlib
import json
from abc import ABC, abstractmethod
from pathlib import Path

import pytest
from typing_extensions import override

from controller.act.aftermath import Archive, Kept
from controller.act.archive import FileArchive, reports
from controller.model.ids import ServerId
from controller.rehearsal.aftermath import MemoryArchive

DB_A, DB_B = ServerId("db-a"), ServerId("db-b")
ABOUT = {"zone": "a", "successor": "db-b", "extra": ["0-1-7"], "saved_at_wall_s": 1.0}


def keep(archive: Archive, *chunks: bytes, server: ServerId = DB_A) -> Kept:
    async def story() -> Kept:
        await archive.begin(server)
        for chunk in chunks:
            await archive.add(server, "binlog.000007", chunk)
        return await archive.publish(server, ABOUT)

    return asyncio.run(story())


class ArchiveContract(ABC):
    """Behaviour the controller relies on."""

    @abstractmethod
    def make(self, directory: Path) -> Archive:
        """Return an empty archive."""

    @pytest.fixture
    def archive(self, tmp_path: Path) -> Archive:
        return self.make(tmp_path)

    def test_what_is_kept_is_what_was_given(self, archive: Archive) -> None:
        kept = keep(archive, b"one", b"two")
        assert (kept.files, kept.extra) == (("binlog.000007",), ("0-1-7",))
        assert asyncio.run(archive.latest(DB_A)) == kept
        read = asyncio.run(archive.read(kept, "binlog.000007", offset=2))
        assert read == b"etwo"
        assert asyncio.run(archive.latest(DB_B)) is None

    def test_the_same_logs_are_kept_once(self, archive: Archive) -> None:
        first = keep(archive, b"same")
        assert keep(archive, b"same").where == first.where

    def test_other_logs_never_replace_the_first(self, archive: Archive) -> None:
        first, second = keep(archive, b"one"), keep(archive, b"other")
        assert first.where != second.where
        read = asyncio.run(archive.read(first, "binlog.000007", offset=0))
        assert read == b"one"

    def test_half_a_set_is_none(self, archive: Archive) -> None:
        async def story() -> None:
            await archive.begin(DB_A)
            await archive.add(DB_A, "binlog.000007", b"half")

        asyncio.run(story())
        assert asyncio.run(archive.latest(DB_A)) is None
        assert asyncio.run(
            archive.read(keep(archive, b"whole"), "binlog.000007", offset=0)
        ) == (b"whole")

    def test_a_report_lies_beside_it(self, archive: Archive) -> None:
        kept = keep(archive, b"one")
        where = asyncio.run(archive.report(kept, {"rows": 1}))
        assert where.startswith(kept.where)


class TestMemoryArchive(ArchiveContract):
    """What a rehearsal keeps."""

    @override
    def make(self, directory: Path) -> Archive:
        return MemoryArchive(lambda server, *, extra, acknowledged: None)


class TestFileArchive(ArchiveContract):
    """What the daemon keeps."""

    @override
    def make(self, directory: Path) -> Archive:
        return FileArchive(directory)

    def test_it_is_its_owners_alone_and_has_checksums(self, tmp_path: Path) -> None:
        archive = FileArchive(tmp_path)
        kept = keep(archive, b"one")
        asyncio.run(archive.report(kept, {"rows": 1}))
        for path in (tmp_path / "lost-writes").rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path
        manifest = json.loads((Path(kept.where) / "manifest.json").read_text())
        assert manifest["files"] == [
            {
                "name": "binlog.000007",
                "size_bytes": 3,
                "sha256": hashlib.sha256(b"one").hexdigest(),
            }
        ]

    def test_a_name_with_a_path_is_refused(self, tmp_path: Path) -> None:
        archive = FileArchive(tmp_path)
        asyncio.run(archive.begin(DB_A))
        with pytest.raises(OSError, match="no name"):
            asyncio.run(archive.add(DB_A, "../x", b"x"))

    def test_reports_are_found_without_a_daemon(self, tmp_path: Path) -> None:
        assert reports(tmp_path) == []
        archive = FileArchive(tmp_path)
        kept = keep(archive, b"one")
        (unread,) = reports(tmp_path)
        assert "lost" not in unread
        asyncio.run(archive.report(kept, {"lost": []}))
        (tree,) = reports(tmp_path)
        assert (tree["server"], tree["lost"], tree["archive"]) == (
            "db-a",
            [],
            kept.where,
        )
