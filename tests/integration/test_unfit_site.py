"""The daemon on a real site with a blocker: held by name, mended, then as ever."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from controller.cli import build_cli
from controller.model.ids import ZoneId
from deploy.lab.bootstrap import connect
from deploy.lab.launcher import Lab
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import ZONES
from tests.conftest import ROOT
from tests.contract.test_inspector_real import GRANT, REVOKE
from tests.integration.test_operator import free_port
from tests.labs import make_spec, require_programs, short_directory, until

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(120)]
A, B, _ = ZONES
LOOKS_EVERY_S = 10


@pytest.fixture(params=["mariadb", "mysql"])
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A whole lab whose daemon will look often; nobody watches over it yet."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with short_directory() as directory:
        made = Lab(replace(make_spec(directory), engine=request.param))
        try:
            made.up(lambda _line: None)
            path = directory / "site.yaml"
            tree = yaml.safe_load(path.read_text())
            tree["listen"] = f"127.0.0.1:{free_port()}"
            tree["doctor"]["interval_s"] = LOOKS_EVERY_S
            path.write_text(yaml.safe_dump(tree))
            yield made
        finally:
            made.down()


@contextmanager
def daemon(lab: Lab) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "controller.main", "run", "-c", "site.yaml"],
        cwd=lab.spec.directory,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def sitedr(lab: Lab, *words: str) -> str:
    config = str(lab.spec.directory / "site.yaml")
    cli = build_cli(lambda *_: None)
    return CliRunner().invoke(cli, [words[0], "-c", config, *words[1:]]).output


def status(lab: Lab) -> Mapping[str, Any]:
    """Return the status tree; empty while nobody answers."""
    try:
        tree: Mapping[str, Any] = json.loads(sitedr(lab, "status", "--json"))
    except ValueError:
        return {}
    return tree


def vetoes(lab: Lab) -> set[str]:
    return {v["name"] for v in status(lab).get("vetoes", ())}


def is_calm(lab: Lab) -> bool:
    """Protected, nothing under way, and both members inspected since."""
    tree = status(lab)
    if not tree or tree["run"] is not None or not tree["durability"]["protected"]:
        return False
    looks = tree["doctor"]["servers"]
    members = [tree["primary"], *tree["ackers"]]
    return all(looks[m]["inspected_s"] is not None for m in members)


def change(lab: Lab, zone: ZoneId, statement: str) -> None:
    """Change privileges in one zone alone, in spite of its role."""
    mysql = lab.spec.engine == "mysql"
    accounts = read_accounts(lab.spec.directory / "secrets")
    application = f"'{accounts.application.user}'"
    statement = statement.replace("'app'", application)
    words = ["SET SESSION sql_log_bin=0", statement, "FLUSH PRIVILEGES"]
    if mysql:
        closed = ("SET GLOBAL super_read_only=0", "SET GLOBAL super_read_only=1")
        words = [closed[0], *words, closed[1]]
    with (
        closing(connect(lab.spec.instance(zone), accounts.controller)) as line,
        line.cursor() as cursor,
    ):
        for word in words:
            cursor.execute(word)


def test_the_labs_site_is_fit_before_and_after_a_failover(lab: Lab) -> None:
    """Every look by the daemon itself, at who opened and at the new replica too."""
    with daemon(lab):
        until(lambda: is_calm(lab), "calm", 30)
        assert status(lab)["doctor"]["counts"]["blocker"] == 0
        lab.kill(A)
        until(lambda: status(lab).get("primary") == "db-b", "the failover", 30)
        until(lambda: is_calm(lab), "a new replica, inspected", 60)
        assert status(lab)["ackers"] == ["db-c"]
        assert status(lab)["doctor"]["counts"]["blocker"] == 0
        records = json.loads(sitedr(lab, "timeline", "--json"))
        assert not [r for r in records if r["kind"] == "findings"]


def test_a_blocker_holds_until_it_is_mended_though_the_primary_is_lost(
    lab: Lab,
) -> None:
    """Found at the start, named with what mends it; the next look lets go."""
    change(lab, B, GRANT[lab.spec.engine])
    with daemon(lab):
        until(lambda: vetoes(lab) == {"doctor_blocker"}, "the veto", 30)
        until(lambda: is_calm(lab), "calm", 30)
        plan = " ".join(sitedr(lab, "plan", "--lose", "a").split())
        assert "HOLDS doctor_blocker: db-b bypasses_read_only: 'cms'@'%' has" in plan
        assert "mend: REVOKE" in plan
        lab.kill(A)
        until(lambda: "is lost" in str(status(lab).get("trouble")), "the loss", 10)
        until(lambda: vetoes(lab) == {"doctor_blocker"}, "the veto alone", 10)
        assert status(lab)["primary"] == "db-a"
        change(lab, B, REVOKE[lab.spec.engine])
        until(lambda: status(lab).get("primary") == "db-b", "the failover", 30)
