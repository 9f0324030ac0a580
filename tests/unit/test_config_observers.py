"""Observers in the site's and the agent's file: what cannot be counted is refused."""

from pathlib import Path

import pytest

from controller.broker_adapters import agent_seat, daemon_seat, watched_probes
from controller.config.agent import load_agent
from controller.config.load import load_site
from controller.config.policy import decide_policy
from controller.model.errors import ConfigError
from health.adapters.mqtt import MqttVoteBus

ASSETS = Path(__file__).parents[2] / "deploy" / "assets"
BROKER = "broker: mqtt://127.0.0.1:1883"


def site_with(tmp_path: Path, observers: str) -> Path:
    path = tmp_path / "site.yaml"
    text = (ASSETS / "example.yaml").read_text()
    path.write_text(f"{text}\nobservers: {{{observers}}}\n")
    return path


def problems(tmp_path: Path, observers: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_site(site_with(tmp_path, observers))
    return "\n".join(caught.value.problems)


def test_without_them_a_second_vantage_decides_as_ever(tmp_path: Path) -> None:
    site = load_site(ASSETS / "example.yaml")
    assert daemon_seat(site, tmp_path) is None
    assert not decide_policy(site).quorum_or_hold


def test_everybody_is_expected_unless_named(tmp_path: Path) -> None:
    site = load_site(site_with(tmp_path, BROKER))
    seat = daemon_seat(site, tmp_path)
    assert seat is not None
    assert isinstance(seat.bus, MqttVoteBus)
    assert tuple(seat.board.expected) == ("daemon", "a", "b", "c")
    assert not decide_policy(site).quorum_or_hold
    some = load_site(
        site_with(tmp_path, f"{BROKER}, expected: [daemon, b], without_quorum: hold")
    )
    seat = daemon_seat(some, tmp_path)
    assert seat is not None
    assert tuple(seat.board.expected) == ("daemon", "b")
    assert decide_policy(some).quorum_or_hold


@pytest.mark.parametrize(
    ("observers", "said"),
    [
        ("broker: tcp://h:1", "^mqtts?://"),
        ("broker: mqtt://u:p@h:1", "^mqtts?://"),
        (f"{BROKER}, password: 'env:X'", "name the `user`"),
        (f"{BROKER}, user: u, password: secret", "^(env|file):.+$"),
        (f"{BROKER}, tls: {{ca: x.pem}}", "mqtts://"),
        (f"{BROKER}, expected: [b, c]", "daemon votes, too"),
        (f"{BROKER}, expected: [daemon, x]", "neither daemon nor a zone"),
        (f"{BROKER}, expected: [daemon, b, b]", "twice"),
        (f"{BROKER}, expected: [daemon]", "no majority"),
        (f"{BROKER}, stale_s: 0.1", "stale_s"),
        (f"{BROKER}, brokers: x", "unknown key"),
    ],
)
def test_what_nobody_could_count_is_refused(
    tmp_path: Path, observers: str, said: str
) -> None:
    assert said in problems(tmp_path, observers)


def test_a_missing_secret_or_certificate_is_a_start_error(tmp_path: Path) -> None:
    for more in ("user: u, password: 'file:nowhere'", "tls: {ca: nowhere.pem}"):
        broker = BROKER.replace("mqtt:", "mqtts:")
        site = load_site(site_with(tmp_path, f"{broker}, {more}"))
        with pytest.raises(ConfigError):
            daemon_seat(site, tmp_path)


OBSERVE = """
observe:
  broker: mqtts://127.0.0.1
  user: a
  password: "file:secret"
  zones:
    a: {database: "127.81.1.1:3307", origin: "http://127.81.1.1:8080"}
    b: {database: "127.81.2.1:3307", redis: "127.81.2.1:6379"}
"""


def test_an_agent_that_observes_asks_with_its_own_account(tmp_path: Path) -> None:
    path = tmp_path / "agent.yaml"
    text = (ASSETS / "agent.yaml").read_text()
    path.write_text(text.replace("file:secrets/controller", "file:secret") + OBSERVE)
    (tmp_path / "secret").write_text("s3cret\n")
    file = load_agent(path)
    assert file.observe is not None
    seat = agent_seat(file, file.observe, tmp_path)
    assert seat.board.me == "a"
    assert tuple(seat.board.expected) == ("daemon", "a", "b")
    probes = watched_probes(file, file.observe, tmp_path)
    assert sorted(probes) == ["a/database", "a/origin", "b/database", "b/redis"]


def test_no_zone_votes_under_the_daemons_name(tmp_path: Path) -> None:
    path = tmp_path / "agent.yaml"
    text = (ASSETS / "agent.yaml").read_text()
    path.write_text(text.replace("zone: a ", "zone: daemon ", 1) + OBSERVE)
    with pytest.raises(ConfigError) as caught:
        load_agent(path)
    assert "as an observer daemon is the daemon" in "\n".join(caught.value.problems)
