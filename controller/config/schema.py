"""Settings as pydantic models: shape, types and bounds. Nothing is coerced."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from deploy.agent.ports import MARGIN_S

HostPort = Annotated[str, Field(pattern=r"^[^\s:/]+:\d{1,5}$", description="host:port")]
HttpUrl = Annotated[str, Field(pattern=r"^https?://[^\s/]+", description="an http URL")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
SecretRef = Annotated[
    str, Field(pattern=r"^(env|file):.+$", description="env:NAME or file:PATH")
]
Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Strict(BaseModel):
    """An unknown key is an error; "yes" is no boolean and "3" no number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Probe(Strict):
    """How services are asked, and when the answers mean down."""

    interval_s: Seconds = 0.1
    timeout_s: Seconds = 0.4
    rounds_down: Annotated[int, Field(ge=2, le=1000)] = 3
    rounds_clear: Annotated[int, Field(ge=1, le=1000)] = 10
    stall_s: Seconds = 0.5


class Switchover(Strict):
    """What a planned move may cost: a pause of writes, what is rolled back, lag."""

    pause_max_s: Annotated[float, Field(ge=1, le=60, allow_inf_nan=False)] = 5.0
    transaction_max_s: Seconds = 3.0
    lag_max: Annotated[int, Field(ge=0, le=1_000_000_000)] = 1000


class Doctor(Strict):
    """How often the databases are inspected, and whether a blocker holds failovers."""

    interval_s: Annotated[Seconds, Field(ge=10)] = 300.0
    holds: bool = True


class Account(Strict):
    """A database account; the password is a reference, never the secret."""

    user: Annotated[str, Field(min_length=1, max_length=32)]
    password: SecretRef


class Accounts(Strict):
    """Who the daemon is to databases, and who a replica is to its source."""

    controller: Account
    replication: Account


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


class Edge(Strict):
    """One HAProxy edge: where users reach it, its runtime socket, its map files."""

    url: HttpUrl
    socket: Annotated[str, Field(min_length=1)]
    maps: Annotated[str, Field(min_length=1)]


class Provisioner(Strict):
    """Who runs the zones' processes."""

    kind: Literal["process", "none"]
    lab: str = "."


def _absolute(argv: list[str]) -> list[str]:
    if not argv[0].startswith("/"):
        raise ValueError(f"{argv[0]!r} must be an absolute path: no shell looks for it")
    return argv


Argv = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=4096)]],
    Field(min_length=1),
    AfterValidator(_absolute),
]


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
    durability: Literal["none", "semi_sync"]
    proofs: Annotated[
        list[Literal["process", "acks_revoked", "sql", "self_fence", "external"]],
        Field(min_length=1),
    ]
    fence_command: FenceCommand | None = None
    agents: Agents | None = None
    cooldown_s: Seconds = 60.0
    retry_s: Seconds = 10.0
    notify: list[str] = Field(default_factory=list)
    probe: Probe = Field(default_factory=Probe)
    switchover: Switchover = Field(default_factory=Switchover)
    doctor: Doctor = Field(default_factory=Doctor)
    accounts: Accounts
    zones: Annotated[dict[Name, Zone], Field(min_length=2)]
    primary: Name
    provisioner: Provisioner
    edges: Annotated[dict[Name, Edge], Field(min_length=1)]
    slots: Annotated[dict[Name, list[Name]], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """Check what spans keys: names that must exist, be unique, or fit."""
        problems = [*self._wrong_names(), *self._repeated(), *self._idle_fences()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _wrong_names(self) -> list[str]:
        if self.primary in self.zones:
            return []
        known = ", ".join(sorted(self.zones))
        return [f"primary: {self.primary!r} is no zone; one of: {known}"]

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
