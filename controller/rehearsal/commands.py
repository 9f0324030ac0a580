"""The language of stories: one line, one thing that happens.

Seeds speak it too, so that whatever a seed did can be told again by hand.
Zones are named `a b c`, or by role: `primary`, `replica`, `spare`.

    run-for 5s                    go on
    starve 5s                     go on, with a controller that hardly gets to run
    kill|freeze|cut ZONE          lose the zone; `heal ZONE` ends every fault of it
    block FROM TO                 drop packets one way; `mend FROM TO`
    restart ZONE                  its database restarts in place; `restart ZONE losing`
                                  its last transaction
    start ZONE                    a person starts its database, ended for good or not
    begin ZONE                    an application begins a transaction and sits on it
    close ZONE                    a person sets its database read-only; `open ZONE`
    tell ZONE N                   a person lets its commits wait for N acks; 0: none
    garble ZONE                   its database's log files become unreadable
    lag ZONE                      its applier gets nowhere; `catch-up ZONE`
    fill ZONE                     its database's disk is full; `free ZONE`
    grant ZONE                    its application may write past read-only there;
                                  `revoke ZONE` takes that away
    also ZONE ADDRESS             it is told to follow ADDRESS too; `only ZONE` ends it
    errant ZONE                   a person writes there, past read-only
    late ZONE                     orders that waited in its sockets arrive
    edge EDGE FAULT               none, unreachable, lost-before, lost-after, late
    edge EDGE forgets|wiped       it restarts with its first routes, or with none
    provisioner off|on            the out-of-band hand; `external off|on`: the
                                  fence command
    agent ZONE dies|returns       its agent alone, with `set self_fence_s=`; the same
                                  with `guard`, the process beside it
    broker dies|returns           between the observers, with `set observers=`;
                                  the same with `freezes` and `thaws`
    observer ZONE dies|returns    it votes no more
    traffic ZONE good=N bad=N     what users get of the zone, requests a second, also
                                  `aborts=N`: given up by the client
    probe ZONE NAME fails|answers our own question to a service is blocked on the way
    wall-clock SECONDS            jumps
    on STEP POINT COMMAND…        COMMAND in the middle of STEP, once; POINT is
                                  `intent` (announced) or `effect` (not yet answered)
    order ZONE NAME FAULT         the next such order meets FAULT
    journal-fails N               the Nth append from now on fails
    usurp                         another controller takes every named lock
    crash                         kill -9 of the controller; it is started again
    give-up SERVER                a person lets an old primary be laid anew
    maintenance start ZONE|site SECONDS WHY
                                  people work there; `maintenance end ZONE|site`
    approve | deny | pause WHY | resume | failover ZONE WHY | switchover ZONE WHY
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType

from cdn_router.adapters.memory import Fault as EdgeFault
from cdn_router.adapters.memory import MemoryEdge
from controller.act.virtual import VirtualClock
from controller.incident.record import RecordKind
from controller.model.errors import ConfigError
from controller.model.ids import EdgeId
from controller.rehearsal.play import Play, kill_controller_here
from controller.rehearsal.site import CONTROLLER, server_of
from controller.rehearsal.traffic import Rate
from replication.adapters.memory import Fault

Words = list[str]


def seconds(text: str) -> float:
    """Return `5s` or `5` as seconds."""
    return float(text.removesuffix("s"))


def _strike(play: Play, words: Words) -> None:
    """Do what needs no waiting; also in the middle of a step."""
    verb, *rest = words
    if verb == "crash":
        kill_controller_here()
    if verb not in STRIKES:
        raise ConfigError([f"unknown command: {' '.join(words)}"])
    try:
        STRIKES[verb](play, rest)
    except (ValueError, KeyError, IndexError) as error:
        raise ConfigError([f"cannot do `{' '.join(words)}`: {error!r}"]) from error


async def perform(play: Play, line: str) -> None:
    """Do one *line*; raises `ConfigError` for what it does not understand."""
    words = line.split()
    if words[0] in WAITS:
        await WAITS[words[0]](play, words[1:])
    else:
        play.site.note_command(line)
        _strike(play, words)


async def _run_for(play: Play, words: Words) -> None:
    await play.run_for(seconds(words[0]))


async def _starve(play: Play, words: Words) -> None:
    play.site.note_command(f"starve {' '.join(words)}")
    await play.starve(seconds(words[0]))


async def _crash(play: Play, words: Words) -> None:
    del words
    play.site.note_command("crash")
    await play.kill_controller()


def _lose(how: str, play: Play, words: Words) -> None:
    getattr(play.site, how)(play.zone_of(words[0]))


def _place(play: Play, word: str) -> str:
    return word if word in {CONTROLLER, "edge"} else play.zone_of(word)


def _block(play: Play, words: Words) -> None:
    world = play.site.world
    world.cut(_place(play, words[0]), _place(play, words[1]), both_ways=False)


def _mend(play: Play, words: Words) -> None:
    play.site.world.mend(_place(play, words[0]), _place(play, words[1]))


def _restart(play: Play, words: Words) -> None:
    losing = {(): False, ("losing",): True}[tuple(words[1:])]
    play.site.restart(play.zone_of(words[0]), losing=losing)


def _start(play: Play, words: Words) -> None:
    play.site.provisioner.release(play.zone_of(words[0]))


def _by_hand(how: str, play: Play, words: Words) -> None:
    act = getattr(play.site.world, f"{how}_by_hand")
    act(server_of(play.zone_of(words[0])))


def _tell(play: Play, words: Words) -> None:
    play.site.world.tell_by_hand(server_of(play.zone_of(words[0])), int(words[1]))


def _garble(play: Play, words: Words) -> None:
    play.site.world.garble(server_of(play.zone_of(words[0])))


def _lag(play: Play, words: Words) -> None:
    play.site.world.servers[server_of(play.zone_of(words[0]))].lagging = True


def _catch_up(play: Play, words: Words) -> None:
    member = play.site.world.servers[server_of(play.zone_of(words[0]))]
    member.lagging = False
    play.site.world.apply(member)


def _disk(how: str, play: Play, words: Words) -> None:
    getattr(play.site.world, how)(server_of(play.zone_of(words[0])))


def _grant(play: Play, words: Words) -> None:
    play.site.grant(play.zone_of(words[0]))


def _revoke(play: Play, words: Words) -> None:
    play.site.world.revoke(server_of(play.zone_of(words[0])))


def _also(play: Play, words: Words) -> None:
    play.site.world.follow_also(server_of(play.zone_of(words[0])), words[1])


def _only(play: Play, words: Words) -> None:
    play.site.world.follow_only(server_of(play.zone_of(words[0])))


def _errant(play: Play, words: Words) -> None:
    play.site.world.write_by_hand(server_of(play.zone_of(words[0])))


def _late(play: Play, words: Words) -> None:
    play.site.world.deliver_late(server_of(play.zone_of(words[0])))


def _edge(play: Play, words: Words) -> None:
    edge = play.site.edges[EdgeId(words[0])]
    if words[1] in EDGE_RESTARTS:
        EDGE_RESTARTS[words[1]](edge)
        return
    edge.hooks.fault = EdgeFault(words[1])
    if edge.hooks.fault is EdgeFault.NONE:
        edge.deliver_late()


def _provisioner(play: Play, words: Words) -> None:
    play.site.provisioner_off = {"off": True, "on": False}[words[0]]


def _external(play: Play, words: Words) -> None:
    play.site.external_off = {"off": True, "on": False}[words[0]]


def _agent(play: Play, words: Words) -> None:
    agents, zone = play.site.agents, play.zone_of(words[0])
    assert agents.agents, "set self_fence_s first"
    {"dies": agents.dead.add, "returns": agents.returned}[words[1]](zone)


def _guard(play: Play, words: Words) -> None:
    agents, zone = play.site.agents, play.zone_of(words[0])
    assert agents.agents, "set self_fence_s first"
    {"dies": agents.unguarded.add, "returns": agents.unguarded.discard}[words[1]](zone)


def _broker(play: Play, words: Words) -> None:
    broker = play.site.observers.broker
    if words[0] == "thaws":
        broker.thaw()
        return
    key, value = BROKER_FAULTS[words[0]]
    setattr(broker, key, value)


def _observer(play: Play, words: Words) -> None:
    observers, zone = play.site.observers, play.zone_of(words[0])
    assert zone in observers.observers, "set observers first, and this zone among them"
    {"dies": observers.dead.add, "returns": observers.dead.discard}[words[1]](zone)


def _traffic(play: Play, words: Words) -> None:
    given = {k: float(v) for k, v in (word.split("=") for word in words[1:])}
    rate = Rate(
        good=given.pop("good", 0.0),
        bad=given.pop("bad", 0.0),
        aborts=given.pop("aborts", 0.0),
    )
    if given:
        raise ValueError(f"good, bad or aborts, not {', '.join(given)}")
    play.site.flows(play.zone_of(words[0]), rate)


def _probe(play: Play, words: Words) -> None:
    unprobed = play.site.unprobed
    act = {"fails": unprobed.add, "answers": unprobed.discard}[words[2]]
    act((play.zone_of(words[0]), words[1]))


def _wall_clock(play: Play, words: Words) -> None:
    clock = play.site.clock
    assert isinstance(clock, VirtualClock), "only virtual time can be made to jump"
    clock.jump_wall(seconds(words[0]))


def _usurp(play: Play, words: Words) -> None:
    del words
    for server in play.site.world.servers:
        play.site.world.usurp(server, "another controller")


def _on(play: Play, words: Words) -> None:
    step, point, *rest = words
    strikes = play.at_step.setdefault((step, point), [])
    strikes.append(lambda: _strike(play, rest))


def _order(play: Play, words: Words) -> None:
    *server, fault = words
    target = server_of(play.zone_of(server[0]))
    found = Fault(fault.replace("-", " "))
    play.site.storm.planned[target, " ".join(server[1:])] = found


def _journal_fails(play: Play, words: Words) -> None:
    play.site.journal.fails_in = int(words[0])


def _say(kind: RecordKind, play: Play, words: Words) -> None:
    assert play.daemon is not None
    what = play.daemon.decision.trouble or "nothing"
    play.tell(kind, what=what, why=" ".join(words))


def _begin(play: Play, words: Words) -> None:
    play.site.world.begin(server_of(play.zone_of(words[0])))


def _give_up(play: Play, words: Words) -> None:
    play.tell(RecordKind.GIVEN_UP, server=words[0], why=" ".join(words[1:]))


def _maintenance(play: Play, words: Words) -> None:
    act, where, *rest = words
    assert play.daemon is not None
    zone = "" if where == "site" else play.zone_of(where)
    there = [w for w in play.daemon.book.ledger.windows if w.zone == zone]
    why = " ".join(rest[1:]) or "".join(w.reason for w in there)
    said = {"act": act, "zone": zone, "owner": "ann", "reason": why}
    lasts = {"for_s": seconds(rest[0])} if act == "start" else {}
    play.tell(RecordKind.MAINTENANCE, **said, **lasts)


def _move(play: Play, words: Words, *, planned: bool) -> None:
    overrides = [w.removeprefix("+") for w in words[1:] if w.startswith("+")]
    why = " ".join(w for w in words[1:] if not w.startswith("+"))
    zone = play.zone_of(words[0])
    body: dict[str, object] = {"to": zone, "why": why, "overrides": overrides}
    play.tell(RecordKind.WISH, **body, **({"planned": True} if planned else {}))


WAITS: Mapping[str, Callable[[Play, Words], Awaitable[None]]] = MappingProxyType(
    {"run-for": _run_for, "starve": _starve, "crash": _crash}
)

BROKER_FAULTS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "dies": ("is_up", False),
        "returns": ("is_up", True),
        "freezes": ("frozen", True),
    }
)

EDGE_RESTARTS: Mapping[str, Callable[[MemoryEdge], None]] = MappingProxyType(
    {"forgets": MemoryEdge.forget, "wiped": MemoryEdge.wipe}
)

STRIKES: Mapping[str, Callable[[Play, Words], None]] = MappingProxyType(
    {
        **{how: partial(_lose, how) for how in ("kill", "freeze", "cut", "heal")},
        "block": _block,
        "mend": _mend,
        "restart": _restart,
        "start": _start,
        "close": partial(_by_hand, "close"),
        "open": partial(_by_hand, "open"),
        "tell": _tell,
        "garble": _garble,
        "lag": _lag,
        "catch-up": _catch_up,
        "fill": partial(_disk, "fill"),
        "free": partial(_disk, "free"),
        "grant": _grant,
        "revoke": _revoke,
        "also": _also,
        "only": _only,
        "errant": _errant,
        "late": _late,
        "edge": _edge,
        "provisioner": _provisioner,
        "external": _external,
        "agent": _agent,
        "guard": _guard,
        "broker": _broker,
        "observer": _observer,
        "traffic": _traffic,
        "probe": _probe,
        "wall-clock": _wall_clock,
        "usurp": _usurp,
        "on": _on,
        "order": _order,
        "journal-fails": _journal_fails,
        "approve": partial(_say, RecordKind.APPROVED),
        "deny": partial(_say, RecordKind.DENIED),
        "pause": partial(_say, RecordKind.PAUSED),
        "resume": partial(_say, RecordKind.RESUMED),
        "begin": _begin,
        "maintenance": _maintenance,
        "give-up": _give_up,
        "failover": partial(_move, planned=False),
        "switchover": partial(_move, planned=True),
    }
)
