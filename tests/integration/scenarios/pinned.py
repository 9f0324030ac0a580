"""A client that knows one address and goes on trying it, as pools do."""

import threading
import time

import pymysql
from typing_extensions import override

from tests.contract.real_servers import ACCOUNTS
from tests.integration.facts.pair import PATIENCE_S, Pair

PAUSE_S = 0.005


class Pinned(threading.Thread):
    """Writes to A for ever; a session that ends is replaced at the same address.

    acknowledged: row to when its OK came, monotonic. thrown_out: how many of its
    sessions were ended, or let in no more.
    """

    def __init__(self, pair: Pair, number: int) -> None:
        """Begin at once."""
        super().__init__(daemon=True)
        self._pair, self._number = pair, number
        self._ending = threading.Event()
        self.acknowledged: dict[str, float] = {}
        self.thrown_out = 0
        self.start()

    @override
    def run(self) -> None:
        written = 0
        while not self._ending.wait(PAUSE_S):
            try:
                self._session(written)
            except (pymysql.err.Error, OSError):
                self.thrown_out += 1
            written = len(self.acknowledged) + self.thrown_out + 1

    def _session(self, written: int) -> None:
        line = self._pair.connect(self._pair.a, ACCOUNTS.application, admin=False)
        with line, line.cursor() as cursor:
            while not self._ending.wait(PAUSE_S):
                written += 1
                row = f"pinned-{self._number}-{written}"
                cursor.execute("INSERT INTO cms.t VALUES (%s)", (row,))
                self.acknowledged[row] = time.monotonic()

    def stop(self) -> None:
        """End it; returns when it has."""
        self._ending.set()
        self.join(PATIENCE_S)
