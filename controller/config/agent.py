"""The zone agent's settings, and what can be said against them without asking."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from controller.config.broker import DAEMON, Broker
from controller.config.certificate import Certificate
from controller.config.load import parse_as, read_text
from controller.config.schema import Account
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

User = Annotated[str, Field(min_length=1, max_length=32)]


class LabProcess(Strict):
    """The database is a slot of the local lab."""

    kind: Literal["lab"]
    zone_dir: Annotated[str, Field(min_length=1)]


class CommandProcess(Strict):
    """The database is run by any service manager; commands without a shell.

    inhibit: 0 once its restart is prevented, also over a reboot. inhibited: 0
    while that is so. kill: SIGKILL. dead: 0 when no process of it lives. release:
    allow it again and start it.
    """

    kind: Literal["command"]
    inhibit: Argv
    inhibited: Argv
    kill: Argv
    dead: Argv
    release: Argv
    timeout_s: Annotated[Seconds, Field(le=10)] = 1.0


class LocalServer(Strict):
    """The zone's own database and how the agent logs in.

    replication_user, probe_user, clone_user: as in the site file. They are no
    applications: ending clients must not lock them out.
    """

    server: Name
    host: Annotated[str, Field(min_length=1)]
    admin_port: Port
    account: Account
    replication_user: User
    probe_user: User | None = None
    clone_user: User | None = None


class Watched(Strict):
    """What is asked of one zone: its database, and what users need beside it."""

    database: HostPort
    origin: HttpUrl | None = None
    redis: HostPort | None = None


class Observe(Broker):
    """The agent looks at every zone, and votes under the name of its own.

    account: who asks the databases; left out: the agent's own. database_tls: how.
    """

    zones: Annotated[dict[Name, Watched], Field(min_length=1)]
    account: Account | None = None
    database_tls: Certificate | None = None
    interval_s: Annotated[Seconds, Field(ge=0.05, le=60)] = 0.1
    timeout_s: Annotated[Seconds, Field(le=60)] = 0.4
    rounds_down: Annotated[int, Field(ge=2, le=1000)] = 3
    rounds_clear: Annotated[int, Field(ge=1, le=1000)] = 10
    stale_s: Annotated[Seconds, Field(ge=1, le=60)] = 2.0
    lag_max_s: Annotated[Seconds, Field(ge=0.1)] = 0.25


class AgentFile(Strict):
    """A whole agent configuration file.

    site: as in the site file; an order for another site's database is refused.
    """

    site: Name
    zone: Name
    engine: Literal["mariadb", "mysql"]
    state_dir: Annotated[str, Field(min_length=1)]
    listen: HostPort
    token: SecretRef
    database: LocalServer
    process: Annotated[LabProcess | CommandProcess, Field(discriminator="kind")]
    peers: dict[Name, HttpUrl] = Field(default_factory=dict)
    self_fence_after_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = (
        0.0
    )
    observe: Observe | None = None
    on_term: Literal["stop_database", "leave"] = "stop_database"

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        problems = []
        if self.zone in self.peers:
            problems.append(f"peers: zone {self.zone} is not its own witness")
        if self.self_fence_after_s and not self.peers:
            problems.append(
                "self_fence_after_s: without peers losing the controller alone would"
                " stop a healthy primary: name the other zones' agents"
            )
        if 0 < self.self_fence_after_s < 3:
            problems.append(
                "self_fence_after_s: below 3 s a slow network looks like isolation"
            )
        if self.zone == DAEMON and self.observe is not None:
            problems.append(f"zone: as an observer {DAEMON} is the daemon")
        if problems:
            raise ValueError("\n".join(problems))
        return self


def load_agent(path: Path) -> AgentFile:
    """Return the configuration of *path*; raise `ConfigError` with every problem."""
    return parse_as(AgentFile, read_text(path), name=str(path))
