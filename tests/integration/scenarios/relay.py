"""A path that can be lost by one side alone: the daemon's own to one zone.

Run as a process of its own. SIGSTOP is the loss: connections stand and nothing
passes, as in a black hole; with SIGCONT what was sent arrives. SIGUSR1 makes it
slow and sometimes very slow, or quick again. NARROW_MB_S in its environment bounds
what passes in one direction of one connection.
"""

import asyncio
import contextlib
import os
import signal
import sys
from itertools import count

SLOW_S = 0.03
VERY_SLOW_S = 0.45
ONE_IN = 12


class Relay:
    """Listens on PORT of HOST for TARGET, another port of the same host."""

    def __init__(self) -> None:
        self._slow = False
        self._chunks = count(1)
        narrow_mb_s = float(os.environ.get("NARROW_MB_S", "0"))
        self._byte_s = 1e-6 / narrow_mb_s if narrow_mb_s else 0.0

    def toggle(self) -> None:
        """Be slow, or quick again."""
        self._slow = not self._slow

    async def serve(self, host: str, port: int, target: int) -> None:
        async def pass_on(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            with contextlib.suppress(OSError):
                there = await asyncio.open_connection(host, target)
                await asyncio.wait(
                    {
                        asyncio.create_task(self._pump(reader, there[1])),
                        asyncio.create_task(self._pump(there[0], writer)),
                    },
                    return_when=asyncio.FIRST_COMPLETED,
                )
                there[1].close()
            writer.close()

        await asyncio.start_server(pass_on, host, port)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65536):
                if self._slow:
                    very = next(self._chunks) % ONE_IN == 0
                    await asyncio.sleep(VERY_SLOW_S if very else SLOW_S)
                if self._byte_s:
                    await asyncio.sleep(len(chunk) * self._byte_s)
                writer.write(chunk)
                await writer.drain()


async def main(pairs: list[str]) -> None:
    """Serve every `HOST:PORT:TARGET` until our parent ends; say once all listen."""
    relay = Relay()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, relay.toggle)
    for pair in pairs:
        host, port, target = pair.split(":")
        await relay.serve(host, int(port), int(target))
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
