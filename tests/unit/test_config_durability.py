"""`durability` in a configuration: names, k of n, and what an engine cannot do."""

import pytest

from controller.config.explain import durability_words
from controller.config.load import parse_site
from controller.config.policy import decide_policy, wanted_of
from controller.config.schema import Durability
from tests.unit.test_config import EXAMPLE, problems

SEMI_SYNC = "durability: semi_sync "


def with_durability(text: str, engine: str = "mysql") -> str:
    whole = EXAMPLE.read_text().replace("engine: mariadb", f"engine: {engine}", 1)
    assert SEMI_SYNC in whole
    return whole.replace(SEMI_SYNC, f"durability: {text} ", 1)


@pytest.mark.parametrize(
    ("text", "required", "acks", "wanted", "cross_zone"),
    [
        ("none", False, 1, 1, False),
        ("semi_sync", True, 1, 1, False),
        ("cross_zone", True, 1, 1, True),
        ("{acks: 1, of: 2}", True, 1, 2, False),
        ("{acks: 2, of: 2, cross_zone: true}", True, 2, 2, True),
    ],
)
def test_names_and_numbers_become_one_policy(
    text: str, *, required: bool, acks: int, wanted: int, cross_zone: bool
) -> None:
    site = parse_site(with_durability(text), name="site.yaml")
    policy = decide_policy(site)
    assert (policy.required_acks, policy.acks) == (required, acks)
    assert (policy.replicas_wanted, policy.cross_zone) == (wanted, cross_zone)
    assert wanted_of(site).acks is required


@pytest.mark.parametrize(
    ("text", "engine", "told"),
    [
        ("sometimes", "mysql", "durability: one of none, semi_sync, cross_zone, or"),
        ("{acks: 3, of: 2}", "mysql", "3 of 2 replicas can never be"),
        ("{acks: 1}", "mysql", "durability.of: is missing"),
        ("{acks: 1, of: 2, zones: b}", "mysql", "durability.zones: unknown key"),
        ("{acks: 2, of: 2}", "mariadb", "MariaDB lets a commit wait for one"),
        ("{acks: 1, of: 3}", "mysql", "there are 2"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    text: str, engine: str, told: str
) -> None:
    assert told in "\n".join(problems(with_durability(text, engine)))


def test_mariadb_may_keep_more_replicas_than_a_commit_waits_for() -> None:
    site = parse_site(with_durability("{acks: 1, of: 2}", "mariadb"), name="x")
    assert decide_policy(site).replicas_wanted == 2


def test_what_it_means_is_said_in_words() -> None:
    one_of_two = " ".join(durability_words(Durability(acks=1, of=2)))
    assert "losing 1 of 2 stalls nothing" in one_of_two
    assert "a failover needs all of them to answer" in one_of_two
    both = " ".join(durability_words(Durability(acks=2, of=2, cross_zone=True)))
    assert "outside the primary's zone" in both
    assert "losing one stalls writes until" in both
    assert "a failover needs 1 to answer" in both
    assert "no replica" in durability_words(Durability(acks=0, of=1))[0]
