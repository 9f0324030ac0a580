"""Composition root of the observers: their broker, and what an agent asks."""

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from controller.act.clock import SystemClock
from controller.act.observer import Observer, ObserverPolicy
from controller.act.ports import VoteSeat
from controller.config.agent import AgentFile, Observe
from controller.config.broker import DAEMON, Broker
from controller.config.certificate import Certificate
from controller.config.schema import Site
from controller.config.secrets import read_secret
from controller.model.errors import ConfigError
from health.adapters.http import HttpProbe
from health.adapters.mqtt import MqttVoteBus, broker_of
from health.adapters.redis import RedisProbe
from health.detector import DetectorPolicy
from health.ports import Probe, Sample
from health.votes import VoteBoard
from replication.sql.credentials import Credentials
from replication.sql.session import Endpoint, SaidError, SqlSession, caught
from replication.sql.tls import Tls

CHECK_S = 3.0
"""For a broker to answer `sitedr agent --check`."""

_FULL = ("1040:", "1203:", "1226:")
"""Every connection is taken: ER_CON_COUNT and its like, of a server that lives."""


def trust_of(found: Certificate, base: Path) -> Tls:
    """Return whom to trust by *found*; its paths are under *base*."""
    return Tls(
        ca=base / found.ca,
        verify_name=found.verify_name,
        certificate=base / found.certificate if found.certificate else None,
        key=base / found.key if found.key else None,
    )


def _context(found: Certificate | None, base: Path) -> ssl.SSLContext | None:
    if found is None:
        return None
    try:
        return trust_of(found, base).context()
    except OSError as error:
        raise ConfigError([f"tls: {error}"]) from error


def _bus(broker: Broker, base: Path, *, site: str, me: str) -> MqttVoteBus:
    password = broker.password
    at = broker_of(
        broker.broker,
        user=broker.user,
        password=read_secret(password, base=base).value if password else None,
        tls=_context(broker.tls, base),
    )
    return MqttVoteBus(at, site=site, observer=me)


def _board(me: str, expected: Sequence[str], stale_s: float) -> VoteBoard:
    boot = secrets.token_hex(8)
    return VoteBoard(me=me, boot=boot, expected=expected, stale_s=stale_s)


def daemon_seat(site: Site, base: Path) -> VoteSeat | None:
    """Return the daemon's seat; raises `ConfigError` for bad secrets and files."""
    found, probe = site.observers, site.probe
    if found is None:
        return None
    return VoteSeat(
        bus=_bus(found, base, site=site.site, me=DAEMON),
        board=_board(DAEMON, found.names(site.zones), found.stale_s),
        unfit_s=probe.rounds_down * (probe.interval_s + probe.timeout_s),
    )


def agent_seat(file: AgentFile, observe: Observe, base: Path) -> VoteSeat:
    """Return an agent's seat; raises `ConfigError` for bad secrets and files."""
    expected = (DAEMON, *sorted({file.zone, *observe.zones}))
    return VoteSeat(
        bus=_bus(observe, base, site=file.site, me=file.zone),
        board=_board(file.zone, expected, observe.stale_s),
        unfit_s=observe.rounds_down * (observe.interval_s + observe.timeout_s),
    )


@dataclass(frozen=True, slots=True)
class DatabaseProbe(Probe):
    """Asks a database one thing, on a connection that is kept while it lasts."""

    session: SqlSession
    timeout_s: float

    @override
    async def probe(self) -> Sample:
        phase, reason = await self._ask()
        return Sample(phase=phase, reason=reason, latency_s=0.0)

    async def _ask(self) -> tuple[str, str]:
        """What says anything lives; one that is full refuses us, and is not down."""
        answer = await caught(self._one())
        if answer is None or isinstance(answer, SaidError):
            return "", "answers"
        full = answer.reason.startswith(_FULL)
        return "auth" if full else answer.phase, answer.reason

    async def _one(self) -> None:
        await self.session.connect()
        await self.session.ask("SELECT 1", timeout_s=self.timeout_s)


def watched_probes(
    file: AgentFile, observe: Observe, base: Path
) -> Mapping[str, Probe]:
    """Return what an agent asks, by what votes call it, as `a/database`."""
    account, timeout_s = observe.account or file.database.account, observe.timeout_s
    password = read_secret(account.password, base=base).value
    trust = observe.database_tls
    found: dict[str, Probe] = {}
    for zone, watched in sorted(observe.zones.items()):
        host, port = _host_port(watched.database)
        endpoint = Endpoint(
            host=host,
            port=port,
            account=Credentials(user=account.user, password=password),
            connect_timeout_s=timeout_s,
            tls=trust_of(trust, base) if trust else None,
        )
        found[f"{zone}/database"] = DatabaseProbe(SqlSession(endpoint), timeout_s)
        if watched.origin is not None:
            url = f"{watched.origin}/healthz"
            found[f"{zone}/origin"] = HttpProbe(url, timeout_s=timeout_s)
        if watched.redis is not None:
            found[f"{zone}/redis"] = RedisProbe(
                *_host_port(watched.redis), timeout_s=timeout_s
            )
    return found


def _host_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def build_observer(file: AgentFile, observe: Observe, base: Path) -> Observer:
    """Return the observer of an agent's file; raises `ConfigError` for bad secrets."""
    return Observer(
        agent_seat(file, observe, base),
        watched_probes(file, observe, base),
        SystemClock(),
        ObserverPolicy(
            interval_s=observe.interval_s,
            lag_max_s=observe.lag_max_s,
            detector=DetectorPolicy(
                rounds_down=observe.rounds_down,
                rounds_clear=observe.rounds_clear,
                stale_s=10 * (observe.interval_s + observe.timeout_s),
            ),
        ),
    )


async def observed_once(observer: Observer) -> list[tuple[str, str]]:
    """Ask everything once, and the broker for a while: what, and why not; empty: fine.

    Says nothing to the other observers: no vote is posted.
    """
    found = []
    for name in observer.probes:
        sample = await observer.ask(name)
        found.append((f"sees {name}", sample.reason if sample.phase else ""))
    bus = observer.seat.bus
    task = asyncio.create_task(bus.run())
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CHECK_S):
                while True:
                    await asyncio.sleep(0.05)
                    if bus.connected:
                        break
        found.append(("broker", bus.why))
    finally:
        task.cancel()
        await asyncio.wait({task})
    return found
