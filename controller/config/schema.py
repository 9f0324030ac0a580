"""Settings as pydantic models: shape, types and bounds. Nothing is coerced."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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


class Provision(Strict):
    """How a new replica is made; *rate_mb_s*: megabytes a second, 0: no limit."""

    method: Literal["auto", "physical", "logical"] = "auto"
    rate_mb_s: Annotated[int, Field(ge=0, le=100_000)] = 0


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
        list[Literal["process", "acks_revoked", "sql"]], Field(min_length=1)
    ]
    cooldown_s: Seconds = 60.0
    retry_s: Seconds = 10.0
    notify: list[str] = Field(default_factory=list)
    probe: Probe = Field(default_factory=Probe)
    switchover: Switchover = Field(default_factory=Switchover)
    doctor: Doctor = Field(default_factory=Doctor)
    provision: Provision = Field(default_factory=Provision)
    accounts: Accounts
    zones: Annotated[dict[Name, Zone], Field(min_length=2)]
    primary: Name
    provisioner: Provisioner
    edges: Annotated[dict[Name, Edge], Field(min_length=1)]
    slots: Annotated[dict[Name, list[Name]], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """Check what spans keys: names that must exist, be unique, or fit."""
        problems = [*self._wrong_names(), *self._repeated()]
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
