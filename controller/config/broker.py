"""Observers in YAML: their broker, and who of them must see a loss."""

from collections.abc import Collection
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from controller.config.certificate import Certificate
from controller.config.shapes import Name, Strict

DAEMON = "daemon"
"""What the daemon calls itself among observers."""


class Broker(Strict):
    """The observers' MQTT broker, and who we are to it.

    user, password: as it knows us; the password is a reference. tls: for `mqtts`, by
    whom its certificate is signed; left out: by whom this machine trusts.
    """

    broker: Annotated[
        str,
        Field(
            pattern=r"^mqtts?://[^\s:/@]+(:\d{1,5})?$",
            description="mqtt://host:port or mqtts://host:port",
        ),
    ]
    user: Annotated[str, Field(min_length=1)] | None = None
    password: (
        Annotated[
            str, Field(pattern=r"^(env|file):.+$", description="env:NAME or file:PATH")
        ]
        | None
    ) = None
    tls: Certificate | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.password is not None and self.user is None:
            raise ValueError("password: whose? name the `user`")
        if self.tls is not None and not self.broker.startswith("mqtts:"):
            raise ValueError("tls: this broker is asked in plain text; say mqtts://")
        return self


class Observers(Broker):
    """Who else must see a loss before anything fails over by itself.

    expected: `daemon` and the zones whose agents observe; none named: all of them.
    stale_s: an older vote does not count. without_quorum: what will do while the
    broker is out of reach: replicas and edges (`second_vantage`), or nothing (`hold`).
    """

    expected: list[Name] = Field(default_factory=list)
    stale_s: Annotated[float, Field(ge=1, le=60, allow_inf_nan=False)] = 2.0
    without_quorum: Literal["second_vantage", "hold"] = "second_vantage"

    def problems(self, zones: Collection[str]) -> list[str]:
        """Return votes that nobody could cast, and counts that are none."""
        names = self.expected
        found = [
            f"observers.expected: {n!r} is neither {DAEMON} nor a zone"
            for n in sorted(set(names) - {DAEMON, *zones})
        ]
        if names and DAEMON not in names:
            found.append(f"observers.expected: {DAEMON} votes, too: name it")
        if len(set(names)) < len(names):
            found.append("observers.expected: the same observer twice")
        if len(set(names)) == 1:
            found.append("observers.expected: one alone is no majority of anything")
        if DAEMON in zones:
            found.append(f"zones: {DAEMON} is what the daemon is called as an observer")
        return found

    def names(self, zones: Collection[str]) -> tuple[str, ...]:
        """Return who is expected, the daemon first where all are."""
        return tuple(self.expected) or (DAEMON, *sorted(zones))
