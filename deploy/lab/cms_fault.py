"""Errors on purpose: a zone's origin answers some requests late, or with an error.

`faults.json` beside the origin's file, read anew when it changes; without it, or with
one that cannot be read, nothing fails. The health URL goes on telling the truth about
the database unless `health` is set: real pages may fail behind a healthy one.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from aiohttp import web

from deploy.lab.durable import write_durably
from deploy.lab.engine import LabError

FILE = "faults.json"
HEALTH = "/healthz"
DELAY_S_MAX = 60.0
ASKERS_MAX = 1000
ROUNDING = 1e-6
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """share: of each client's requests for each path, 0 to 1, evenly spread; 0: none.

    status: what they get instead of an answer; 0: they get it, after delay_s.
    site: only this Host; empty: every one. health: the health URL fails as well.
    """

    share: float
    status: int = 500
    delay_s: float = 0.0
    site: str = ""
    health: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise LabError(f"share {self.share:g}: not between 0 and 1")
        if self.status and not 500 <= self.status <= 599:
            raise LabError(f"status {self.status}: an error of the server's is 5xx")
        if not 0 <= self.delay_s <= DELAY_S_MAX or not (self.status or self.delay_s):
            raise LabError(
                f"delay {self.delay_s:g} s: up to {DELAY_S_MAX:g} s, or an error"
            )

    def concerns(self, request: web.Request) -> bool:
        """Tell whether *request* may be answered so."""
        if request.path == HEALTH:
            return self.health
        return not self.site or request.host.partition(":")[0] == self.site


def put(home: Path, fault: Fault | None) -> None:
    """Have the origin in *home* fail so from its next request on; None: no more."""
    path = home / FILE
    if fault is None:
        path.unlink(missing_ok=True)
    else:
        write_durably(path, json.dumps(asdict(fault)) + "\n")


class Faults:
    """The middleware of one origin."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._stamp: tuple[int, int] | None = None
        self._fault: Fault | None = None
        self._due: dict[tuple[str, str], float] = {}

    @web.middleware
    async def answer(
        self, request: web.Request, handler: _Handler
    ) -> web.StreamResponse:
        """Answer instead of *handler*, or not; nothing was executed then."""
        fault = self._now()
        if fault is None or not fault.concerns(request):
            return await handler(request)
        if not self._hits(fault, request):
            return await handler(request)
        await asyncio.sleep(fault.delay_s)
        if not fault.status:
            return await handler(request)
        return web.json_response({"error": "on purpose"}, status=fault.status)

    def _hits(self, fault: Fault, request: web.Request) -> bool:
        """Tell whether this one is of the share; whoever asks gets just that share."""
        key = request.path, request.headers.get("User-Agent", "")
        if len(self._due) >= ASKERS_MAX:
            self._due.clear()
        due = self._due.get(key, 0.0) + fault.share
        hits = due > 1 - ROUNDING
        self._due[key] = due - hits
        return hits

    def _now(self) -> Fault | None:
        try:
            found = self._path.stat()
        except OSError:
            self._stamp, self._fault = None, None
            return None
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._fault = Fault(**json.loads(self._path.read_text("utf-8")))
            except (OSError, ValueError, TypeError, LabError):
                self._fault = None
        return self._fault
