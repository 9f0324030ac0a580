"""Votes over MQTT: one topic an observer, and a retained word whether it is there.

    sitedr/SITE/vote/OBSERVER      each vote; never retained, at most once: an old vote
                                   helps nobody, and a kept one has no age
    sitedr/SITE/status/OBSERVER    `online` or, as its will, `offline`; retained

A password travels as it is unless TLS is on.
"""

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiomqtt
from typing_extensions import override

from health.vote_bus import Ears, VoteBus
from health.vote_wire import parse_vote, render_vote
from health.votes import Vote

PAUSE_S = 0.1
PAUSE_S_MAX = 2.0
"""Between two attempts to connect; doubled each time. A restart takes a second."""

KEEPALIVE_S = 5
SEND_S = 2.0
"""A broker that takes nothing for so long is left and asked anew."""

ONLINE, OFFLINE = b"online", b"offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker is and who we are to it; tls: None: plain text."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None


class MqttVoteBus(VoteBus):
    """One observer of one site at one broker."""

    def __init__(self, broker: Broker, *, site: str, observer: str) -> None:
        """*site* and *observer* are names without `/`, `+` and `#`."""
        self.ears = Ears()
        self._broker = broker
        self._observer = observer
        self._votes = f"sitedr/{site}/vote/"
        self._status = f"sitedr/{site}/status/"
        self._connected = False
        self._why = "not connected yet"
        self._waiting: Vote | None = None
        self._due = asyncio.Event()

    @property
    @override
    def connected(self) -> bool:
        return self._connected

    @property
    @override
    def why(self) -> str:
        return self._why

    @override
    def post(self, vote: Vote) -> None:
        if self._connected:
            self._waiting = vote
            self._due.set()

    @override
    async def run(self) -> None:
        pause_s = PAUSE_S
        while True:
            try:
                await self._stay_connected()
            except (aiomqtt.MqttError, OSError, ValueError) as error:
                self._why = str(error) or type(error).__name__
                task = asyncio.current_task()
                if task is not None and task.cancelling():  # a goodbye nobody took
                    raise asyncio.CancelledError from error
            finally:
                was, self._connected = self._connected, False
            pause_s = PAUSE_S if was else min(2 * pause_s, PAUSE_S_MAX)
            await asyncio.sleep(pause_s)

    async def _stay_connected(self) -> None:
        """Raise what ended it; `ValueError` is of an address or certificate."""
        async with self._client() as client:
            await client.subscribe([(f"{self._votes}+", 0), (f"{self._status}+", 1)])
            await self._tell(client, ONLINE)
            self._connected, self._why = True, ""
            tasks = {
                asyncio.create_task(self._send(client)),
                asyncio.create_task(self._receive(client)),
            }
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:  # we go, and say so: the will is not sent
                await _end(tasks)
                with contextlib.suppress(aiomqtt.MqttError):
                    await self._tell(client, OFFLINE)
                raise
            for failed in await _end(tasks):
                raise failed

    def _client(self) -> aiomqtt.Client:
        broker = self._broker
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            # Of its own: two with one name would end each other's connection for ever.
            identifier=f"sitedr-{self._observer}-{secrets.token_hex(4)}",
            will=aiomqtt.Will(
                f"{self._status}{self._observer}", OFFLINE, qos=1, retain=True
            ),
            keepalive=KEEPALIVE_S,
            timeout=SEND_S,
            tls_context=broker.tls,
        )

    async def _tell(self, client: aiomqtt.Client, word: bytes) -> None:
        await client.publish(
            f"{self._status}{self._observer}", word, qos=1, retain=True
        )

    async def _send(self, client: aiomqtt.Client) -> None:
        """Send the latest vote; what was not sent when another came is dropped."""
        while True:
            await self._due.wait()
            self._due.clear()
            vote, self._waiting = self._waiting, None
            if vote is not None:
                told = render_vote(vote)
                await client.publish(f"{self._votes}{self._observer}", told)

    async def _receive(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            topic, payload = str(message.topic), message.payload
            told = payload if isinstance(payload, bytes) else b""
            if topic.startswith(self._status):
                await self._heard_of(client, topic.removeprefix(self._status), told)
            elif not message.retain:  # nobody knows how old a kept vote is
                self._heard(topic.removeprefix(self._votes), told)

    async def _heard_of(
        self, client: aiomqtt.Client, observer: str, told: bytes
    ) -> None:
        """Note who came or went; the will of our own last connection comes late."""
        if observer == self._observer and told == OFFLINE:
            await self._tell(client, ONLINE)
        else:
            self.ears.presence(observer, online=told == ONLINE)

    def _heard(self, observer: str, told: bytes) -> None:
        """Pass a vote on; who may write a topic speaks for its observer alone."""
        try:
            vote = parse_vote(told)
        except ValueError as error:
            self.ears.refused(f"{observer}: {error}")
            return
        if vote.observer == observer:
            self.ears.vote(vote)
        else:
            self.ears.refused(f"{observer} speaks for {vote.observer}")


async def _end(tasks: set[asyncio.Task[None]]) -> list[Exception]:
    """Stop *tasks*; return what those raised that ended by themselves."""
    for task in tasks:
        task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    return [e for e in found if isinstance(e, Exception)]


_PORTS: Mapping[str, int] = {"mqtt": 1883, "mqtts": 8883}


def broker_of(
    url: str,
    *,
    user: str | None,
    password: str | None,
    tls: ssl.SSLContext | None,
) -> Broker:
    """Return the broker at *url*, `mqtt://host:port` or `mqtts://host:port`.

    tls: for `mqtts`, how its certificate is verified; None: by the machine's own
    authorities.
    """
    scheme, _, rest = url.partition("://")
    host, colon, port = rest.rpartition(":")
    secure = scheme == "mqtts"
    return Broker(
        host=host if colon else rest,
        port=int(port) if colon else _PORTS[scheme],
        user=user,
        password=password,
        tls=(tls or ssl.create_default_context()) if secure else None,
    )
