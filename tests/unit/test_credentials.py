"""Which password is offered while a file and a server disagree."""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from controller.config.load import parse_site
from controller.config.reach import credentials_of, replica_tls_of, tls_of
from controller.database_adapters import build_databases
from controller.model.errors import ConfigError
from replication.doctor.diagnosis import diagnose
from replication.sql.credentials import Credentials
from replication.sql.logical import LogicalSeeding
from replication.sql.server import Address
from replication.sql.tls import NoTlsError, Tls, is_distrust
from tests.certificates import Authority
from tests.unit.inspections import CLEAN_MYSQL, WANTED

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"


class Source:
    """A password that may change, or be unreadable for a while."""

    def __init__(self, password: str | None) -> None:
        self.password = password

    def read(self) -> str:
        if self.password is None:
            raise FileNotFoundError
        return self.password


def test_a_new_password_is_tried_first_once_then_what_works() -> None:
    """The file may be ahead of the server for hours: not a refusal each time."""
    source = Source("old")
    account = Credentials(user="u", password="old", read=source.read)
    assert account.offered() == ["old"]
    account.worked("old")
    source.password = "new"
    assert account.offered() == ["new", "old"]
    account.worked("old")
    assert account.offered() == ["old", "new"]
    account.worked("new")  # the server was changed
    assert account.offered() == ["new"]
    source.password = "newer"
    assert account.offered() == ["newer", "new"]


def test_a_donor_that_is_ahead_locks_nobody_out_of_the_spare(tmp_path: Path) -> None:
    """The donor has the new password, the spare follows nobody and has the old one."""
    (tmp_path / "secrets").mkdir()
    for name in ("controller", "replication"):
        (tmp_path / "secrets" / name).write_text("old")
    site = parse_site(EXAMPLE.read_text(), name="site.yaml")
    first, *_, last = build_databases(site, tmp_path).values()
    donor, spare = first.database, last.database
    assert isinstance(donor, LogicalSeeding)
    assert isinstance(spare, LogicalSeeding)
    here, where = spare._endpoint.account, spare._access.members[donor.server]
    here.worked("old")
    (tmp_path / "secrets" / "controller").write_text("new")
    assert here.offered() == ["new", "old"]
    here.worked("old")
    there = spare._endpoint_of(where).account
    assert there.offered() == ["new", "old"], "the donor may be behind as well"
    there.worked("new")
    assert here.offered() == ["old", "new"]
    assert there is donor._endpoint.account, "of what the donor took, one memory"
    another = spare._endpoint_of(Address("10.0.0.9", 3306)).account
    assert another.offered() == ["old", "new"]
    another.worked("new")
    assert here.offered() == ["old", "new"]


def test_what_cannot_be_read_now_changes_nothing() -> None:
    """A file is replaced, or its disk is away: the last word stays."""
    source = Source("old")
    account = Credentials(user="u", password="old", read=source.read)
    for odd in (None, ""):
        source.password = odd
        assert account.offered() == ["old"]
        assert account.newest() == "old"
    source.password = "new"
    assert account.newest() == "new"
    assert "old" not in repr(account)
    assert "new" not in repr(account)


def test_a_context_is_made_once_and_again_when_its_files_change(tmp_path: Path) -> None:
    one = Authority(tmp_path / "1")
    tls = Tls(ca=one.ca)
    first = tls.context()
    assert tls.context() is first
    assert first.check_hostname
    assert first.verify_mode is ssl.CERT_REQUIRED
    one.ca.write_text("half writt")
    assert tls.context() is first, "a half-written file leaves the last in use"
    one.ca.write_bytes(Authority(tmp_path / "2").ca.read_bytes())
    assert tls.context() is not first
    one.ca.unlink()
    assert tls.context() is not first
    with pytest.raises(OSError, match="No such file"):
        Tls(ca=tmp_path / "nowhere").context()


def test_distrust_is_told_from_a_broken_line() -> None:
    assert is_distrust(NoTlsError())
    assert is_distrust(ssl.SSLCertVerificationError(1, "self-signed"))
    assert not is_distrust(ssl.SSLEOFError(8, "gone in mid-handshake"))
    assert not is_distrust(ConnectionResetError())
    assert not is_distrust(None)


def test_the_doctor_gives_two_weeks_notice_of_a_certificates_end() -> None:
    def told(days: int | None, *, tls: bool) -> list[str]:
        seen = replace(CLEAN_MYSQL, certificate_days=days)
        return [f.what for f in diagnose([seen], replace(WANTED, tls=tls))]

    assert told(14, tls=True) == []
    assert told(13, tls=True) == ["it ends in 13 days"]
    assert told(None, tls=True) == ["it has no certificate"]
    assert told(None, tls=False) == told(-1, tls=False) == []


def configured(block: str, base: Path) -> list[str]:
    """Return what is wrong with the example and *block*; nothing: it loads."""
    try:
        site = parse_site(EXAMPLE.read_text() + block, name="site.yaml")
        tls_of(site, base)
    except ConfigError as error:
        return list(error.problems)
    return []


def test_what_the_configuration_says_of_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.sign("client")
    whole = """
database_tls:
  ca: ca.pem
  certificate: client.pem
  key: client.key
  replication: {ca: /etc/mysql/ca.pem, verify_name: false}
"""
    assert configured(whole, tmp_path) == []
    site = parse_site(EXAMPLE.read_text() + whole, name="site.yaml")
    told = replica_tls_of(site)
    assert told is not None
    assert (told.ca, told.verify_name, told.key) == ("/etc/mysql/ca.pem", False, None)
    assert "both, or neither" in str(
        configured(whole.replace("  key: client.key\n", ""), tmp_path)
    )
    assert "nowhere.pem" in str(
        configured(whole.replace("ca: ca.pem", "ca: nowhere.pem"), tmp_path)
    )
    assert "database_tls: " in str(
        configured(whole.replace("ca: ca.pem", "ca: client.key"), tmp_path)
    )


def test_secrets_are_read_once_more_at_every_connection(tmp_path: Path) -> None:
    site = parse_site(EXAMPLE.read_text(), name="site.yaml")
    with pytest.raises(ConfigError) as missing:
        credentials_of(site, tmp_path)
    assert len(missing.value.problems) == 2
    (tmp_path / "secrets").mkdir()
    for name in ("controller", "replication"):
        (tmp_path / "secrets" / name).write_text("one\n")
    ours = credentials_of(site, tmp_path)
    assert ours.controller.offered() == ["one"]
    (tmp_path / "secrets" / "controller").write_text("two\n")
    assert ours.controller.offered() == ["two", "one"]
    (tmp_path / "secrets" / "controller").unlink()
    assert ours.controller.newest() == "two"
