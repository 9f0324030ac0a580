"""Every vote bus signs its contract; Mosquitto is a real one, on loopback."""

import asyncio
import contextlib
import gc
import shutil
import signal
import ssl
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt
import pytest
from typing_extensions import override

from health.adapters.memory_votes import MemoryBroker
from health.adapters.mqtt import MqttVoteBus, broker_of
from health.vote_bus import VoteBus
from health.vote_wire import render_vote
from health.votes import Says
from tests.certificates import Authority
from tests.contract.vote_bus import (
    VoteBed,
    VoteBusContract,
    a_vote,
    until,
)
from tests.labs import require_programs
from tests.mosquitto import ADDRESS, PASSWORD, USER, Mosquitto

HANDSHAKES = pytest.mark.filterwarnings(  # paho leaves a failed one to the collector
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)
SITE = "cms"


@dataclass(slots=True)
class MemoryBed(VoteBed):
    """A broker in memory."""

    broker: MemoryBroker = field(default_factory=MemoryBroker)
    lost: set[str] = field(default_factory=set)

    @override
    async def bus(self, observer: str) -> VoteBus:
        return self.broker.bus(observer, lambda: observer not in self.lost)

    @override
    async def stop_broker(self) -> None:
        self.broker.is_up = False

    @override
    async def start_broker(self) -> None:
        self.broker.is_up = True

    @override
    async def lose(self, observer: str) -> None:
        self.lost.add(observer)


class TestMemoryVoteBus(VoteBusContract):
    """The broker of rehearsals."""

    @override
    @asynccontextmanager
    async def bed(self) -> AsyncIterator[VoteBed]:
        yield MemoryBed()


@dataclass(slots=True)
class Line:
    """A way to the broker that can be cut: both ends are reset, and none gets in."""

    port: int
    server: asyncio.Server | None = None
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open(self) -> int:
        self.server = await asyncio.start_server(self._carry, ADDRESS, 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def cut(self) -> None:
        if self.server is not None:
            self.server.close()
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.ends.append(writer)
        try:
            there, back = await asyncio.open_connection(ADDRESS, self.port)
        except OSError:
            writer.transport.abort()
            return
        self.ends.append(back)
        await asyncio.gather(_pump(reader, back), _pump(there, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@dataclass(slots=True)
class MosquittoBed(VoteBed):
    """A Mosquitto of our own; everybody's way to it can be cut."""

    broker: Mosquitto
    lines: dict[str, "Line"] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return self.broker.port

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        return self.broker.process

    def trust(self) -> ssl.SSLContext | None:
        if not self.broker.secure:
            return None
        return ssl.create_default_context(cafile=str(self.broker.home / "ca.pem"))

    @override
    async def bus(self, observer: str, password: str = PASSWORD) -> MqttVoteBus:
        line = self.lines[observer] = Line(self.port)
        scheme = "mqtts" if self.broker.secure else "mqtt"
        broker = broker_of(
            f"{scheme}://{ADDRESS}:{await line.open()}",
            user=USER,
            password=password,
            tls=self.trust(),
        )
        return MqttVoteBus(broker, site=SITE, observer=observer)

    @override
    async def start_broker(self) -> None:
        self.broker.start()
        await until(self.broker.listens)

    @override
    async def stop_broker(self) -> None:
        self.broker.kill()

    @override
    async def lose(self, observer: str) -> None:
        """Reset its connection under way: no DISCONNECT arrives, so the will is told."""
        await self.lines[observer].cut()


@asynccontextmanager
async def mosquitto(*, secure: bool = False) -> AsyncIterator[MosquittoBed]:
    require_programs("mosquitto", "mosquitto_passwd")
    home = Path(tempfile.mkdtemp(prefix="sitedr-mosquitto-"))
    bed = MosquittoBed(Mosquitto(home=home, secure=secure))
    try:
        await bed.start_broker()
        yield bed
    finally:
        for line in bed.lines.values():
            await line.cut()
        await bed.stop_broker()
        with warnings.catch_warnings():  # paho leaves its wake-up pipe to the collector
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.lab
class TestMqttVoteBus(VoteBusContract):
    """A real Mosquitto with a password."""

    @override
    @asynccontextmanager
    async def bed(self) -> AsyncIterator[VoteBed]:
        async with mosquitto() as bed:
            yield bed


@HANDSHAKES
@pytest.mark.lab
class TestMqttVoteBusWithTls(VoteBusContract):
    """The same, and everything is encrypted."""

    @override
    @asynccontextmanager
    async def bed(self) -> AsyncIterator[VoteBed]:
        async with mosquitto(secure=True) as bed:
            yield bed


async def _refused(bus: VoteBus) -> str:
    task = asyncio.create_task(bus.run())
    try:
        await until(lambda: "yet" not in bus.why)
        assert not bus.connected
        return bus.why
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.mark.lab
def test_a_wrong_password_is_told_and_never_shown() -> None:
    async def story() -> None:
        async with mosquitto() as bed:
            why = await _refused(await bed.bus("daemon", "wrong"))
            assert "uthor" in why
            assert "wrong" not in why
            line = broker_of("mqtt://h:1", user="u", password="wrong", tls=None)
            assert "wrong" not in repr(line)

    asyncio.run(story())


@HANDSHAKES
@pytest.mark.lab
def test_a_broker_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    async def story() -> None:
        async with mosquitto(secure=True) as bed:
            other = Authority(tmp_path, "other").ca
            tls = ssl.create_default_context(cafile=str(other))
            url = f"mqtts://{ADDRESS}:{bed.port}"
            broker = broker_of(url, user=USER, password=PASSWORD, tls=tls)
            why = await _refused(MqttVoteBus(broker, site=SITE, observer="daemon"))
            assert "certificate" in why.lower()

    asyncio.run(story())


@pytest.mark.lab
def test_what_is_no_vote_is_refused_and_a_kept_one_is_not_taken() -> None:
    """Nobody speaks for another, and who comes late hears no vote from before."""

    async def story() -> None:
        async with (
            mosquitto() as bed,
            bed.listening("daemon") as (daemon,),
            aiomqtt.Client(
                ADDRESS, bed.port, username=USER, password=PASSWORD
            ) as client,
        ):
            await client.publish("sitedr/cms/vote/b", b"nonsense")
            await client.publish("sitedr/cms/vote/b", render_vote(a_vote("c", 1)))
            kept = render_vote(a_vote("b", 1, Says.DOWN))
            await client.publish("sitedr/cms/vote/b", kept, retain=True)
            await until(lambda: len(daemon.refused) == 2 and bool(daemon.votes))
            assert "speaks for c" in daemon.refused[1]
            async with bed.listening("c") as (late,):
                late.bus.post(a_vote("c", 1))
                await until(lambda: bool(late.votes))
                assert late.seqs_of("b") == []

    asyncio.run(story())


@pytest.mark.lab
def test_a_frozen_broker_blocks_nobody_and_is_left_in_the_end() -> None:
    """Its socket takes bytes for a while; the loop turns all the time."""

    async def story() -> None:
        async with mosquitto() as bed, bed.listening("daemon") as (daemon,):
            assert bed.process is not None
            bed.process.send_signal(signal.SIGSTOP)
            loop, worst_s, seq = asyncio.get_running_loop(), 0.0, 0
            try:
                async with asyncio.timeout(30):
                    while daemon.bus.connected:
                        seq, began_s = seq + 1, loop.time()
                        daemon.bus.post(a_vote("daemon", seq))
                        await asyncio.sleep(0.02)
                        worst_s = max(worst_s, loop.time() - began_s)
                assert daemon.bus.why
                assert worst_s < 0.25
            finally:
                bed.process.send_signal(signal.SIGCONT)
            await until(lambda: daemon.bus.connected)
            daemon.bus.post(a_vote("daemon", 9999))
            await until(lambda: 9999 in daemon.seqs_of("daemon"))

    asyncio.run(story())
