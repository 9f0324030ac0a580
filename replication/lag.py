"""How far a replica is behind, by our own clock and our own rows; pure.

`Seconds_Behind_Master` compares two machines' clocks, is 0 with the receiver cut off,
and knows nothing of what was never received. Here a canary's GTID is a mark: written
on the primary at one reading of *our* monotonic clock, seen at the replica, received
and applied, at later readings of the same clock. No other clock is asked.

One mark a replica and kind is under way at a time, so a replica that is an hour
behind costs what one does that is not behind.
"""

from dataclasses import dataclass, field

from replication.gtid import surely_holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """Seconds; each an upper bound, asked anew every `MARK_EVERY_S`.

    receive_s: until what the primary commits is in the replica's relay log (what a
    failover would still have). apply_s: until readers there see it (how long a
    failover would drain). None: no canary has got there yet.
    """

    receive_s: float | None
    apply_s: float | None


MARK_EVERY_S = 0.5
"""Reading GTID sets is most of what it costs: not for every canary."""

NO_LAG = Lag(receive_s=None, apply_s=None)


@dataclass(slots=True)
class _Way:
    """The last mark that got there, and the one under way."""

    gtid: str = ""
    sent_at_s: float = 0.0
    took_s: float | None = None

    def marked(self, gtid: str, at_s: float) -> None:
        rested = self.took_s is None or at_s - self.sent_at_s >= MARK_EVERY_S
        if not self.gtid and rested:
            self.gtid, self.sent_at_s = gtid, at_s

    def seen(self, *, held: bool, at_s: float) -> None:
        if self.gtid and held:
            self.gtid, self.took_s = "", at_s - self.sent_at_s

    def lag_s(self, now_s: float) -> float | None:
        """Return what the last one took, or how long the next has been waited for."""
        if not self.gtid:
            return self.took_s
        waited_s = now_s - self.sent_at_s
        return waited_s if self.took_s is None else max(self.took_s, waited_s)


@dataclass(slots=True)
class LagMeter:
    """One replica of the present primary."""

    _receive: _Way = field(default_factory=_Way)
    _apply: _Way = field(default_factory=_Way)

    def marked(self, gtid: str, at_s: float) -> None:
        """Note that the primary committed a canary; *gtid* as its evidence has it."""
        self._receive.marked(gtid, at_s)
        self._apply.marked(gtid, at_s)

    def seen(self, received: str, executed: str, at_s: float) -> None:
        """Note what the replica says it has; texts as in `ServerView`."""
        for way, relayed in ((self._receive, received), (self._apply, "")):
            if way.gtid:
                way.seen(held=surely_holds(relayed, executed, way.gtid), at_s=at_s)

    def lag(self, now_s: float) -> Lag:
        """Return how far it is behind now."""
        return Lag(
            receive_s=self._receive.lag_s(now_s), apply_s=self._apply.lag_s(now_s)
        )
