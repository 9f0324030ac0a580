"""Small files that survive a crash at any instruction, and advisory locks."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.lab.poll import poll

_POLL_S = 0.005


def write_durably(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Replace *path* by *text*: whole or not at all, on disk when this returns."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make renames inside *path* durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_json(path: Path) -> Mapping[str, object] | None:
    """Return the object in *path*, or None when there is no such file.

    Raises:
        ValueError: the file holds something else; it was not written by us.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    if not isinstance(found, dict):
        kind = type(found).__name__
        raise ValueError(f"{path}: expected an object, found {kind}")  # noqa: TRY004  content, not type
    return found


def try_lock(path: Path) -> int | None:
    """Return a descriptor that holds *path* exclusively, or None when it is held.

    The lock belongs to the open file: it ends when the last copy of the
    descriptor is closed, be it inherited or not.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def lock_within(path: Path, bound_s: float) -> int | None:
    """Like `try_lock`, asking again for at most *bound_s* seconds."""
    descriptor: int | None = None

    def locked() -> bool:
        nonlocal descriptor
        descriptor = try_lock(path)
        return descriptor is not None

    poll(locked, bound_s, _POLL_S)
    return descriptor


@contextmanager
def holding(path: Path, bound_s: float) -> Iterator[None]:
    """Hold *path* while inside.

    Raises:
        TimeoutError: somebody else held it for all of *bound_s* seconds.
    """
    descriptor = lock_within(path, bound_s)
    if descriptor is None:
        raise TimeoutError(f"{path} is held by another process")
    try:
        yield
    finally:
        with suppress(OSError):
            os.close(descriptor)
