"""Where observers are expected, a strict majority of them sees it down, or it is held."""

import math
from dataclasses import replace

import pytest

from controller.act.metrics import render_metrics
from controller.cli.show_observers import observer_lines
from controller.decide.decide import Decision, decide
from controller.decide.facts import Facts, Policy
from controller.decide.guards import vantages
from controller.decide.ledger import Ledger
from controller.decide.observers import is_heard, observers_tree
from health.detector import Verdict
from health.loop_lag import Fitness
from health.votes import Ballot, Electorate, Says
from tests.unit.world_facts import LEDGER, POLICY, A, B, a_server, some_facts

LOST = some_facts(a_server(A, Verdict.DOWN), a_server(B, silent_s=5.0))
HOLD = replace(POLICY, quorum_or_hold=True)


def ballot(word: str) -> Ballot:
    """Return the ballot of `name:what`; anything but a voice is why it is none."""
    who, _, what = word.partition(":")
    voice = what in {"up", "down", "unsure"}
    return Ballot(
        observer=who,
        age_s=0.1 if voice else math.inf,
        fit=voice,
        says={"a/database": Says(what)} if voice else {},
        why="" if voice else what,
    )


def heard(facts: Facts, *words: str, reachable: bool = True) -> Facts:
    why = "" if reachable else "connection refused"
    ballots = tuple(map(ballot, words))
    found = Electorate(ballots=ballots, reachable=reachable, why=why)
    return replace(facts, electorate=found)


def vetoes_of(
    facts: Facts, policy: Policy = POLICY, ledger: Ledger = LEDGER
) -> list[str]:
    found = decide(ledger, facts, policy)
    assert found.start is None
    return [v.name for v in found.vetoes]


def test_without_observers_all_is_as_it_was() -> None:
    assert decide(LEDGER, LOST, POLICY).start is not None
    tree = observers_tree(LEDGER, LOST)
    assert "not known" in str(tree["unknown"])


def test_two_of_three_move_it() -> None:
    facts = heard(LOST, "daemon:down", "b:down", "c:up")
    assert decide(LEDGER, facts, POLICY).start is not None


@pytest.mark.parametrize(
    "others", [("b:up", "c:up"), ("b:unsure", "c:up"), ("b:stale", "c:never heard")]
)
def test_one_of_three_moves_nothing(others: tuple[str, str]) -> None:
    facts = heard(LOST, "daemon:down", *others)
    assert vetoes_of(facts) == ["no_quorum"]
    reason = decide(LEDGER, facts, POLICY).vetoes[0].reason
    assert "1 of 3 observers see it down, 2 are needed" in reason


def test_half_is_no_majority() -> None:
    facts = heard(LOST, "daemon:down", "a:offline", "b:down", "c:up")
    assert vetoes_of(facts) == ["no_quorum"]


def test_most_observers_are_a_second_vantage() -> None:
    """No replica and no edge misses it, two observers do: nobody says it alone."""
    blind = replace(LOST, servers={**LOST.servers, B.server: a_server(B)})
    assert "no_second_vantage" in vetoes_of(blind)
    facts = heard(blind, "daemon:down", "b:down", "c:up")
    assert "observer b" in vantages(LEDGER, facts, POLICY)
    assert vetoes_of(facts) == ["still_receiving"]


@pytest.mark.parametrize("policy", [POLICY, HOLD])
def test_without_the_broker_policy_says_what_will_do(policy: Policy) -> None:
    words = ("daemon:down", "b:stale", "c:stale")
    facts = heard(LOST, *words, reachable=False)
    if policy is POLICY:
        assert decide(LEDGER, facts, POLICY).start is not None
    else:
        assert vetoes_of(facts, HOLD) == ["no_quorum"]


@pytest.mark.parametrize("reachable", [True, False])
def test_most_that_see_it_up_hold_in_any_case(*, reachable: bool) -> None:
    """Also right after the broker went, and when the loss was confirmed before."""
    facts = heard(LOST, "daemon:down", "b:up", "c:up", reachable=reachable)
    known = replace(LEDGER, confirmed=True)
    assert vetoes_of(facts) == ["no_quorum"]
    assert vetoes_of(facts, ledger=known) == ["no_quorum"]


def test_what_was_confirmed_is_not_asked_for_twice() -> None:
    """A controller that restarts after FREEZE has heard nobody yet."""
    facts = heard(LOST, "daemon:down", "b:never heard", "c:never heard")
    assert decide(replace(LEDGER, confirmed=True), facts, POLICY).start is not None


def test_others_that_see_it_down_are_told_and_move_nothing() -> None:
    facts = heard(some_facts(), "daemon:up", "b:down", "c:down")
    found = decide(LEDGER, facts, POLICY)
    assert found.start is None
    assert [v.name for v in found.vetoes] == ["observers_disagree"]
    assert "answers us" in found.trouble


def test_too_few_observers_are_told_before_there_is_need_of_them() -> None:
    facts = heard(some_facts(), "daemon:up", "b:stale", "c:offline")
    found = decide(LEDGER, facts, POLICY)
    assert [v.name for v in found.vetoes] == ["no_quorum"]
    assert not found.trouble
    alone = heard(some_facts(), "daemon:up", "b:stale", "c:stale", reachable=False)
    assert not decide(LEDGER, alone, POLICY).vetoes
    assert vetoes_of(alone, HOLD) == ["no_quorum"]


def test_a_start_waits_for_a_majority_to_be_heard() -> None:
    assert is_heard(None)
    assert is_heard(heard(LOST, "daemon:up", "b:up", "c:offline").electorate)
    assert not is_heard(heard(LOST, "daemon:up", "b:stale", "c:offline").electorate)


def test_the_status_shows_every_observer_and_the_count() -> None:
    tree = observers_tree(LEDGER, heard(LOST, "daemon:down", "b:up", "c:offline"))
    assert tree["majority"] == 2
    assert tree["ballots"] == [
        {"observer": "daemon", "age_s": 0.1, "fit": True, "counts": True, "why": "",
         "down": ["a/database"], "unsure": []},
        {"observer": "b", "age_s": 0.1, "fit": True, "counts": True, "why": "",
         "down": [], "unsure": []},
        {"observer": "c", "age_s": None, "fit": False, "counts": False,
         "why": "offline", "down": [], "unsure": []},
    ]  # fmt: skip


def test_people_read_the_count_and_why_a_vote_is_none() -> None:
    tree = observers_tree(LEDGER, heard(LOST, "daemon:down", "b:up", "c:offline"))
    assert str(tree["tally"]).startswith("1 of 3 observers see it down, 2 are needed")
    assert observer_lines(tree) == [
        f"observers: {tree['tally']}",
        "  observer daemon, 0.1 s old: sees a/database down",
        "  observer b, 0.1 s old: sees all well",
        "  observer c: says nothing (not counted: offline)",
    ]
    alone = observer_lines(observers_tree(LEDGER, LOST))
    assert "no observers are configured" in alone[0]
    gone = heard(LOST, "daemon:down", "b:stale", reachable=False)
    assert "connection refused" in observer_lines(observers_tree(LEDGER, gone))[0]


def test_prometheus_sees_who_is_fit_and_how_old_a_vote_is() -> None:
    facts = heard(LOST, "daemon:down", "c:offline")
    facts = replace(facts, fitness=Fitness(worst_s=0.3))
    text = render_metrics("cms", lambda: (LEDGER, facts, Decision())).decode()
    assert 'sitedr_observer_fit{observer="daemon",site="cms"} 1.0' in text
    assert 'sitedr_observer_fit{observer="c",site="cms"} 0.0' in text
    assert 'sitedr_observer_counted{observer="c",site="cms"} 0.0' in text
    assert 'sitedr_observer_vote_age_seconds{observer="daemon",site="cms"} 0.1' in text
    assert 'sitedr_observer_vote_age_seconds{observer="c"' not in text
    assert 'sitedr_loop_late_seconds{site="cms"} 0.3' in text
