"""What values of a configuration look like; nothing is coerced."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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


def _absolute(argv: list[str]) -> list[str]:
    if not argv[0].startswith("/"):
        raise ValueError(f"{argv[0]!r} must be an absolute path: no shell looks for it")
    return argv


Argv = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=4096)]],
    Field(min_length=1),
    AfterValidator(_absolute),
]
