"""Solr probe: the ping of a core, and whether the core is loaded when that fails."""

import re
from dataclasses import replace

from typing_extensions import override

from health.adapters.http import ask_once, target_of
from health.http_answer import WantedAnswer
from health.ports import Probe, Sample

_ANSWERED = frozenset({"status", "body"})
"""Phases in which Solr said something: only then it can say more."""


class SolrProbe(Probe):
    """Asks *core* of the Solr at *url*; *timeout_s* bounds each of two questions.

    The ping runs a query in the core, so it tells more than that Solr is there.
    """

    def __init__(self, url: str, core: str, *, timeout_s: float) -> None:
        """*url*: without `/solr`.

        Raises:
            ValueError: no http or https URL with a host.
        """
        base = f"{url.rstrip('/')}/solr"
        named = re.compile(rb'"name"\s*:\s*"%s"' % re.escape(core.encode()))
        self._core = core
        self._ping = target_of(
            f"{base}/{core}/admin/ping?wt=json",
            timeout_s=timeout_s,
            wanted=WantedAnswer(like=re.compile(rb'"status"\s*:\s*"OK"')),
        )
        self._loaded = target_of(
            f"{base}/admin/cores?action=STATUS&core={core}&wt=json",
            timeout_s=timeout_s,
            wanted=WantedAnswer(like=named),
        )

    @override
    async def probe(self) -> Sample:
        pinged = await ask_once(self._ping)
        if pinged.phase not in _ANSWERED:
            return pinged
        loaded = await ask_once(self._loaded)
        took_s = pinged.latency_s + loaded.latency_s
        return replace(pinged, reason=self._why(pinged, loaded), latency_s=took_s)

    def _why(self, pinged: Sample, loaded: Sample) -> str:
        if not loaded.phase:
            return f"ping: {pinged.reason}, though core {self._core} is loaded"
        if loaded.phase == "body":
            return f"ping: {pinged.reason}: no core {self._core} is loaded there"
        return f"ping: {pinged.reason}; of its cores: {loaded.reason}"
