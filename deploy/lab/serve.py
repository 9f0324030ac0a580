"""Run one aiohttp application in the foreground, fit for a supervisor."""

import asyncio
import signal
import sys

from aiohttp import web


def serve_until_stopped(app: web.Application, host: str, port: int) -> int:
    """Serve on host:port until SIGTERM or SIGINT; 1 when the port is taken."""
    return asyncio.run(_serve(app, host, port))


async def _serve(app: web.Application, host: str, port: int) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # Long keep-alive: an origin that closes idle connections first races the edge.
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=75, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        # After a restart the old connections may still be in TIME_WAIT.
        await web.TCPSite(runner, host, port, reuse_address=True, backlog=512).start()
        await stop.wait()
    except OSError as error:
        sys.stderr.write(f"cannot serve on {host}:{port}: {error}\n")
        return 1
    finally:
        await runner.cleanup()
    return 0
