"""The zone agent's settings, and what can be said against them without asking."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

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
        if problems:
            raise ValueError("\n".join(problems))
        return self


def load_agent(path: Path) -> AgentFile:
    """Return the configuration of *path*; raise `ConfigError` with every problem."""
    return parse_as(AgentFile, read_text(path), name=str(path))
