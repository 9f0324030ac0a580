"""How long a server's certificate is good for."""

import asyncio
import ssl

WARN_S = 14 * 86400.0


def left_words(transport: asyncio.BaseTransport | None, now_s: float) -> str:
    """Return a warning to append where the certificate ends soon; else nothing.

    now_s: the calendar's time, Unix seconds; nothing is decided by it.
    """
    shown = transport.get_extra_info("peercert") if transport is not None else None
    if not shown or "notAfter" not in shown:
        return ""
    left_s = ssl.cert_time_to_seconds(shown["notAfter"]) - now_s
    if left_s > WARN_S:
        return ""
    return f"; its certificate ends in {max(left_s, 0.0) / 86400:.1f} days"
