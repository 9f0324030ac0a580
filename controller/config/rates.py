"""Error rates in YAML: when a zone's are elevated, and what is done about it."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from controller.config.shapes import Strict
from health.elevated import LONG_S_MAX, RatePolicy

_D = RatePolicy()
_Window = Annotated[float, Field(ge=1, le=LONG_S_MAX, allow_inf_nan=False)]
_Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]


class Rates(Strict):
    """Thresholds of the statistical rule, with the meaning of `RatePolicy`.

    Windows are at least a second: edges are read four times in one.
    """

    short_s: _Window = _D.short_s
    long_s: _Window = _D.long_s
    answers_min: Annotated[int, Field(ge=2, le=1_000_000)] = _D.answers_min
    rate_min: _Share = _D.rate_min
    share_min: Annotated[float, Field(gt=0.5, le=1, allow_inf_nan=False)] = _D.share_min
    p_max: _Share = _D.p_max
    clear_s: Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)] = _D.clear_s

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Two windows must fit each other; `RatePolicy` knows how."""
        self.policy()
        return self

    def policy(self) -> RatePolicy:
        """Return the thresholds the detector takes; `ValueError`: they do not fit."""
        return RatePolicy(**self.model_dump())


class ZoneErrors(Strict):
    """The primary's zone alone fails its users while its database answers.

    action: left by a planned move, which loses nothing and is undone when it cannot
        be made, or held for a person. after_s: so long must it have been so.
    """

    action: Literal["switchover", "hold"] = "switchover"
    after_s: Annotated[float, Field(ge=1, le=3600, allow_inf_nan=False)] = 5.0
