"""Asks one HTTP server, once or again and again: the hot path of probing.

An `asyncio.Protocol` and callbacks, no task an answer is awaited in; `make
bench-probes` says what one costs. Every asking ends once, by an answer, an error or its
time-out, and says in which phase.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import MappingProxyType
from typing import cast
from urllib.parse import urlsplit

from typing_extensions import override

from health.certificate import CERTIFICATE_LEFT_S, left_s, left_words
from health.detector import FAULTY
from health.http_answer import AnswerReader, NonsenseError, WantedAnswer
from health.lack import phase_of
from health.ports import SILENCE, Sample

Told = Callable[[Sample], None]

POLL_AGAIN_S = 0.001
_NO_FIGURES: Mapping[str, float] = MappingProxyType({})
LATE_S = 0.05
"""A timer later than this was held up by ourselves, and so was the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTarget:
    """Where to ask, what, and for how long.

    host: an address, or a name that is looked up each time. tls: a verifying context,
    None for plain HTTP; *name* is what the certificate must say, and the Host asked
    for. timeout_s: of connect, request and answer together. keep: ask again on the
    same connection, which is cheaper and hides a listener that is gone. wall_s: the
    calendar, to warn of a certificate that ends soon; None: no warning.
    authorization: the header's value; never in logs. late: the phase of an answer that
    was not whole in time, though the server had taken the request.
    """

    host: str
    port: int
    path: str
    name: str
    timeout_s: float
    wanted: WantedAnswer
    tls: ssl.SSLContext | None = None
    keep: bool = False
    wall_s: Callable[[], float] | None = None
    late: str = "read"
    authorization: str = field(default="", repr=False)

    @property
    def request(self) -> bytes:
        """Return the bytes to send.

        Raises:
            ValueError: path or name are not ASCII: they are to be encoded before.
        """
        connection = "keep-alive" if self.keep else "close"
        who = f"Authorization: {self.authorization}\r\n" if self.authorization else ""
        return (
            f"GET {self.path} HTTP/1.1\r\nHost: {self.name}\r\n{who}"
            f"User-Agent: sitedr\r\nAccept: */*\r\nConnection: {connection}\r\n\r\n"
        ).encode("ascii")


class _Line(asyncio.Protocol):
    """One connection; what is still heard on a dropped one reaches nobody."""

    __slots__ = ("asker", "transport")

    def __init__(self, asker: "HttpAsker") -> None:
        self.asker: HttpAsker | None = asker
        self.transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if self.asker is not None:
            self.asker.connected()

    @override
    def data_received(self, data: bytes) -> None:
        if self.asker is not None:
            self.asker.heard(data)

    @override
    def eof_received(self) -> None:
        if self.asker is not None:
            self.asker.closed("the server closed the connection")

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self.asker is not None:
            self.asker.closed(str(exc) if exc else "the server closed the connection")

    def drop(self) -> None:
        """Hear no more of it, and close it."""
        self.asker = None
        if self.transport is not None:
            self.transport.abort()


class HttpAsker:
    """One target's asking; one at a time."""

    __slots__ = (
        "_began_s",
        "_is_address",
        "_line",
        "_loop",
        "_opening",
        "_phase",
        "_reader",
        "_request",
        "_target",
        "_timer",
        "_told",
        "_used",
    )

    def __init__(self, target: HttpTarget) -> None:
        self._target = target
        self._request = target.request
        self._is_address = _is_address(target.host)
        self._told: Told | None = None
        self._line: _Line | None = None
        self._reader: AnswerReader | None = None
        self._opening: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._phase = ""
        self._began_s = 0.0
        self._used = False

    @property
    def busy(self) -> bool:
        """Tell whether an answer is still awaited."""
        return self._told is not None

    def ask(self, told: Told) -> None:
        """Ask; *told* is called once, later, with what became of it.

        Raises:
            RuntimeError: the asking before has not ended.
        """
        if self._told is not None:
            raise RuntimeError("it is still being asked")
        self._told, self._began_s = told, time.monotonic()
        loop = self._loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._target.timeout_s, self._too_late)
        if self._line is not None:
            self._used = True
            self._send()
        else:
            self._open(loop)

    def cancel(self) -> None:
        """Ask no more and tell nobody; what is open is closed. Safe at any time."""
        self._told = None
        self._settle()
        self._drop()

    # ---- what a line calls ---------------------------------------------------------

    def connected(self) -> None:
        """Send the request: the connection stands."""
        self._send()

    def heard(self, data: bytes) -> None:
        """Take a part of the answer."""
        if self._reader is None:  # unasked for, on an idle line
            self._drop()
            return
        self._used = False
        try:
            if self._reader.feed(data):
                self._answered()
        except NonsenseError as error:
            self._end("body", str(error), keep=False)

    def closed(self, why: str) -> None:
        """Judge what came until here: the connection is over."""
        reader, phase = self._reader, self._phase
        if self._told is None or reader is None:
            self._drop()
        elif reader.ended():
            self._answered(keep=False)
        elif self._used and self._loop is not None:
            # A kept connection may end at any time; nothing was answered on it.
            self._drop()
            self._used = False
            self._open(self._loop)
        else:
            self._end(phase, why, keep=False)

    # ---- inside --------------------------------------------------------------------

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        self._phase = "connect"
        line = self._line = _Line(self)
        self._opening = loop.create_task(self._connect(loop, line))
        self._opening.add_done_callback(self._opened)

    def _opened(self, opening: asyncio.Task[None]) -> None:
        """Tell of what nobody foresaw: a mistake of the probe itself."""
        if opening.cancelled() or (error := opening.exception()) is None:
            return
        if self._opening is opening:
            self._end(FAULTY, f"the probe failed: {error!r}", keep=False)

    async def _connect(self, loop: asyncio.AbstractEventLoop, line: _Line) -> None:
        target = self._target
        try:
            hosts: Sequence[str] = (target.host,)
            if not self._is_address:
                self._phase = "dns"
                hosts = await _look_up(loop, target.host, target.port)
            self._phase = "connect"
            await self._connect_one(loop, line, hosts)
        except (socket.gaierror, UnicodeError) as error:
            self._failed(line, "dns", str(error))
        except ssl.SSLCertVerificationError as error:
            # Whom we ask cannot be told: that we cannot observe, not that it is down.
            self._failed(line, "auth", f"certificate: {error.verify_message}")
        except ssl.SSLError as error:
            self._failed(line, "tls", error.reason or str(error))
        except OSError as error:
            reset = target.tls is not None and isinstance(error, ConnectionResetError)
            phase = "tls" if reset else phase_of(error, "connect")
            self._failed(line, phase, str(error))

    async def _connect_one(
        self, loop: asyncio.AbstractEventLoop, line: _Line, hosts: Sequence[str]
    ) -> None:
        """Connect to the first of *hosts* that takes it, all under the one time-out."""
        target = self._target
        server = urlsplit(f"//{target.name}").hostname if target.tls else None
        for number, host in enumerate(hosts, start=1):
            try:
                await loop.create_connection(
                    lambda: line,
                    host,
                    target.port,
                    ssl=target.tls,
                    server_hostname=server,
                )
            except ssl.SSLError:
                raise
            except OSError:
                if number == len(hosts):
                    raise
            else:
                return

    def _failed(self, line: _Line, phase: str, why: str) -> None:
        if self._line is line:
            self._opening = None  # it is what calls
            self._end(phase, why, keep=False)

    def _send(self) -> None:
        assert self._line is not None
        assert self._line.transport is not None
        self._phase = "read"
        self._reader = AnswerReader(self._target.wanted)
        self._line.transport.write(self._request)

    def _answered(self, *, keep: bool = True) -> None:
        assert self._reader is not None
        phase, reason = self._reader.judgement
        left = self._certificate_left_s()
        if left is not None and not phase:
            reason += left_words(left)
        keep = keep and self._target.keep and self._reader.keeps
        self._end(phase, reason, keep=keep, certificate_s=left)

    def _certificate_left_s(self) -> float | None:
        tls, wall_s = self._target.tls, self._target.wall_s
        if tls is None or wall_s is None or self._line is None:
            return None
        return left_s(self._line.transport, wall_s())

    def _too_late(self) -> None:
        """Look once more: libuv runs timers first, and an answer may lie there."""
        assert self._loop is not None
        self._timer = self._loop.call_later(POLL_AGAIN_S, self._give_up)

    def _give_up(self) -> None:
        timeout_s = self._target.timeout_s
        late_s = time.monotonic() - self._began_s - timeout_s
        if late_s > max(LATE_S, timeout_s / 2):
            why = f"we were {late_s:.2f} s late to look for an answer"
            self._end(FAULTY, why, keep=False)
        else:
            phase = self._target.late if self._phase == "read" else self._phase
            self._end(phase, f"{SILENCE} within {timeout_s:g} s", keep=False)

    def _end(
        self,
        phase: str,
        reason: str,
        *,
        keep: bool,
        certificate_s: float | None = None,
    ) -> None:
        told, self._told = self._told, None
        self._settle()
        if not keep:
            self._drop()
        if told is not None:
            took_s = time.monotonic() - self._began_s
            found = _NO_FIGURES
            if certificate_s is not None:
                found = {CERTIFICATE_LEFT_S: certificate_s}
            told(Sample(phase=phase, reason=reason, latency_s=took_s, figures=found))

    def _settle(self) -> None:
        self._reader = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.drop()
        opening, self._opening = self._opening, None
        if opening is not None and not opening.done():
            opening.cancel()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _look_up(
    loop: asyncio.AbstractEventLoop, host: str, port: int
) -> Sequence[str]:
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[4][0]) for place in found))
