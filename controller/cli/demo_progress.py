"""The live view: one line a step, with the time since the fault."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from typing_extensions import override

from controller.cli.demo_run import Viewer
from controller.incident.record import Record, RecordKind
from controller.sla.timeline import timeline

_SPINNING = frozenset({RecordKind.INTENT})
_QUIET = frozenset({RecordKind.NOTIFIED})


class LiveView(Viewer):
    """Prints to a console; a spinner says what is under way."""

    def __init__(
        self, console: Console, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._clock = clock
        self._began_s = clock()
        self._fault_s: float | None = None
        self._intent_s: dict[str, float] = {}
        self._status = Status("starting", console=console)

    def __enter__(self) -> Self:
        """Begin the spinner, where there is a terminal."""
        self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._status.stop()

    def _line(self, at_s: float, text: str) -> None:
        if self._fault_s is None:
            stamp = f"{at_s - self._began_s:7.3f} s"
        else:
            stamp = f"{at_s - self._fault_s:+7.3f} s"
        self._console.print(
            f"[dim]{stamp}[/]  {text}", overflow="ellipsis", no_wrap=True
        )

    @override
    def phase(self, text: str) -> None:
        self._status.update(escape(text))
        self._line(self._clock(), f"[cyan]{escape(text)}[/]")

    @override
    def fault(self, at_s: float) -> None:
        self._fault_s = at_s

    @override
    def record(self, record: Record) -> None:
        step = str(record.body.get("step", ""))
        if record.kind in _SPINNING:
            self._intent_s[step] = record.at_mono_s
            self._status.update(f"{step.upper()}: {escape(str(record.body['why']))}")
            return
        if record.kind in _QUIET:
            return
        text = escape(timeline([record])[0].text)
        if record.kind is RecordKind.OUTCOME:
            took_s = record.at_mono_s - self._intent_s.get(step, record.at_mono_s)
            text = f"{text} [dim]({took_s:.3f} s)[/]"
        self._line(record.at_mono_s, f"{record.kind.value:9} {text}")
