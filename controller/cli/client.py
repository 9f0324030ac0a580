"""Talk to the running daemon over its control socket."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from controller.config.load import load_site
from controller.model.errors import ControllerError

TIMEOUT_S = 5.0


def control_socket(state_dir: Path) -> Path:
    """Return the control socket of who keeps its state in *state_dir*."""
    named = state_dir / "control.path"
    if named.exists():
        return Path(named.read_text(encoding="utf-8").strip())
    return state_dir / "control.sock"


def call(
    config: Path,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
) -> tuple[int, object]:
    """Return status and JSON of one request; raise `ControllerError` in one line."""
    state_dir = config.absolute().parent / load_site(config).state_dir
    return call_at(state_dir, config, method, path, body)


def call_at(
    state_dir: Path,
    config: Path,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
) -> tuple[int, object]:
    """Do the same for who keeps its state in *state_dir*; *config* is for words."""
    socket = control_socket(state_dir)
    try:
        return asyncio.run(_call(socket, method, path, body))
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise ControllerError(
            f"no daemon answers on {socket}:"
            f" start it with `sitedr run -c {config}`; in a fleet the fleet's"
            " `sitedr status` says why"
        ) from error


async def _call(
    socket: Path, method: str, path: str, body: Mapping[str, object] | None
) -> tuple[int, object]:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with (
        aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(path=str(socket)), timeout=timeout
        ) as session,
        session.request(method, f"http://sitedr{path}", json=body or {}) as answer,
    ):
        return answer.status, await answer.json()
