"""What `sitedr grants` prints, and that nobody drifts from its table."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.cli.grants import grants
from deploy.lab import engine_mariadb, engine_mysql
from replication.grants import (
    EVERYTHING,
    Role,
    grants_of,
    needed_everywhere,
    statements,
)

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"
ENGINES = ("mariadb", "mysql")
LAB = {
    "mariadb": engine_mariadb._CONTROLLER_GRANTS,
    "mysql": engine_mysql._CONTROLLER_GRANTS,
}


def printed(*words: str) -> str:
    ran = CliRunner().invoke(grants, words)
    assert ran.exit_code == 0, ran.output
    return ran.output


@pytest.mark.parametrize("engine", ENGINES)
def test_every_privilege_has_a_reason_and_stands_once(engine: str) -> None:
    for role in Role:
        found = grants_of(engine, role)
        assert len({(g.privilege, g.on) for g in found}) == len(found)
        assert all(grant.without for grant in found)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_only_looks_can_change_nothing(engine: str) -> None:
    """Nor can who copies, and a replica can only receive."""
    for role in (Role.PROBE, Role.REPLICATION, Role.CLONE):
        for grant in grants_of(engine, role):
            assert grant.privilege not in {"INSERT", "UPDATE", "DELETE", "CREATE USER"}
    tables = [
        g.on for g in grants_of(engine, Role.CONTROLLER) if g.privilege == "SELECT"
    ]
    assert EVERYTHING not in tables, "nobody of ours reads people's rows"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_labs_accounts_have_all_of_it(engine: str) -> None:
    """And more: the lab's controller also lays the site's tables."""
    given = {privilege.strip() for privilege in LAB[engine].split(",")}
    wanted = needed_everywhere(engine, Role.CONTROLLER).keys()
    assert wanted <= given
    assert needed_everywhere(engine, Role.CLONE).keys() <= given


def test_names_are_quoted_and_passwords_are_placeholders() -> None:
    made, granted = statements(
        "mysql", Role.REPLICATION, user="o'hara", host="10.0.%", password="<file:x>"
    )
    assert made[0] == (
        "CREATE USER IF NOT EXISTS 'o\\'hara'@'10.0.%' IDENTIFIED BY '<file:x>'"
    )
    assert granted[0] == "GRANT REPLICATION SLAVE ON *.* TO 'o\\'hara'@'10.0.%'"


@pytest.mark.parametrize("engine", ENGINES)
def test_one_account_or_all_of_them(engine: str) -> None:
    every = printed("--engine", engine)
    one = printed("--engine", engine, "--account", "probe")
    assert one.strip() in every
    assert one.count("CREATE USER IF") == 1
    assert every.count("CREATE USER IF") == len(Role)
    assert one.splitlines()[0].startswith("-- probe: ")
    assert all(" -- without: " in line for line in one.strip().splitlines()[2:])


def test_a_site_says_who_and_where_the_secret_is() -> None:
    tree = json.loads(printed("-c", str(EXAMPLE), "--json"))
    assert (tree["command"], tree["engine"]) == ("grants", "mariadb")
    assert {row["account"] for row in tree["rows"]} == {"controller", "replication"}
    assert "'sitedr'@'%' IDENTIFIED BY '<file:secrets/controller>'" in str(
        tree["rows"][0]["statement"]
    )


def test_without_an_engine_it_asks_which() -> None:
    ran = CliRunner().invoke(grants, [])
    assert ran.exit_code == 2
    assert "--engine or --config" in ran.output
