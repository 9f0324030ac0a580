"""Where the API listens: the control socket of a state directory, the public port."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol

from aiohttp import web

from controller.model.errors import ControllerError

SOCKET_PATH_MAX = 100
_SHORT = "sitedr-"


class Applications(Protocol):
    """What is behind doors: of one cluster, or of a fleet."""

    def control(self) -> web.Application:
        """Return the application of the unix socket."""
        ...

    def public(self) -> web.Application:
        """Return the application of the TCP port."""
        ...


@asynccontextmanager
async def open_doors(
    doors: Applications, *, state_dir: Path, host: str = "", port: int = 0
) -> AsyncIterator[None]:
    """Listen while inside; raise `ControllerError` in one line when that cannot be.

    host, port: of the public application; without a host it stays closed, because
        a fleet shows it for all.
    """
    control, public = web.AppRunner(doors.control()), web.AppRunner(doors.public())
    runners = [control, public] if host else [control]
    with _control_path(state_dir) as path:
        where = f"{host}:{port} and {path}" if host else str(path)
        try:
            try:
                for runner in runners:
                    await runner.setup()
                await web.UnixSite(control, str(path)).start()
                path.chmod(0o600)
                if host:
                    await web.TCPSite(public, host, port).start()
            except OSError as error:
                raise ControllerError(
                    f"cannot listen on {where}: {error.strerror or error};"
                    " free the port or change `listen`"
                ) from error
            yield
        finally:
            for runner in runners:
                await runner.cleanup()


@contextmanager
def _control_path(state_dir: Path) -> Iterator[Path]:
    """Give the control socket's path; nothing of it stays.

    A state directory whose path is too long for a unix socket names another place
    in `control.path`. What a killed daemon left there is removed by the next one.
    """
    path, named = state_dir / "control.sock", state_dir / "control.path"
    _sweep(named)
    with contextlib.ExitStack() as stack:
        if len(str(path).encode()) > SOCKET_PATH_MAX:
            short = stack.enter_context(tempfile.TemporaryDirectory(prefix=_SHORT))
            path = Path(short) / "control.sock"
            named.write_text(str(path), encoding="utf-8")
            stack.callback(named.unlink, missing_ok=True)
        path.unlink(missing_ok=True)
        stack.callback(path.unlink, missing_ok=True)
        yield path


def _sweep(named: Path) -> None:
    with contextlib.suppress(OSError):
        left = Path(named.read_text(encoding="utf-8").strip())
        named.unlink()
        if left.name == "control.sock" and left.parent.name.startswith(_SHORT):
            left.unlink(missing_ok=True)
            left.parent.rmdir()
