"""HTTP probe: a GET that must answer with the wanted status within the time-out."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote, unquote, urlsplit

from typing_extensions import override

from health.http_answer import WantedAnswer
from health.http_asker import HttpAsker, HttpTarget
from health.ports import Probe, Sample

_PORTS = {"http": 80, "https": 443}
_SAFE = "%/:?#[]@!$&'()*+,;=~"


class HttpProbe(Probe):
    """Asks *url* on a new connection each time: a kept one hides a dead listener."""

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float,
        status: int = 200,
        body: str = "",
        tls: ssl.SSLContext | None = None,
        wall_s: Callable[[], float] | None = None,
    ) -> None:
        """Ask for *status*, and *body* in it; redirects are not followed.

        *timeout_s* bounds connect, request and answer together. *tls*: how an https
        server's certificate is verified; None: by the machine's own authorities.
        *wall_s*: the calendar, to warn of a certificate that ends soon.

        Raises:
            ValueError: no http or https URL with a host.
        """
        self._target = target_of(
            url,
            timeout_s=timeout_s,
            wanted=WantedAnswer(status=status, body=body.encode()),
            tls=tls,
            wall_s=wall_s,
        )

    @override
    async def probe(self) -> Sample:
        return await ask_once(self._target)


async def ask_once(target: HttpTarget) -> Sample:
    """Ask *target* on a connection of its own; cancelled, nothing of it is left."""
    asker = HttpAsker(target)
    told: asyncio.Future[Sample] = asyncio.get_running_loop().create_future()

    def tell(sample: Sample) -> None:
        if not told.done():  # whoever waited may have been cancelled
            told.set_result(sample)

    asker.ask(tell)
    try:
        return await told
    finally:
        asker.cancel()


def target_of(
    url: str,
    *,
    timeout_s: float,
    wanted: WantedAnswer,
    tls: ssl.SSLContext | None = None,
    keep: bool = False,
    wall_s: Callable[[], float] | None = None,
) -> HttpTarget:
    """Return what is asked for by *url*.

    Raises:
        ValueError: no http or https URL with a host.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"no http or https address: {url}")
    secure = parts.scheme == "https"
    target = HttpTarget(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        path=quote(parts.path or "/", safe=_SAFE)
        + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""),
        name=parts.netloc.rpartition("@")[2],
        timeout_s=timeout_s,
        wanted=wanted,
        tls=(tls or ssl.create_default_context()) if secure else None,
        keep=keep,
        wall_s=wall_s,
        authorization=_basic(parts.username, parts.password),
    )
    assert target.request  # what cannot be sent is said here, once
    return target


def _basic(user: str | None, password: str | None) -> str:
    """Return the header of RFC 7617; empty without a user."""
    if user is None:
        return ""
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return f"Basic {b64encode(pair).decode()}"
