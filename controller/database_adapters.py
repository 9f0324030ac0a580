"""Composition root of the databases: who asks them, and who inspects them."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvloop

from controller.act.clock import SystemClock
from controller.act.ports import DatabaseSeat
from controller.config.reach import credentials_of, replica_tls_of, tls_of
from controller.config.schema import Site, Zone
from controller.model.ids import ServerId, ZoneId
from replication.doctor.inspection import Inspection, NotInspected
from replication.doctor.words import WORDS
from replication.ports import Inspector
from replication.registry import SERVERS
from replication.sql.inspector import SqlInspector
from replication.sql.server import Address, SqlAccess
from replication.sql.session import Endpoint

LOOK_CONNECT_S = 2.0
"""Longer than a probe's: a person waits for the doctor, and in the daemon nobody."""


def build_inspectors(
    site: Site, base: Path, *, thorough: bool = True
) -> Mapping[ServerId, Inspector]:
    """Return one inspector a database; raises `ConfigError` for bad secrets."""
    tls = tls_of(site, base)
    return {
        ServerId(zone.database.server): SqlInspector(
            ServerId(zone.database.server),
            Endpoint(
                host=zone.database.host,
                port=zone.database.admin_port,
                account=credentials_of(site, base).controller,
                connect_timeout_s=LOOK_CONNECT_S,
                tls=tls,
            ),
            WORDS[site.engine],
            SystemClock(),
            thorough=thorough,
        )
        for zone in site.zones.values()
    }


def inspect_site(site: Site, base: Path) -> Sequence[Inspection | NotInspected]:
    """Ask every database of *site* at once; needs no daemon and disturbs none."""

    async def ask() -> Sequence[Inspection | NotInspected]:
        inspectors = build_inspectors(site, base).values()
        return await asyncio.gather(*(i.inspect() for i in inspectors))

    return uvloop.run(ask())


def build_databases(site: Site, base: Path) -> dict[ServerId, DatabaseSeat]:
    """Return every database of *site* with its seat; raises `ConfigError`."""
    tls, replica_tls = tls_of(site, base), replica_tls_of(site)
    accounts = {n: credentials_of(site, base) for n in site.zones}
    members = {
        ServerId(z.database.server): Address(
            z.database.host, z.database.port, accounts[n].controller
        )
        for n, z in site.zones.items()
    }
    zone_of = {ServerId(z.database.server): n for n, z in site.zones.items()}
    lab = (base / site.provisioner.lab).absolute()

    def seed_position(server: ServerId) -> str | None:
        path = lab / "zones" / zone_of[server] / "db" / "seed_position"
        with contextlib.suppress(OSError):
            return path.read_text(encoding="utf-8").strip()
        return None

    def access(name: str, zone: Zone) -> SqlAccess:
        ours = accounts[name]
        return SqlAccess(
            server=ServerId(zone.database.server),
            host=zone.database.host,
            admin_port=zone.database.admin_port,
            controller=ours.controller,
            replication=ours.replication,
            probe=ours.probe,
            clone=ours.clone,
            members=members,
            seed_position=seed_position,
            copy_mb_s=site.provision.rate_mb_s,
            copy_method=site.provision.method,
            connect_timeout_s=site.probe.timeout_s,
            tls=tls,
            replica_tls=replica_tls,
        )

    return {
        ServerId(zone.database.server): DatabaseSeat(
            database=SERVERS[site.engine](access(name, zone)),
            zone=ZoneId(name),
            address=f"{zone.database.host}:{zone.database.port}",
        )
        for name, zone in site.zones.items()
    }
