"""How long a lost zone leaves one copy only: `make bench-seed ARGS='--size-gb 1'`.

A lab is filled, the zone of its primary is killed, and the time is taken until the
daemon has earned `protected` with a new replica. Beside it stands the time of the
bare tool in the same run, from the same donor on the same machine at rest: for
MariaDB backup, unpack and prepare, for MySQL a CLONE with its restart. Figures go to
`build/bench-seed.json`. Exit code 1: no second copy came; a missed target is printed.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pymysql
from rich.console import Console
from rich.table import Table

from controller.cli.demo import make_console, on_stage
from controller.cli.demo_lab import BUILD, LabSettings, running_lab
from controller.cli.demo_report import write_figures
from controller.cli.demo_run import Stage, Viewer, is_at_rest
from controller.incident.record import Record, RecordKind
from controller.model.ids import ServerId, ZoneId
from deploy.lab.bootstrap import connect
from deploy.lab.engine import Accounts, Engine, InstanceSpec, LabError
from deploy.lab.engine_files import accounts_file, write_private
from deploy.lab.engines import ENGINES, load_engine
from deploy.lab.launcher import Lab
from deploy.lab.poll import poll
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import ZONES
from tests.contract.real_servers import RealServer, instance

TARGET_RATIO = 1.5
BATCH_BYTES = 32 << 16
ROWS_OF_64_KB = (
    "INSERT INTO cms.bulk (x) SELECT REPEAT(RANDOM_BYTES(1024), 64)"
    " FROM information_schema.COLUMNS LIMIT 32"
)
_DIRTY = "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'"
DIRTY_PAGES_MAX = 64
READY_S, CAUGHT_UP_S, SETTLED_S = 60.0, 600.0, 60.0
PROTECTED_S_MAX = 1800.0


@dataclass(slots=True)
class Loss:
    """One engine's run; seconds since the zone was killed, but *bare_s*."""

    engine: str
    data_bytes: int = 0
    fill_s: float = 0.0
    writes_again_s: float | None = None
    provision_s: float | None = None
    seed_s: float | None = None
    protected_s: float | None = None
    bare_s: float = 0.0
    bare: str = ""
    notes: list[str] = field(default_factory=list)
    steps_s: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Return the whole loss in bare copies."""
        known = self.protected_s is not None and self.bare_s > 0
        return (self.protected_s or 0.0) / self.bare_s if known else None


def fill(at: InstanceSpec, accounts: Accounts, size_bytes: int) -> None:
    """Write random rows; they replicate like any other."""
    with closing(connect(at, accounts.controller)) as line, line.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS cms.bulk"
            " (id INT AUTO_INCREMENT PRIMARY KEY, x MEDIUMBLOB NOT NULL)"
        )
        for _ in range(size_bytes // BATCH_BYTES):
            cursor.execute(ROWS_OF_64_KB)
            line.commit()


def settle(lab: Lab, accounts: Accounts) -> None:
    """Wait until what was filled in is on disk: a site's data lies there at rest.

    The bare tool copies a donor at rest; a loss right behind the filling would be
    measured with the donor's flushing, which no site has behind its every loss.
    """
    for zone in ZONES:
        at = lab.spec.instance(zone)
        if (at.home / "data").exists():
            with closing(connect(at, accounts.controller)) as line:
                poll(partial(_is_flushed, line), SETTLED_S, pause_s=0.25)
    os.sync()


def _is_flushed(line: pymysql.connections.Connection) -> bool:
    with line.cursor() as cursor:
        cursor.execute(_DIRTY)
        row = cursor.fetchone()
    return row is not None and int(row["Value"]) <= DIRTY_PAGES_MAX


def caught_up(status: Mapping[str, Any]) -> bool:
    """Tell whether primary and replica have executed the same."""
    seen = {
        s: d["executed"]
        for zone in status["zones"].values()
        for s, d in zone["databases"].items()
        if d["role"] in {"primary", "replica"}
    }
    return is_at_rest(status) and len(seen) == 2 and len(set(seen.values())) == 1


async def lose(stage: Stage, size_bytes: int, loss: Loss) -> None:
    """Fill, kill the primary's zone, wait for `protected`, run the bare tool."""
    lab, records = stage.lab, list[Record]()
    ready = await stage.until(is_at_rest, READY_S, records)
    if ready is None:
        raise LabError(f"not protected within {READY_S:g} s")
    accounts = read_accounts(lab.spec.directory / "secrets")
    zone = ZoneId(ready["primary_zone"])
    began_s = time.monotonic()
    await asyncio.to_thread(fill, lab.spec.instance(zone), accounts, size_bytes)
    if await stage.until(caught_up, CAUGHT_UP_S, records) is None:
        raise LabError(f"the replica did not catch up within {CAUGHT_UP_S:g} s")
    await asyncio.to_thread(settle, lab, accounts)
    loss.fill_s = time.monotonic() - began_s
    after: list[Record] = []
    killed_s = time.monotonic()
    await asyncio.to_thread(lab.kill, zone)

    def over(status: Mapping[str, Any]) -> bool:
        return status["primary_zone"] != zone and is_at_rest(status)

    status = await stage.until(over, PROTECTED_S_MAX, after)
    _times(after, killed_s, loss)
    if status is None:
        raise LabError("no second copy came")
    donor = lab.spec.instance(ZoneId(status["primary_zone"]))
    loss.data_bytes = _size(donor.home / "data")
    await asyncio.to_thread(_bare, lab, donor, accounts, loss)


def _times(records: Sequence[Record], killed_s: float, loss: Loss) -> None:
    """Read the journal: the last try of each step, from its intent to its outcome."""
    kept = [r for r in records if r.at_mono_s >= killed_s]
    began = {_step(r): r.at_mono_s for r in kept if _is_intent(r)}
    done = {_step(r): r.at_mono_s for r in kept if r.body.get("outcome") == "done"}

    def since_s(step: str, zero_s: float | None) -> float | None:
        return done[step] - zero_s if step in done and zero_s is not None else None

    loss.writes_again_s = since_s("canary", killed_s)
    loss.provision_s = since_s("provision", began.get("provision"))
    loss.seed_s = since_s("seed", began.get("seed"))
    loss.protected_s = since_s("protect", killed_s)
    first = {_step(r): r.at_mono_s for r in reversed(kept) if _is_intent(r)}
    loss.steps_s = {
        s: round(done[s] - at_s, 3) for s, at_s in first.items() if s in done
    }
    loss.notes += [
        f"{_step(r)} {r.body['outcome']}: {r.body['reason']}"
        for r in kept
        if r.body.get("outcome") in {"refused", "unknown"}
    ]
    ends = [r.body for r in kept if r.kind is RecordKind.ENDED]
    loss.notes += [
        f"{e['kind']} {e['end']}: {e['why']}" for e in ends if e["end"] != "completed"
    ]


def _is_intent(record: Record) -> bool:
    return record.kind is RecordKind.INTENT


def _step(record: Record) -> str:
    return str(record.body.get("step", ""))


def _size(data: Path) -> int:
    return sum(p.stat().st_blocks * 512 for p in data.rglob("*") if p.is_file())


def _bare(lab: Lab, donor: InstanceSpec, accounts: Accounts, loss: Loss) -> None:
    engine = load_engine(lab.spec.engine, lab.spec.cache)
    with tempfile.TemporaryDirectory(dir=lab.spec.directory, prefix="x") as home:
        if engine.has_clone:
            loss.bare = "CLONE INSTANCE and its restart"
            loss.bare_s = _bare_clone(engine, donor, accounts, Path(home))
        else:
            loss.bare = "mariadb-backup | mbstream, and --prepare"
            loss.bare_s = _bare_files(engine, donor, accounts, Path(home))


def _bare_files(
    engine: Engine, donor: InstanceSpec, accounts: Accounts, home: Path
) -> float:
    target, options = home / "data", home / "backup.cnf"
    target.mkdir()
    write_private(options, accounts_file(accounts.controller))
    with (home / "log").open("wb") as log:
        began_s = time.monotonic()
        send = subprocess.Popen(
            engine.backup_argv(donor, options), stdout=subprocess.PIPE, stderr=log
        )
        assert send.stdout is not None
        subprocess.run(
            engine.unpack_argv(target), stdin=send.stdout, stderr=log, check=True
        )
        send.stdout.close()
        if send.wait() != 0:
            raise LabError(f"the bare backup failed:\n{(home / 'log').read_text()}")
        subprocess.run(engine.prepare_argv(target), stdout=log, stderr=log, check=True)
        return time.monotonic() - began_s


def _bare_clone(
    engine: Engine, donor: InstanceSpec, accounts: Accounts, home: Path
) -> float:
    """Clone into an empty server made for it; laying that one is not counted."""
    spare = RealServer(engine, instance(home, ServerId("bare"), 7), accounts=accounts)
    engine.create_empty(spare.instance, accounts)
    spare.start()
    try:
        spare.sql(
            "SET GLOBAL super_read_only=0",
            f"SET GLOBAL clone_valid_donor_list='{donor.host}:{donor.port}'",
        )
        boots = spare.sql("SELECT @@server_uuid AS me")
        assert boots
        secret = pymysql.converters.escape_string(accounts.controller.password)
        began_s = time.monotonic()
        try:
            spare.sql(
                f"CLONE INSTANCE FROM '{accounts.controller.user}'@'{donor.host}':"
                f"{donor.port} IDENTIFIED BY '{secret}'"
            )
        except pymysql.err.OperationalError as lost:
            if lost.args[0] != 2013:
                raise
        spare.answers()
        return time.monotonic() - began_s
    finally:
        spare.kill()


def table(losses: Sequence[Loss]) -> Table:
    """Return what was measured."""
    made = Table(title="zone of the primary killed: until protected again")
    names = ("engine", "data", "writes again", "provision", "seed", "protected")
    for name in (*names, "bare tool", "ratio", "target"):
        made.add_column(name, justify="right")
    for loss in losses:
        times = (loss.writes_again_s, loss.provision_s, loss.seed_s, loss.protected_s)
        made.add_row(
            loss.engine,
            f"{loss.data_bytes / 1e9:.2f} GB",
            *("-" if t is None else f"{t:.2f} s" for t in times),
            f"{loss.bare_s:.2f} s",
            "-" if loss.ratio is None else f"{loss.ratio:.2f}",
            f"{TARGET_RATIO:g}",
        )
    return made


def measure(engine: str, size_bytes: int, console: Console) -> tuple[Loss, str]:
    """Run one engine; return its figures and what broke, empty: nothing."""
    loss = Loss(engine=engine)

    async def play(stage: Stage) -> None:
        await lose(stage, size_bytes, loss)

    try:
        with running_lab(LabSettings(engine=engine), lambda _text: None) as lab:
            on_stage(lab, Viewer(), play)
    except LabError as error:
        return loss, f"{engine}: {error}"
    console.print(f"{engine}: filled in {loss.fill_s:.0f} s")
    slow = sorted(loss.steps_s.items(), key=lambda step: -step[1])[:6]
    console.print(f"  most time: {', '.join(f'{s} {t:.2f} s' for s, t in slow)}")
    for note in loss.notes:
        console.print(f"  {note}")
    return loss, ""


def as_row(loss: Loss) -> Mapping[str, Any]:
    """Return the figures as JSON; seconds and bytes."""
    names = ("engine", "data_bytes", "fill_s", "writes_again_s", "provision_s")
    more = ("seed_s", "protected_s", "bare", "bare_s", "ratio", "notes", "steps_s")
    found = {name: getattr(loss, name) for name in (*names, *more)}
    met = loss.ratio is not None and loss.ratio <= TARGET_RATIO
    return {**found, "target_ratio": TARGET_RATIO, "met": met}


def run(engines: Sequence[str], size_gb: float, console: Console) -> int:
    """Measure every engine; return the exit code."""
    losses, broken = [], []
    for engine in engines:
        loss, why = measure(engine, round(size_gb * 1e9), console)
        losses.append(loss)
        broken += [why] if why else []
    console.print(table(losses))
    for loss in losses:
        console.print(f"{loss.engine}: bare tool: {loss.bare}")
        if loss.ratio is not None and loss.ratio > TARGET_RATIO:
            over_s = (loss.protected_s or 0.0) - TARGET_RATIO * loss.bare_s
            console.print(f"{loss.engine}: target missed by {over_s:.1f} s")
    file = BUILD / "bench-seed.json"
    settings = {"size_gb": size_gb, "engines": list(engines)}
    write_figures(file, "bench-seed", settings, [as_row(loss) for loss in losses])
    console.print(f"figures: {file}")
    for why in broken:
        console.print(f"[bold red]broken:[/] {why}")
    return 1 if broken else 0


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench-seed", description=__doc__)
    parser.add_argument("--size-gb", type=float, default=1.0, help="10^9 bytes of rows")
    parser.add_argument("--engine", action="append", choices=sorted(ENGINES))
    return parser.parse_args(argv)


if __name__ == "__main__":
    try:
        wanted = parse(sys.argv[1:])
        named = wanted.engine or sorted(ENGINES)
        sys.exit(run(named, wanted.size_gb, make_console()))
    except KeyboardInterrupt:
        sys.exit(130)
