"""How long a server's certificate is good for."""

import asyncio
import ssl

WARN_S = 14 * 86400.0
CERTIFICATE_LEFT_S = "certificate_left_s"
"""The figure of a sample that says how long a certificate is good for, seconds."""


def left_s(transport: asyncio.BaseTransport | None, now_s: float) -> float | None:
    """Return how long the certificate shown there is good for, seconds; None: unknown.

    now_s: the calendar's time, Unix seconds; nothing is decided by it.
    """
    shown = transport.get_extra_info("peercert") if transport is not None else None
    if not shown or "notAfter" not in shown:
        return None
    return max(ssl.cert_time_to_seconds(shown["notAfter"]) - now_s, 0.0)


def left_words(left_s: float) -> str:
    """Return a warning to append where a certificate ends so soon; else nothing."""
    if left_s > WARN_S:
        return ""
    return f"; its certificate ends in {left_s / 86400:.1f} days"
