"""The demo's door: wrong options are refused before anything is started."""

import pytest
from click.testing import CliRunner

from controller.cli.demo import demo, proofs_without
from controller.cli.demo_lab import LabSettings, free_spec, write_daemon_settings
from controller.cli.demo_run import Role, zone_to_lose
from controller.config.load import load_site
from controller.model.ids import ZoneId
from deploy.lab.engine import LabError
from deploy.lab.secret_files import ensure_secrets
from tests.labs import short_directory


@pytest.mark.parametrize(
    "argv",
    [
        ["--crash-controller", "lunch"],
        ["--crash-controller", "fence:later"],
        ["--crash-controller", "fence:"],
        ["--lose", "d"],
        ["--fault", "flood"],
        ["--rate", "0"],
        ["--without-proof", "x"],
    ],
)
def test_wrong_options_end_with_2(argv: list[str]) -> None:
    result = CliRunner().invoke(demo, argv)
    assert result.exit_code == 2
    assert argv[0] in result.output


def test_proofs_can_be_switched_off_one_by_one() -> None:
    assert proofs_without([]) == ("process", "acks_revoked", "sql")
    assert proofs_without(["a"]) == ("acks_revoked", "sql")


@pytest.mark.parametrize(("lose", "zone"), [("a", "a"), ("primary", "b"), ("c", "c")])
def test_a_zone_is_lost_by_name_or_by_role(lose: str, zone: str) -> None:
    known = {
        ZoneId("a"): Role.SPARE,
        ZoneId("b"): Role.PRIMARY,
        ZoneId("c"): Role.REPLICA,
    }
    assert zone_to_lose(lose, known) == zone


def test_a_role_nobody_has_is_said() -> None:
    with pytest.raises(LabError, match="no zone is 'spare'"):
        zone_to_lose("spare", {ZoneId("a"): Role.PRIMARY})


def test_the_daemon_accepts_the_settings_written_for_it() -> None:
    settings = LabSettings(proofs=("sql",), cooldown_s=1.0)
    with short_directory() as directory:
        spec = free_spec(settings, directory)
        ensure_secrets(directory / "secrets")
        write_daemon_settings(spec, settings)
        site = load_site(directory / "site.yaml")
    assert (site.proofs, site.cooldown_s) == (["sql"], 1.0)
    assert site.listen != "127.0.0.1:9180"
