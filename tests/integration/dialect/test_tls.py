"""Databases that speak TLS and nothing else."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
import uvloop

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome
from health.detector import BLIND_PHASES
from replication.ports import Receiving, ServerView
from replication.sql.tls import ReplicaTls, Tls
from tests.certificates import Authority
from tests.contract.real_servers import ACCOUNTS, instance
from tests.integration.dialect.conftest import Lay
from tests.integration.dialect.servers import (
    Administered,
    adapter,
    inspected,
    looked,
    opened,
)

pytestmark = [pytest.mark.lab, pytest.mark.slow]

A, B = ServerId("a"), ServerId("b")
LONG_AGO = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("name", ["mariadb", "mysql"])
def test_databases_that_speak_nothing_but_tls(
    name: str, lay: Lay, tmp_path: Path
) -> None:
    """Who is not trusted, here or there, is not observed: never called down."""
    authority, stranger = Authority(tmp_path / "tls"), Authority(tmp_path / "other")
    hosts = [instance(tmp_path, ServerId(s), n).host for s, n in (("a", 11), ("b", 12))]
    signed, own = authority.sign("server", *hosts), authority.sign("client")
    options = (
        f"--ssl-ca={authority.ca}",
        f"--ssl-cert={signed.certificate}",
        f"--ssl-key={signed.key}",
        "--require-secure-transport=ON",
    )
    servers = lay(name, A, B, extra=options)
    opened(servers[A])
    servers[A].sql(f"ALTER USER '{ACCOUNTS.replication.user}'@'%' REQUIRE X509")
    good = Tls(ca=authority.ca)

    async def story() -> None:
        assert isinstance(await looked(adapter(name, servers, A, tls=good)), ServerView)
        for tls in (None, Tls(ca=stranger.ca), Tls(ca=stranger.ca, verify_name=False)):
            blind = await looked(adapter(name, servers, A, tls=tls))
            assert isinstance(blind, NotSeen), blind
            assert blind.phase in BLIND_PHASES, blind
        replica_tls = ReplicaTls(
            ca=str(authority.ca), certificate=str(own.certificate), key=str(own.key)
        )
        replica = adapter(name, servers, B, tls=good, replica_tls=replica_tls)
        followed = await replica.ensure_following(A, Epoch(1))
        await replica.aclose()
        assert isinstance(followed, Done), followed
        assert followed.evidence["receiving"] == Receiving.YES.value, followed

    uvloop.run(story())  # the daemon's own loop
    days = inspected(name, servers[A], good).certificate_days
    assert days is not None
    assert days > 30_000, "a century from 2020, by the server's own clock"
    renewed(name, servers[A], authority, hosts)


@pytest.mark.parametrize("speaks", [True, False])
def test_mysql_copies_over_tls_or_not_at_all(
    lay: Lay, tmp_path: Path, *, speaks: bool
) -> None:
    servers = lay("mysql", A, B, extra=() if speaks else ("--tls-version=",))
    opened(servers[A])
    servers[A].sql("CREATE DATABASE since")
    tls = ReplicaTls(ca=str(Authority(tmp_path / "tls").ca))

    async def seeded() -> Outcome:
        database = adapter("mysql", servers, B, replica_tls=tls)
        try:
            return await database.ensure_seeded(A, Epoch(1))
        finally:
            await database.aclose()

    outcome = asyncio.run(seeded())
    assert isinstance(outcome, Done) is speaks, outcome


def renewed(
    name: str, server: Administered, authority: Authority, hosts: Sequence[str]
) -> None:
    """Put another certificate into the server's file, and see what we make of it."""
    good = Tls(ca=authority.ca)
    authority.sign("server", "192.0.2.1")  # for another machine
    reload_certificate(name, server)
    assert "mismatch" in refused(name, server, good)
    assert refused(name, server, Tls(ca=authority.ca, verify_name=False)) == ""
    if name == "mariadb":  # MySQL loads none that has ended already
        authority.sign("server", *hosts, until=LONG_AGO)
        reload_certificate(name, server)
        assert "expired" in refused(name, server, good)


def reload_certificate(name: str, server: Administered) -> None:
    words = {"mariadb": "FLUSH SSL", "mysql": "ALTER INSTANCE RELOAD TLS"}
    server.sql(words[name])


def refused(name: str, server: Administered, tls: Tls) -> str:
    """Return why *server* is not observed; "" when it is."""
    view = asyncio.run(looked(adapter(name, {A: server}, A, tls=tls)))
    if isinstance(view, ServerView):
        return ""
    assert view.phase == "auth", view
    return view.reason


@pytest.mark.parametrize("name", ["mariadb", "mysql"])
def test_a_server_without_tls_gets_no_password(
    name: str, lay: Lay, tmp_path: Path
) -> None:
    """Nor does somebody between us who strips the offer."""
    off = {"mariadb": "--skip-ssl", "mysql": "--tls-version="}
    servers = lay(name, A, extra=(off[name],))
    tls = Tls(ca=Authority(tmp_path / "tls").ca)
    assert "offers no TLS" in refused(name, servers[A], tls)
