"""Settings as pydantic models: shape, types and bounds. Nothing is coerced."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from controller.config.asked import (
    Also,
    Journey,
    Page,
    repeated_services,
    wrong_questions,
)
from controller.config.broker import Observers
from controller.config.certificate import Certificate
from controller.config.rates import Rates, ZoneErrors
from controller.config.shapes import (
    Argv,
    HostPort,
    HttpUrl,
    Name,
    Port,
    Seconds,
    SecretRef,
    Strict,
)
from deploy.agent.ports import MARGIN_S


class Probe(Strict):
    """How services are asked, and when the answers mean down.

    lag_max_s: while the daemon's own loop is later than this it judges nothing.
    """

    interval_s: Seconds = 0.1
    timeout_s: Seconds = 0.35
    rounds_down: Annotated[int, Field(ge=2, le=1000)] = 3
    rounds_clear: Annotated[int, Field(ge=1, le=1000)] = 10
    stall_s: Seconds = 0.5
    page_interval_s: Annotated[Seconds, Field(ge=0.1, le=60)] = 1.0
    lag_max_s: Annotated[Seconds, Field(ge=0.1)] = 0.25


class Switchover(Strict):
    """What a planned move may cost: a pause of writes, what is rolled back, lag."""

    pause_max_s: Annotated[float, Field(ge=1, le=60, allow_inf_nan=False)] = 5.0
    transaction_max_s: Seconds = 3.0
    lag_max: Annotated[int, Field(ge=0, le=1_000_000_000)] = 1000


class Doctor(Strict):
    """How often the databases are inspected, and whether a blocker holds failovers."""

    interval_s: Annotated[Seconds, Field(ge=10)] = 300.0
    holds: bool = True


class Provision(Strict):
    """How a new replica is made; *rate_mb_s*: megabytes a second, 0: no limit."""

    method: Literal["auto", "physical", "logical"] = "auto"
    rate_mb_s: Annotated[int, Field(ge=0, le=100_000)] = 0


class WriteDead(Strict):
    """A primary that answers and takes no writes: held for a person, or left."""

    action: Literal["hold", "failover"] = "hold"
    after_s: Annotated[Seconds, Field(ge=6)] = 10.0


Promotion = Literal["prefer", "neutral", "avoid", "never"]


class Candidate(Strict):
    """How far behind a replica may be to be promoted by itself."""

    unapplied_max: Annotated[int, Field(ge=0, le=1_000_000_000)] = 10_000


class Durability(Strict):
    """How many of how many replicas have a write before it is acknowledged.

    cross_zone: a replica in the primary's own zone is none of them.
    """

    acks: Annotated[int, Field(ge=0, le=8)]
    of: Annotated[int, Field(ge=1, le=8)]
    cross_zone: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.acks > self.of:
            raise ValueError(f"acks: {self.acks} of {self.of} replicas can never be")
        return self


NAMED: Mapping[str, Mapping[str, object]] = {
    "none": {"acks": 0, "of": 1},
    "semi_sync": {"acks": 1, "of": 1},
    "cross_zone": {"acks": 1, "of": 1, "cross_zone": True},
}


def _durability(given: object) -> object:
    """Return what a name stands for; anything else as it is."""
    if not isinstance(given, str):
        return given
    if given not in NAMED:
        raise ValueError(f"one of {', '.join(NAMED)}, or {{acks: k, of: n}}")
    return NAMED[given]


Durable = Annotated[Durability, BeforeValidator(_durability)]


class Flapping(Strict):
    """When a zone that comes and goes is no successor, and until how much calm.

    flips: so often down and back, moves: left so often by itself; 0: not counted.
    """

    flips: Annotated[int, Field(ge=0, le=16)] = 3
    moves: Annotated[int, Field(ge=0, le=16)] = 2
    within_s: Seconds = 600.0
    quarantine_s: Annotated[Seconds, Field(ge=1)] = 900.0
    quarantine_max_s: Seconds = 3600.0

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if self.quarantine_max_s < self.quarantine_s:
            raise ValueError("quarantine_max_s: below quarantine_s, where it begins")
        return self


class Account(Strict):
    """A database account; the password is a reference, never the secret."""

    user: Annotated[str, Field(min_length=1, max_length=32)]
    password: SecretRef


class Accounts(Strict):
    """Who the daemon is to databases, and who a replica is to its source.

    probe: who looks, when it is not the controller; clone: whom MySQL copies as.
    """

    controller: Account
    replication: Account
    probe: Account | None = None
    clone: Account | None = None


class DatabaseTls(Certificate):
    """TLS from the daemon to every database; paths relative to this file.

    replication: TLS from a replica to its source; paths on the databases' machines.
    """

    replication: Certificate | None = None


class Database(Strict):
    """One database server; *admin_port* works when ordinary connections are full."""

    server: Name
    host: Annotated[str, Field(min_length=1)]
    port: Port
    admin_port: Port


class Zone(Strict):
    """What a zone runs."""

    origin: HttpUrl
    redis: HostPort
    search: HttpUrl
    database: Database
    also: list[Also] = Field(default_factory=list, max_length=50)


class Edge(Strict):
    """One HAProxy edge: where users reach it, its runtime socket, its map files.

    shared: other clusters route slots of theirs there, each under its own epoch.
    """

    url: HttpUrl
    socket: Annotated[str, Field(min_length=1)]
    maps: Annotated[str, Field(min_length=1)]
    shared: bool = False


class Provisioner(Strict):
    """Who runs the zones' processes."""

    kind: Literal["process", "none"]
    lab: str = "."


class FenceCommand(Strict):
    """Proof (e): what ends a zone's database from outside, started without a shell.

    check: reads back whether it is ended; without it the command's word counts.
    """

    argv: Argv
    timeout_s: Annotated[Seconds, Field(le=120)] = 3.0
    check: Argv | None = None


class Agents(Strict):
    """The zones' agents: where they listen, and the token all of them ask for.

    self_fence_after_s: as in the agents' own files. promote_wait_s: proof (d) waits
        so long after the last renewer swore.
    """

    token: SecretRef
    zones: Annotated[dict[Name, HttpUrl], Field(min_length=1)]
    self_fence_after_s: Seconds = 10.0
    promote_wait_s: Seconds = 14.0

    @model_validator(mode="after")
    def _outlives(self) -> Self:
        """Only who is surely gone may be followed (pg_auto_failover: 20 s < 30 s)."""
        least_s = self.self_fence_after_s + MARGIN_S
        if self.promote_wait_s < least_s:
            raise ValueError(
                f"promote_wait_s: {self.promote_wait_s:g} s is too short: a primary"
                f" that is alone is gone {least_s:g} s later (self_fence_after_s and"
                f" {MARGIN_S:g} s to end it)"
            )
        return self


class Site(Strict):
    """A whole configuration file."""

    site: Name
    mode: Literal["observe", "approve", "auto"]
    engine: Literal["mariadb", "mysql"]
    state_dir: Annotated[str, Field(min_length=1)]
    listen: HostPort
    rto_target_s: Seconds
    durability: Durable
    proofs: Annotated[
        list[Literal["process", "acks_revoked", "sql", "self_fence", "external"]],
        Field(min_length=1),
    ]
    fence_command: FenceCommand | None = None
    agents: Agents | None = None
    observers: Observers | None = None
    cooldown_s: Seconds = 60.0
    retry_s: Seconds = 10.0
    notify: list[str] = Field(default_factory=list)
    probe: Probe = Field(default_factory=Probe)
    switchover: Switchover = Field(default_factory=Switchover)
    doctor: Doctor = Field(default_factory=Doctor)
    provision: Provision = Field(default_factory=Provision)
    write_dead: WriteDead = Field(default_factory=WriteDead)
    rates: Rates = Field(default_factory=Rates)
    zone_errors: ZoneErrors = Field(default_factory=ZoneErrors)
    promotion: dict[Name, Promotion] = Field(default_factory=dict)
    candidate: Candidate = Field(default_factory=Candidate)
    flapping: Flapping = Field(default_factory=Flapping)
    accounts: Accounts
    database_tls: DatabaseTls | None = None
    zones: Annotated[dict[Name, Zone], Field(min_length=2)]
    redis_password: SecretRef | None = None
    search_core: Name = "cms"
    pages: list[Page] = Field(default_factory=list, max_length=50)
    journeys: list[Journey] = Field(default_factory=list, max_length=50)
    primary: Name
    provisioner: Provisioner
    edges: Annotated[dict[Name, Edge], Field(min_length=1)]
    slots: Annotated[dict[Name, list[Name]], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """Check what spans keys: names that must exist, be unique, or fit."""
        problems = [*self._wrong_names(), *self._repeated(), *self._unprotectable()]
        problems += self._idle_fences()
        if self.observers is not None:
            problems += self.observers.problems(self.zones)
        problems += wrong_questions(self.pages, self.journeys, set(self.edges))
        problems += repeated_services({n: z.also for n, z in self.zones.items()})
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _wrong_names(self) -> list[str]:
        known = ", ".join(sorted(self.zones))
        problems = []
        if self.primary not in self.zones:
            problems.append(f"primary: {self.primary!r} is no zone; one of: {known}")
        servers = {z.database.server for z in self.zones.values()}
        strange = sorted(set(self.promotion) - set(self.zones) - servers)
        problems += [f"promotion: {n!r} is no zone and no server" for n in strange]
        if self.promotion and not self._promotable():
            problems.append("promotion: with `never` for all, no failover can begin")
        return problems

    def _promotable(self) -> bool:
        rules = self.promotion
        return any(
            rules.get(zone.database.server, rules.get(name)) != "never"
            for name, zone in self.zones.items()
        )

    def _unprotectable(self) -> list[str]:
        """Return why no engine, or not these zones, can do what `durability` asks."""
        wanted, problems = self.durability, []
        if self.engine == "mariadb" and wanted.acks > 1:
            problems.append(
                f"durability: MariaDB lets a commit wait for one acknowledgement, never"
                f" for {wanted.acks}: set acks: 1 (of: {wanted.of} replicas all the"
                " same), or use mysql"
            )
        others = len(self.zones) - 1
        if wanted.of > others:
            problems.append(
                f"durability: of: {wanted.of} replicas need as many zones beside the"
                f" primary's, and there are {others}"
            )
        return problems

    def _repeated(self) -> list[str]:
        servers = [z.database.server for z in self.zones.values()]
        sites = [s for group in self.slots.values() for s in group]
        problems = []
        if len(set(servers)) < len(servers):
            problems.append("zones: two databases have the same `server` name")
        if len(set(sites)) < len(sites):
            problems.append("slots: a site stands in two slots")
        if len(set(self.proofs)) < len(self.proofs):
            problems.append("proofs: the same proof twice")
        return problems

    def _idle_fences(self) -> list[str]:
        """A proof that nothing can give, and a hand that nobody ever asks."""
        problems = []
        if "external" in self.proofs and self.fence_command is None:
            problems.append("proofs: external needs `fence_command`")
        if "external" not in self.proofs and self.fence_command is not None:
            problems.append("fence_command: never run: `proofs` lacks external")
        if "self_fence" in self.proofs and (
            self.agents is None or set(self.agents.zones) != set(self.zones)
        ):
            problems.append("proofs: self_fence needs an agent of every zone: `agents`")
        unknown = set(self.agents.zones if self.agents else ()) - set(self.zones)
        problems += [f"agents.zones: {z!r} is no zone" for z in sorted(unknown)]
        return problems
