"""Files written for the daemon fit the example it is documented by."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import deploy
from controller.config.agent import load_agent
from controller.config.load import load_site
from controller.model.ids import ZoneId
from deploy.lab.agents import agent_file, write_agent
from deploy.lab.engine import LabError
from deploy.lab.secret_files import ensure_secrets, read_accounts
from deploy.lab.site import site_tree, write_site, zone_file
from deploy.lab.spec import ZONES, LabSpec, load_spec, save_spec

EXAMPLE = Path(deploy.__file__).parent / "assets" / "example.yaml"


def test_the_written_site_is_the_example_for_the_default_lab(tmp_path: Path) -> None:
    """Same keys, same values, but that an operator begins by watching."""
    spec = LabSpec(directory=tmp_path, cache=tmp_path)
    path = write_site(spec, primary=ZoneId("a"))
    example = yaml.safe_load(EXAMPLE.read_text())
    assert yaml.safe_load(path.read_text()) == {**example, "mode": "auto"}


def test_the_written_agents_fit_each_other_and_the_site(tmp_path: Path) -> None:
    """Each names all the others; promotion waits longer than a primary lives alone."""
    spec = LabSpec(directory=tmp_path, cache=tmp_path, agents=True, self_fence_s=6.0)
    ensure_secrets(tmp_path / "secrets")
    site = load_site(write_site(spec, primary=ZoneId("a")))
    assert site.agents is not None
    assert site.agents.self_fence_after_s == 6.0
    for zone in ZONES:
        spec.zone_dir(zone).mkdir(parents=True)
        write_agent(spec, zone)
        file = load_agent(agent_file(spec, zone))
        assert f"http://{file.listen}" == site.agents.zones[zone]
        assert set(file.peers) == set(ZONES) - {zone}
        assert file.database.server == site.zones[zone].database.server
        names = [child.name for child in zone_file(spec, zone).children]
        assert names[0] == "agent"


def test_observers_are_the_agents_and_the_daemon_over_one_broker(
    tmp_path: Path,
) -> None:
    """Outside all zones, asked as soon as the daemon asks, and every zone votes."""
    spec = LabSpec(directory=tmp_path, cache=tmp_path, agents=True, observers=True)
    ensure_secrets(tmp_path / "secrets")
    site = load_site(write_site(spec, primary=ZoneId("a")))
    assert site.observers is not None
    assert set(site.observers.names(site.zones)) == {"daemon", *ZONES}
    for zone in ZONES:
        spec.zone_dir(zone).mkdir(parents=True)
        write_agent(spec, zone)
        observe = load_agent(agent_file(spec, zone)).observe
        assert observe is not None
        assert observe.broker == site.observers.broker
        assert set(observe.zones) == set(ZONES)
        assert observe.interval_s == site.probe.interval_s
        assert observe.timeout_s == site.probe.timeout_s
    save_spec(spec)
    assert load_spec(tmp_path) == spec
    with pytest.raises(LabError, match="let it have agents"):
        replace(spec, agents=False)


def test_addresses_follow_the_prefix(tmp_path: Path) -> None:
    spec = LabSpec(directory=tmp_path, cache=tmp_path, prefix="127.99")
    text = yaml.safe_dump(dict(site_tree(spec, primary=ZoneId("b"))))
    assert "127.99.3.1" in text
    assert "127.81." not in text
    assert "primary: b" in text


def test_secrets_are_random_private_and_never_in_argv(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets")
    accounts = read_accounts(tmp_path / "secrets")
    passwords = {
        accounts.controller.password,
        accounts.replication.password,
        accounts.application.password,
    }
    assert len(passwords) == 3
    assert all(p not in repr(accounts) for p in passwords)
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "secrets").iterdir()} == {
        0o600
    }
    ensure_secrets(tmp_path / "secrets")
    assert read_accounts(tmp_path / "secrets") == accounts
    spec = LabSpec(directory=tmp_path, cache=tmp_path)
    argv = " ".join(
        word for z in ZONES for c in zone_file(spec, z).children for word in c.argv
    )
    assert not any(p in argv for p in passwords)
