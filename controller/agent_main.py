"""Composition root of the zone agent: its adapters, its loop, its end."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import structlog
import uvloop

from controller.act.clock import SystemClock
from controller.act.local_database import OwnDatabase
from controller.act.logs import set_up_logs
from controller.broker_adapters import build_observer, observed_once
from controller.config.agent import AgentFile
from controller.config.secrets import read_secret
from controller.model.errors import ControllerError
from controller.model.ids import ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome
from deploy.agent.agent import Agent
from deploy.agent.client import AgentClient
from deploy.agent.guard import GuardKeeper, kernel_id
from deploy.agent.hands import hand_of
from deploy.agent.http_api import AgentDoor, open_door
from deploy.agent.memo import FileStore, Held
from deploy.agent.ports import SLACK_S, Settings, beyond_margin_s, gone_after_s
from replication.registry import SERVERS
from replication.sql.credentials import Credentials
from replication.sql.server import SqlAccess

TICK_S = 0.25
WATCH_S = 0.1
LEAVE_S = 5.0
"""For the controller to hear and record that an agent leaves; two contacts do."""

_CONNECT_S = 0.4


def hand_tree(file: AgentFile, base: Path) -> Mapping[str, object]:
    """Return how the database is ended, for the agent and its guard alike."""
    tree = file.process.model_dump()
    if "zone_dir" in tree:
        tree["zone_dir"] = str((base / tree["zone_dir"]).absolute())
    return tree


def build_client(file: AgentFile, base: Path) -> AgentClient:
    """Return how people on its machine reach the agent itself."""
    token = read_secret(file.token, base=base).value
    return AgentClient(f"http://{file.listen}", token, file.site, order_s=10.0)


def _named(user: str | None) -> Credentials | None:
    return None if user is None else Credentials(user=user, password="")


def build_agent(file: AgentFile, base: Path) -> Agent:
    """Return the agent of *file*; raises `ConfigError` for bad secrets."""
    token = read_secret(file.token, base=base).value
    account = file.database.account
    me = Credentials(
        user=account.user, password=read_secret(account.password, base=base).value
    )
    server = ServerId(file.database.server)
    access = SqlAccess(
        server=server,
        host=file.database.host,
        admin_port=file.database.admin_port,
        controller=me,
        # Only their names count here: none of them is an application to be ended.
        replication=Credentials(user=file.database.replication_user, password=""),
        probe=_named(file.database.probe_user),
        clone=_named(file.database.clone_user),
        members={},
        seed_position=lambda _server: None,
        connect_timeout_s=_CONNECT_S,
    )
    clock = SystemClock()
    state_dir = base / file.state_dir
    hand = hand_tree(file, base)
    guard = GuardKeeper(directory=state_dir, hand=hand)
    return Agent(
        settings=Settings(
            zone=ZoneId(file.zone),
            server=server,
            ttl_s=file.self_fence_after_s,
            kernel=kernel_id(),
        ),
        hand=hand_of(hand),
        database=OwnDatabase(SERVERS[file.engine](access)),
        peers={
            ZoneId(z): AgentClient(url, token, file.site)
            for z, url in file.peers.items()
        },
        clock=clock,
        store=FileStore(state_dir),
        guarded=guard.lives if file.self_fence_after_s else lambda: False,
    )


def run_agent(file: AgentFile, config: Path) -> None:
    """Run the agent until it is told to stop; SIGTERM also ends a primary in order."""
    set_up_logs()
    base = config.parent
    state_dir = base / file.state_dir
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ControllerError(f"state_dir {state_dir}: {error.strerror}") from error
    token = read_secret(file.token, base=base).value
    if file.observe is not None:
        build_observer(file, file.observe, base)  # what is wrong with it is told now
    uvloop.run(_serve(file, base, build_agent(file, base), token))


async def _observe(file: AgentFile, base: Path) -> None:
    """Vote if the file says so; a mistake there ends the voting, never the agent."""
    if file.observe is None:
        return
    try:
        await build_observer(file, file.observe, base).run()
    except ExceptionGroup as error:
        told = f"it observes no more, and does not vote: {error.exceptions[0]!r}"
        structlog.get_logger().error("agent", zone=file.zone, trouble=told)


async def _serve(file: AgentFile, base: Path, agent: Agent, token: str) -> None:
    host, _, port = file.listen.rpartition(":")
    runner = await open_door(AgentDoor(agent, token, file.site), host, int(port))
    told = asyncio.Event()
    asked: list[int] = []

    def stop(number: int) -> None:
        asked.append(number)
        told.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number)
    try:
        await agent.began()
        watch = asyncio.create_task(_watch(agent))
        looks = asyncio.create_task(_observe(file, base))
        try:
            await _tick_until(agent, told, watch)
            if signal.SIGTERM in asked and file.on_term == "stop_database":
                await _end_primary(agent)
            else:
                await leave_alone(agent)
        finally:
            watch.cancel()
            looks.cancel()
            await asyncio.wait({looks})
    finally:
        await runner.cleanup()
        await agent.database.aclose()
        for peer in agent.peers.values():
            if isinstance(peer, AgentClient):
                await peer.aclose()


async def _watch(agent: Agent) -> None:
    """Look at the lease alone, beside the rounds: those wait for others."""
    while True:
        await agent.fence_if_alone()
        await asyncio.sleep(WATCH_S)


async def _tick_until(
    agent: Agent, told: asyncio.Event, watch: asyncio.Task[None]
) -> None:
    log, last = structlog.get_logger(), ""
    while not told.is_set():
        await agent.tick()
        if watch.done():
            watch.result()  # it never ends by itself: what it raised is ours
        if agent.worry != last:
            last = agent.worry
            log.warning("agent", zone=agent.settings.zone, trouble=last or "none")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK_S):
                await told.wait()


async def _end_primary(agent: Agent) -> None:
    """Before the machine goes down: an orderly shutdown would tell waiters OK."""
    if agent.state().writable:
        await agent.stop_database("the agent was stopped", Held.SHUT_DOWN)


async def leave_alone(agent: Agent, within_s: float = LEAVE_S) -> bool:
    """Leave the database running; `False`: it will be ended, because it is relied on.

    The controller has to hear first that this agent ends nothing any more: otherwise
    it would promote another one after a wait in which nothing happened.
    """
    agent.leave()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while not agent.stand_down():
                await asyncio.sleep(TICK_S)
                await agent.tick()
            return True
    structlog.get_logger().warning(
        "agent",
        zone=agent.settings.zone,
        trouble="it left while the controller counts on it and did not answer: the"
        f" guard ends the primary {agent.ttl_s + SLACK_S:g} s after its last renewal,"
        " unless an agent is started again before",
    )
    return False


async def check_agent(file: AgentFile, config: Path) -> list[tuple[str, str]]:
    """Ask everything the agent depends on, changing nothing; empty answer: fine."""
    agent = build_agent(file, config.parent)
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "process": agent.hand.state,
        "database": agent.database.look,
    }
    found = [(told, "") for told in _self_fence_told(agent)]
    for zone, peer in agent.peers.items():
        assert isinstance(peer, AgentClient)
        asked[f"agent of zone {zone}"] = peer.state
    try:
        for name, ask in asked.items():
            answer = await ask()
            found.append((name, answer.reason if isinstance(answer, NotSeen) else ""))
        if file.observe is not None:
            observer = build_observer(file, file.observe, config.parent)
            found += await observed_once(observer)
    finally:
        await agent.database.aclose()
        for peer in agent.peers.values():
            if isinstance(peer, AgentClient):
                await peer.aclose()
    return found


def _self_fence_told(agent: Agent) -> list[str]:
    """Say what the daemon has to wait for: it cannot be asked from here."""
    ttl_s, kill_s = agent.settings.ttl_s, agent.hand.kill_s
    if not ttl_s:
        return []
    told = (
        f"self-fence: gone {gone_after_s(ttl_s, kill_s):g} s after its last renewal;"
        " the site's promote_wait_s must not be less"
    )
    if beyond_margin_s(kill_s):
        told += f" (process.timeout_s {kill_s:g} is slow: 1 fits the usual margin)"
    return [told]


async def order_agent(
    file: AgentFile, base: Path, order: Callable[[AgentClient], Awaitable[Outcome]]
) -> Outcome:
    """Give one order to the agent of *file* that runs here."""
    client = build_client(file, base)
    try:
        return await order(client)
    finally:
        await client.aclose()
