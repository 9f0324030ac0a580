"""Boot-safe: what came up writable or receiving although nobody ordered it."""

from dataclasses import dataclass

from controller.model.ids import BootId
from deploy.agent.memo import NO_BOOT
from deploy.agent.ports import Contact, LocalView

OPENED_S = 3.0
"""How long the controller has to say that it opened what came up writable."""


@dataclass(slots=True)
class BootJudge:
    """Gives every new process of the database its time."""

    _since: tuple[BootId, float] = (NO_BOOT, 0.0)

    def is_over(self, view: LocalView, now_s: float) -> bool:
        """Tell whether nobody said for `OPENED_S` that this process is in order."""
        if self._since[0] != view.boot_id:
            self._since = (view.boot_id, now_s)
        return now_s - self._since[1] >= OPENED_S


def came_up(view: LocalView) -> str:
    """Return what is out of order, for people."""
    what = "writable" if view.writable else "receiving"
    return f"it came up {what} by itself (boot {view.boot_id})"


def in_order(view: LocalView, said: Contact | None) -> bool:
    """Tell whether the controller ordered it so, or it does nothing at all."""
    opened = said is not None and said.opened == view.boot_id
    follows = said is not None and said.follows
    return (opened or not view.writable) and (follows or not view.receives)
