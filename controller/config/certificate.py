"""Whom to trust, and who we are, wherever something is asked over TLS."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from controller.config.shapes import Strict


class Certificate(Strict):
    """Who signs the other side's certificate, and our own where it asks for one."""

    ca: Annotated[str, Field(min_length=1)]
    verify_name: bool = True
    certificate: Annotated[str, Field(min_length=1)] | None = None
    key: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.certificate is None) is not (self.key is None):
            raise ValueError("certificate and key: both, or neither")
        return self
