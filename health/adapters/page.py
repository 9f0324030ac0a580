"""A page as users get it: the wanted answer, whole, within the time they would wait."""

from collections.abc import Callable
from dataclasses import replace

from typing_extensions import override

from health.adapters.http import ask_once, target_of
from health.http_answer import WantedAnswer
from health.ports import Probe, Sample

SLOW = "slow"
"""The phase of an answer that is late: the server took the request, users would go."""


class PageProbe(Probe):
    """Asks for one page of one site at *url*."""

    def __init__(
        self,
        url: str,
        *,
        slow_s: float,
        wanted: WantedAnswer,
        host: str = "",
        wall_s: Callable[[], float] | None = None,
    ) -> None:
        """*slow_s* bounds it all: nothing better is learnt by waiting any longer.

        *host*: the site asked for there, and the name its certificate must have;
        empty: the URL's. *wall_s*: the calendar, to warn of a certificate that ends
        soon.

        Raises:
            ValueError: no http or https URL with a host, or *host* is not ASCII.
        """
        target = target_of(url, timeout_s=slow_s, wanted=wanted, wall_s=wall_s)
        self._target = replace(target, name=host or target.name, late=SLOW)
        assert self._target.request  # what cannot be sent is said here, once

    @override
    async def probe(self) -> Sample:
        return await ask_once(self._target)
