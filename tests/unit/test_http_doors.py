"""Where the control socket is, and that nothing of a daemon's stays behind."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from aiohttp import web
from typing_extensions import override

from controller.cli.client import control_socket
from controller.http_doors import Applications, open_doors
from controller.model.errors import ControllerError


class Empty(Applications):
    """Doors with nothing behind them."""

    @override
    def control(self) -> web.Application:
        return web.Application()

    @override
    def public(self) -> web.Application:
        return web.Application()


def open_in(state_dir: Path, *, host: str = "", port: int = 0) -> Path:
    """Open and close the doors; return where the control socket was."""

    async def story() -> Path:
        async with open_doors(Empty(), state_dir=state_dir, host=host, port=port):
            found = control_socket(state_dir)
            assert found.is_socket()
            assert found.stat().st_mode & 0o077 == 0
            return found

    return asyncio.run(story())


def test_the_control_socket_goes_when_the_daemon_does(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as short:
        assert open_in(Path(short)) == Path(short) / "control.sock"
        assert list(Path(short).iterdir()) == []
    far = tmp_path / ("far" * 40)
    far.mkdir()
    used = open_in(far)
    assert not used.parent.exists()
    assert list(far.iterdir()) == []


def test_what_a_killed_daemon_left_elsewhere_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        far = tmp_path / ("far" * 40)
        far.mkdir()
        left = Path(tempfile.mkdtemp(prefix="sitedr-"))
        (left / "control.sock").touch()
        (far / "control.path").write_text(str(left / "control.sock"))
        assert open_in(far).parent != left
        assert list(Path(short).iterdir()) == []


def test_what_else_is_named_there_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "mine"
    other.write_text("kept")
    (tmp_path / "control.path").write_text(str(other))
    open_in(tmp_path)
    assert other.read_text() == "kept"


def test_a_taken_port_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    async def taken() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            with pytest.raises(ControllerError, match="free the port"):
                async with open_doors(
                    Empty(), state_dir=tmp_path, host="127.0.0.1", port=port
                ):
                    pass

    asyncio.run(taken())
    assert list(tmp_path.iterdir()) == []
