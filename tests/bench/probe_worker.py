"""One prober of ours in a process of its own, so that its CPU is its own.

Reads one order as JSON from standard input, prints one JSON object. Started by
`tests.bench.probes`.
"""

import asyncio
import gc
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import uvloop

from health.http_answer import WantedAnswer
from health.http_asker import HttpAsker, HttpTarget
from health.ports import Sample
from health.prober import Prober
from replication.sql.credentials import Credentials
from replication.sql.session import Endpoint, SqlSession

PAGE_BYTES = resource.getpagesize()


def cpu_s() -> float:
    """Return what this process has used, user and system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def resident_bytes() -> int:
    """Return this process's resident memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE_BYTES


def target(order: Mapping[str, Any], number: int) -> HttpTarget:
    """Return target *number*: addresses in turn."""
    hosts = order["hosts"]
    return HttpTarget(
        host=hosts[number % len(hosts)],
        port=order["port"],
        path=order["path"],
        name="bench.example.test",
        timeout_s=2.0,
        wanted=WantedAnswer(body=order.get("body", "").encode()),
        keep=order["keep"],
    )


async def saturated(order: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask *lines* targets again as soon as each has answered, for *seconds*."""
    phases = Counter[str]()
    over = asyncio.Event()
    until_s = time.monotonic() + order["seconds"]

    def keep_asking(asker: HttpAsker) -> Callable[[Sample], None]:
        def told(sample: Sample) -> None:
            phases[sample.phase] += 1
            if time.monotonic() < until_s:
                asker.ask(told)
            else:
                over.set()

        return told

    askers = [HttpAsker(target(order, n)) for n in range(order["lines"])]
    began_s, used_s = time.monotonic(), cpu_s()
    for asker in askers:
        asker.ask(keep_asking(asker))
    await over.wait()
    found = {"cpu_s": cpu_s() - used_s, "wall_s": time.monotonic() - began_s}
    for asker in askers:
        asker.cancel()
    return {**found, "probes": phases[""], "failed": phases.total() - phases[""]}


async def paced(order: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask every target once a second, for *seconds*; sizes and lateness."""
    mine = range(order["part"], order["targets"], order["parts"])
    answered, failed = Counter[int](), Counter[str]()

    def told(number: int, sample: Sample) -> None:
        if sample.phase:
            failed[sample.reason] += 1
        else:
            answered[number] += 1

    gc.collect()
    before_bytes = resident_bytes()
    prober = Prober(
        [target(order, number) for number in mine], interval_s=1.0, told=told
    )
    prober.start()
    await asyncio.sleep(2.0)  # every target has been asked once before it counts
    gc.collect()
    gc.freeze()
    prober.lateness = type(prober.lateness)()
    answered.clear()
    missed, still_open = prober.missed, prober.counts.still_open
    began_s, used_s = time.monotonic(), cpu_s()
    await asyncio.sleep(order["seconds"])
    wall_s, used_s = time.monotonic() - began_s, cpu_s() - used_s
    after_bytes = resident_bytes()
    prober.stop()
    turns = [answered[number] for number in range(len(mine))]
    return {
        "targets": len(mine),
        "wall_s": wall_s,
        "cpu_s": used_s,
        "probes": sum(turns),
        "failed": failed.total(),
        "reasons": dict(failed.most_common(3)),
        "fewest": min(turns),
        "missed": prober.missed - missed,
        "still_open": prober.counts.still_open - still_open,
        "late_p99_s": prober.lateness.quantile(0.99),
        "late_worst_s": prober.lateness.worst_s,
        "bytes_per_target": (after_bytes - before_bytes) / len(mine),
    }


async def databases(order: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask a database `SELECT 1` on *lines* sessions, kept or new ones."""
    account = Credentials(user=order["user"], password=order["password"])
    endpoint = Endpoint(host=order["hosts"][0], port=order["port"], account=account)
    until_s = time.monotonic() + order["seconds"]
    probes = 0

    async def line() -> None:
        nonlocal probes
        session = SqlSession(endpoint)
        while time.monotonic() < until_s:
            await session.connect()
            await session.ask("SELECT 1", timeout_s=2.0)
            probes += 1
            if not order["keep"]:
                session.close()
        session.close()

    began_s, used_s = time.monotonic(), cpu_s()
    await asyncio.gather(*(line() for _ in range(order["lines"])))
    wall_s = time.monotonic() - began_s
    return {"cpu_s": cpu_s() - used_s, "wall_s": wall_s, "probes": probes, "failed": 0}


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]] = {
    "saturated": saturated,
    "paced": paced,
    "databases": databases,
}


def main(argv: Sequence[str]) -> int:
    """Do what standard input says."""
    order = json.load(sys.stdin)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    async def run() -> Mapping[str, Any]:
        return await KINDS[argv[0]](order)

    sys.stdout.write(json.dumps(uvloop.run(run())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
