"""How long the rule of error rates needs to be sure, computed. Pure.

For people who choose thresholds: from good answers only to so many bad ones, at a
steady pace, evenly spread, and the other zones well. Chance makes it a little longer or
shorter; fewer answers than `answers_min` in a window say nothing at all.
"""

from health.elevated import RatePolicy
from health.rates import Counts, wilson_lower


def volume_min(policy: RatePolicy) -> float:
    """Return the answers a second the bound is computed for: twice what is needed.

    At exactly the least volume chance decides whether a window has enough of them.
    """
    return 2 * policy.answers_min / policy.short_s


def sure_within_s(
    policy: RatePolicy, rate: float, each_s: float | None = None
) -> float | None:
    """Return when both windows call a zone elevated, seconds; None: never.

    rate: the share of bad answers from now on. each_s: answers a second; None: as
    many as `volume_min`.
    """
    each_s = each_s or volume_min(policy)
    if each_s * policy.short_s < policy.answers_min:
        return None
    longest_s = None
    for window_s in (policy.short_s, policy.long_s):
        needed_s = _window_s(policy, rate, each_s, window_s)
        if needed_s is None:
            return None
        longest_s = needed_s if longest_s is None else max(longest_s, needed_s)
    return longest_s


def _window_s(
    policy: RatePolicy, rate: float, each_s: float, window_s: float
) -> float | None:
    """Return how much of a window must be of the bad time; a bin more to be counted."""
    whole = round(each_s * window_s)
    for bins in range(1, round(window_s / policy.bin_s) + 1):
        bad = int(bins * policy.bin_s * each_s * rate)
        if wilson_lower(Counts(whole - bad, bad)) > policy.rate_min:
            return (bins + 1) * policy.bin_s
    return None
