"""Elevated error rates: does one zone fail, or everything, or nobody surely? Pure.

A zone is elevated when in a short *and* in a long window enough answers were seen, the
rate of bad ones is surely above a floor, most of all bad answers are this zone's, and
chance does not explain that (traffic.md §1.9, §1.11: the long window for significance,
the short one so that it is still so). Each condition that fails has a name, which is
why nothing is done. Below the volume only active probes decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from controller.model.ids import ZoneId
from health.rates import Counts, Meter, Window, fisher_p, wilson_lower

BINS_SHORT = 10
"""Bins of the short window; it is exact to one of them."""

LONG_S_MAX = 3600.0


class Elevation(StrEnum):
    """What the rates say of a zone."""

    CALM = "calm"  # the rate is not surely above the floor
    LOW_VOLUME = "low_volume"  # too few answers to say anything
    NOT_ZONAL = "not_zonal"  # it fails, and so do others: a common cause
    ELEVATED = "elevated"


class Asker(StrEnum):
    """Whose answers were judged."""

    USERS = "users"
    PAGES = "pages"  # our own questions


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePolicy:
    """Thresholds, each with what it protects from.

    short_s, long_s: windows, seconds; long_s a multiple of a tenth of short_s.
    answers_min: fewer say nothing (Envoy asks for 100, we for a window of two).
    rate_min: Wilson's lower bound must be above it.
    share_min: this zone's share of all bad answers (AWS multi-AZ: 0.7).
    p_max: by chance at most so likely, by Fisher's exact test.
    clear_s: calm for so long in all ends it; nobody asking neither adds to that nor
        takes from it, so that a zone without traffic stays as it was.
    """

    short_s: float = 2.0
    long_s: float = 10.0
    answers_min: int = 20
    rate_min: float = 0.10
    share_min: float = 0.7
    p_max: float = 0.01
    clear_s: float = 30.0

    def __post_init__(self) -> None:
        if not (0 < self.short_s <= self.long_s <= LONG_S_MAX and self.clear_s >= 0):
            raise ValueError("0 < short_s <= long_s <= 3600, and clear_s >= 0")
        bins = self.long_s / self.bin_s
        if abs(bins - round(bins)) > 1e-9 or self.long_s < self.short_s:
            raise ValueError("long_s must be a multiple of a tenth of short_s")
        if self.answers_min < 1 or not 0 < self.rate_min < 1:
            raise ValueError("answers_min must be >= 1 and rate_min between 0 and 1")
        if not 0.5 < self.share_min <= 1:
            raise ValueError("share_min: below one half two zones could both have it")
        if not 0 < self.p_max < 1:
            raise ValueError("p_max must be between 0 and 1")

    @property
    def bin_s(self) -> float:
        """Return how exact both windows are, seconds."""
        return self.short_s / BINS_SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """One window's figures, as they were judged."""

    here: Counts
    elsewhere: Counts
    lower: float
    share: float
    p: float
    says: Elevation

    def sentence(self) -> str:
        """Return the figures for people."""
        return (
            f"{self.here.bad} of {self.here.total} failed, surely above"
            f" {self.lower:.1%}; {self.share:.0%} of all failures; p {self.p:.2g}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateReading:
    """A zone's verdict with its arithmetic.

    since_s: when it began to be so. by: whose answers it was judged by.
    bare: what both windows say now, without hysteresis: what may be acted on.
    sure_s: they have called it elevated for so long, seconds; an interruption not
        longer than the short window is none, unless others fail too. 0: they do not.
    """

    says: Elevation
    short: Arithmetic
    long: Arithmetic
    since_s: float
    bare: Elevation = Elevation.LOW_VOLUME
    sure_s: float = 0.0
    by: Asker = Asker.USERS

    def sentence(self) -> str:
        """Return both windows' figures for people."""
        return f"{self.short.sentence()} | {self.long.sentence()}"


_NOTHING = Arithmetic(
    here=Counts(),
    elsewhere=Counts(),
    lower=0.0,
    share=0.0,
    p=1.0,
    says=Elevation.LOW_VOLUME,
)
NO_RATES = RateReading(
    says=Elevation.LOW_VOLUME, short=_NOTHING, long=_NOTHING, since_s=0.0
)


def judge(here: Counts, elsewhere: Counts, policy: RatePolicy) -> Arithmetic:
    """Judge one window of one zone beside all the others together."""
    lower = wilson_lower(here)
    bad = here.bad + elsewhere.bad
    share = here.bad / bad if bad else 0.0
    p = fisher_p(here, elsewhere)
    if here.total < policy.answers_min:
        says = Elevation.LOW_VOLUME
    elif lower <= policy.rate_min:
        says = Elevation.CALM
    elif share < policy.share_min or p >= policy.p_max:
        says = Elevation.NOT_ZONAL
    else:
        says = Elevation.ELEVATED
    return Arithmetic(
        here=here, elsewhere=elsewhere, lower=lower, share=share, p=p, says=says
    )


Windows = tuple[Arithmetic, Arithmetic]


@dataclass(slots=True)
class _Zone:
    meter: Meter
    says: Elevation = Elevation.LOW_VOLUME
    since_s: float = 0.0
    calm_s: float = 0.0
    judged_s: float = 0.0
    shared_s: float | None = None
    sure_from_s: float | None = None
    sure_at_s: float = 0.0


@dataclass(slots=True)
class RateDetector:
    """All zones of a site, because one is judged by the others. O(1) a sample."""

    policy: RatePolicy
    zones: Iterable[ZoneId]
    _zones: dict[ZoneId, _Zone] = field(init=False)

    def __post_init__(self) -> None:
        bins = round(self.policy.long_s / self.policy.bin_s)
        self._zones = {
            zone: _Zone(Meter(self.policy.bin_s, Window(BINS_SHORT), Window(bins)))
            for zone in self.zones
        }

    def record(self, zone: ZoneId, at_s: float, *, good: int = 0, bad: int = 0) -> None:
        """Count answers of *zone*; client aborts are neither."""
        self._zones[zone].meter.add(at_s, good=good, bad=bad)

    def readings(self, now_s: float) -> Mapping[ZoneId, RateReading]:
        """Judge every zone as of *now_s*."""
        windows = {z: zone.meter.read(now_s) for z, zone in self._zones.items()}
        short = sum((s for s, _ in windows.values()), Counts())
        long = sum((w for _, w in windows.values()), Counts())
        return {
            z: self._reading(zone, now_s, windows[z], (short, long))
            for z, zone in self._zones.items()
        }

    def _reading(
        self,
        zone: _Zone,
        now_s: float,
        here: tuple[Counts, Counts],
        everywhere: tuple[Counts, Counts],
    ) -> RateReading:
        short, long = (
            judge(own, Counts(whole.good - own.good, whole.bad - own.bad), self.policy)
            for own, whole in zip(here, everywhere, strict=True)
        )
        raw = _together(short.says, long.says)
        shared = raw is Elevation.NOT_ZONAL and self._others_fail(short, long)
        sure_s = self._sure_s(zone, now_s, raw, shared=shared)
        says = self._held(zone, now_s, raw, (short, long))
        if says is not zone.says:
            zone.says, zone.since_s = says, now_s
        return RateReading(
            says=says,
            short=short,
            long=long,
            since_s=zone.since_s,
            bare=raw,
            sure_s=sure_s,
        )

    def _others_fail(self, *windows: Arithmetic) -> bool:
        """Tell whether a common cause is seen, and not only too few answers."""
        return any(w.elsewhere.bad and w.share < self.policy.share_min for w in windows)

    def _sure_s(
        self, zone: _Zone, now_s: float, raw: Elevation, *, shared: bool
    ) -> float:
        """Return how long it has been elevated by the bare rule; 0: it is not.

        Chance alone makes a small window blink; when it stays dark for as long as it
        reaches back, all it has seen is newer and says otherwise (D15). *shared*:
        others fail, too, and that ends it at once.
        """
        dark_s = now_s - zone.sure_at_s
        if shared or dark_s > self.policy.short_s:
            zone.sure_from_s = None
        if raw is Elevation.ELEVATED:
            zone.sure_at_s = now_s
            if zone.sure_from_s is None:
                zone.sure_from_s = now_s
        return 0.0 if zone.sure_from_s is None else now_s - zone.sure_from_s

    def _held(
        self, zone: _Zone, now_s: float, says: Elevation, windows: Windows
    ) -> Elevation:
        """Hysteresis: elevated stays so until it was calm for long, all in all.

        And until others have failed alike for a whole short window: one bad moment of
        theirs is no common cause. `sure_s` does not wait: nothing begins meanwhile.
        """
        passed_s, zone.judged_s = now_s - zone.judged_s, now_s
        if says is not Elevation.NOT_ZONAL:
            zone.shared_s = None
        elif zone.shared_s is None:
            zone.shared_s = now_s
        match self._calms(*windows):
            case True:
                zone.calm_s += passed_s
            case False:
                zone.calm_s = 0.0
            case None:
                pass
        if zone.says is not Elevation.ELEVATED or says is Elevation.ELEVATED:
            return says
        shared_s = None if zone.shared_s is None else now_s - zone.shared_s
        if shared_s is not None and shared_s >= self.policy.short_s:
            return says
        over = zone.calm_s >= self.policy.clear_s
        return says if over else Elevation.ELEVATED

    def _calms(self, short: Arithmetic, long: Arithmetic) -> bool | None:
        """Tell whether users get what they ask for; None: nobody asks.

        At night, too: few answers are judged by how many of them were bad.
        """
        if short.says is not Elevation.LOW_VOLUME:
            return short.says is Elevation.CALM
        if not short.here.total:
            return None
        return long.here.rate <= self.policy.rate_min


_WEAKER = (
    Elevation.LOW_VOLUME,
    Elevation.CALM,
    Elevation.NOT_ZONAL,
    Elevation.ELEVATED,
)


def _together(short: Elevation, long: Elevation) -> Elevation:
    """Return what both windows say at the least."""
    return min(short, long, key=_WEAKER.index)
