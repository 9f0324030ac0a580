"""A test's way to kill the daemon in the middle of a step, with no clean-up.

SITEDR_CRASH_AT=STEP[:intent|effect] ends the process with SIGKILL right after
the intent of STEP is durable, or after its effect and before its outcome is.
"""

import os
import signal
from collections.abc import Mapping

from controller.act.driver import CrashPoint, no_crash
from controller.decide.saga import Step
from controller.model.errors import ConfigError

VARIABLE = "SITEDR_CRASH_AT"
POINTS = ("intent", "effect")


def crash_point_from(environment: Mapping[str, str]) -> CrashPoint:
    """Return the crash point *environment* asks for; none is the rule."""
    wish = environment.get(VARIABLE, "")
    if not wish:
        return no_crash
    name, _, point = wish.partition(":")
    point = point or "effect"
    if name not in set(Step) or point not in POINTS:
        known = ", ".join(Step)
        raise ConfigError([f"{VARIABLE}={wish}: need STEP[:intent|effect]; {known}"])

    def crash(step: Step, at: str) -> None:
        if step.value == name and at == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return crash
