"""`sitedr doctor` as a person and a script meet it."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner, Result
from rich.console import Console

from controller.cli import build_cli
from controller.cli.doctor import Answers, doctor_command
from controller.cli.show import _status_table
from controller.decide.decide import decide
from controller.decide.status import status_tree
from controller.model.ids import ServerId
from controller.model.outcomes import NotSeen
from replication.doctor.inspection import NotInspected
from tests.unit.inspections import (
    CLEAN_MARIADB,
    CLEAN_MYSQL,
    account,
    with_account,
    with_setting,
)
from tests.unit.test_fitness import a_finding, told
from tests.unit.world_facts import LEDGER, POLICY

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"
GONE = NotInspected(ServerId("db-c"), NotSeen("connect", "refused"))


def doctor(answers: Answers, *words: str, config: Path = EXAMPLE) -> Result:
    def inspect_site(*_: object) -> Answers:
        return answers

    cli = build_cli(lambda *_: None, extra=[doctor_command(inspect_site)])
    return CliRunner().invoke(
        cli, ["doctor", "-c", str(config), *words], env={"COLUMNS": "160"}
    )


def names(result: Result) -> Sequence[str]:
    return [row["name"] for row in json.loads(result.output)["rows"]]


def test_a_blocker_is_exit_code_one_with_cost_and_mend() -> None:
    ill = with_account(CLEAN_MARIADB, account("wp", "READ_ONLY ADMIN"))
    found = doctor([ill])
    assert found.exit_code == 1
    assert "blocker bypasses_read_only" in found.output
    assert "REVOKE READ_ONLY ADMIN ON *.* FROM 'wp'@'%'" in found.output
    assert "[mariadbd]" in found.output
    assert "1 blocker, 0 warning, 1 unknown" in found.output


def test_the_status_names_a_blocker_once_and_prints_its_mend_as_it_is() -> None:
    """`[mariadbd]` is no markup, in the veto or, where it holds nothing, beside."""
    mend = "`read_only=ON` under [mariadbd] in the option file"
    found = replace(a_finding(), mend=mend)
    for policy in (POLICY, replace(POLICY, doctor_holds=False)):
        facts = told(found)
        tree = status_tree(LEDGER, facts, policy, decide(LEDGER, facts, policy))
        console = Console(width=400, file=io.StringIO(), record=True)
        console.print(_status_table(tree))
        assert " ".join(console.export_text().split()).count(mend) == 1


def test_warnings_and_unknowns_are_told_and_pass() -> None:
    """An empty spare zone is part of a site that is well."""
    found = doctor([with_setting(CLEAN_MYSQL, "sync_binlog", "0"), GONE])
    assert found.exit_code == 0
    assert "0 blocker, 1 warning, 1 unknown" in found.output
    assert "unreachable" in found.output


def test_strict_takes_unknown_for_an_answer() -> None:
    assert doctor([CLEAN_MYSQL, GONE], "--strict").exit_code == 1
    assert doctor([CLEAN_MYSQL], "--strict").exit_code == 0


def test_a_site_of_which_nothing_is_known_does_not_pass() -> None:
    assert doctor([GONE]).exit_code == 1


def test_json_is_an_object_with_rows() -> None:
    found = doctor([with_setting(CLEAN_MARIADB, "gtid", "OFF"), GONE], "--json")
    assert found.exit_code == 1
    assert names(found) == ["gtid_mode", "starts_replication", "unreachable"]
    tree = json.loads(found.output)
    assert tree["counts"] == {"blocker": 1, "warning": 0, "unknown": 2}
    assert tree["servers"]["db-c"] is None
    keys = {"server", "name", "severity", "what", "cost", "mend"}
    assert {key for row in tree["rows"] for key in row} == keys


def test_a_broken_configuration_is_exit_code_two(tmp_path: Path) -> None:
    config = tmp_path / "site.yaml"
    config.write_text("site: 3\n")
    assert doctor([CLEAN_MYSQL], config=config).exit_code == 2


def test_help_teaches_the_words_and_the_exit_codes() -> None:
    told = doctor([], "--help").output
    for word in ("blocker", "warning", "unknown", "Exit code", "--strict"):
        assert word in told


def test_no_help_shows_its_own_layout_marks() -> None:
    r"""`\b` keeps lines apart only as the one character, not in a raw string."""
    cli = build_cli(lambda *_: None, extra=[doctor_command(lambda *_: [])])
    for name in ("", *cli.commands):
        told = CliRunner().invoke(cli, [*filter(None, [name]), "--help"])
        assert told.exit_code == 0
        assert "\\b" not in told.output
    assert "\n    sitedr demo  " in CliRunner().invoke(cli, ["--help"]).output
