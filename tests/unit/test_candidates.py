"""Who may be promoted, and who rather: a reason for every candidate that may not."""

from dataclasses import replace

import pytest

from controller.decide.candidates import candidate_vetoes, series
from controller.decide.choice import choose_target, plan_failover, ranked_candidates
from controller.decide.facts import Facts, Policy
from controller.decide.ledger import Ledger
from controller.decide.outlook import outlook_tree
from controller.model.commands import Acker, Member
from controller.model.ids import BootId
from health.detector import Verdict
from replication.gtid import errant, without
from replication.ports import Receiving, ServerView
from tests.unit.world_facts import LEDGER, POLICY, A, B, C, a_server, a_view, some_facts

SOURCE, OWN = "0000000a-1", "0000000b-1"
TWO = replace(
    LEDGER,
    ackers=tuple(
        Acker(server=m.server, zone=m.zone, boot_id=BootId(f"boot-{m.server}"))
        for m in (B, C)
    ),
)


def facts_of(b: str, c: str, *, a: str = f"{SOURCE}:1-9", **changes: object) -> Facts:
    """Return facts of a lost primary; b and c have executed and received as told."""

    def view(member: Member, text: str) -> ServerView:
        return a_view(
            member,
            executed=text,
            received=text,
            source_side=replace(a_view(A).source_side),
            receiving=Receiving.CONNECTING,
            origin=f"0000000{member.zone}-1",
        )

    primary = replace(
        a_server(A, Verdict.DOWN),
        view=a_view(A, executed=a, origin=SOURCE, **changes),
    )
    ackers = (
        replace(a_server(m, silent_s=2.0), view=view(m, text))
        for m, text in ((B, b), (C, c))
    )
    return some_facts(primary, *ackers)


def names(facts: Facts, target: Member, policy: Policy = POLICY) -> list[str]:
    return [v.name for v in candidate_vetoes(TWO, facts, policy, target)]


def chosen(facts: Facts, policy: Policy = POLICY, ledger: Ledger = TWO) -> Member:
    target = choose_target(ledger, facts, policy)
    assert target is not None
    return target


def test_the_most_advanced_comes_before_the_preferred() -> None:
    """Whoever lacks something would lose writes; the rule chooses among equals."""
    prefer_b = replace(POLICY, promotion={"b": "prefer"})
    ahead = facts_of(f"{SOURCE}:1-9", f"{SOURCE}:1-10")
    assert chosen(ahead, prefer_b) == C
    assert names(ahead, B) == ["candidate_behind"]
    level = facts_of(f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    assert chosen(level, prefer_b) == B
    assert chosen(level, replace(POLICY, promotion={"b": "avoid"})) == C
    assert chosen(level, replace(POLICY, promotion={"db-c": "prefer"})) == C


def test_never_is_for_a_person_and_the_server_comes_before_its_zone() -> None:
    level = facts_of(f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    never = replace(POLICY, promotion={"b": "never", "c": "never"})
    assert names(level, B, never) == ["promotion_never"]
    assert candidate_vetoes(TWO, level, never, B)[0].overridable
    but_b = replace(POLICY, promotion={"b": "never", "db-b": "neutral"})
    assert names(level, B, but_b) == []
    assert chosen(level, replace(POLICY, promotion={"b": "never"})) == C


def test_an_errant_replica_is_passed_over_ended_and_not_missed() -> None:
    """Its own transaction was acknowledged by nobody; the other one holds the rest."""
    facts = facts_of(f"{SOURCE}:1-9,{OWN}:1", f"{SOURCE}:1-9")
    assert names(facts, B) == ["candidate_errant"]
    assert names(facts, C) == []
    plan = plan_failover(TWO, facts, POLICY, chosen(facts))
    assert plan.target == C
    assert [a.server for a in plan.ackers] == [B.server, C.server]
    assert [a.server for a in plan.parted] == [B.server]
    assert plan.errant == ((B.server, f"{OWN}:1"),)


def test_what_the_primary_wrote_is_never_errant() -> None:
    """A replica is the first to be seen with it when the primary dies at once."""
    assert names(facts_of(f"{SOURCE}:1-12", f"{SOURCE}:1-12"), B) == []


@pytest.mark.parametrize(("writable", "origin"), [(False, SOURCE), (True, "")])
def test_without_the_word_of_a_primary_that_writes_nothing_is_called_errant(
    *, writable: bool, origin: str
) -> None:
    """A view from before it was promoted lacks what others had, rightly."""
    facts = facts_of(f"{SOURCE}:1-9,{OWN}:1", f"{SOURCE}:1-9,{OWN}:1")
    primary = facts.servers[A.server]
    assert primary.view is not None
    view = replace(primary.view, writable=writable, origin=origin)
    servers = dict(facts.servers) | {A.server: replace(primary, view=view)}
    assert names(replace(facts, servers=servers), B) == []


def test_neither_holds_all_and_both_sets_are_told() -> None:
    facts = facts_of(f"{SOURCE}:1-9,x-2:1", f"{SOURCE}:1-9,x-3:1", writable=False)
    (veto,) = candidate_vetoes(TWO, facts, POLICY, B)
    assert (veto.name, veto.overridable) == ("split_history", False)
    assert "x-2:1" in veto.reason
    assert "x-3:1" in veto.reason


def test_while_the_primary_lives_nobody_is_behind() -> None:
    """What one received just now another receives in a moment."""
    facts = facts_of(f"{SOURCE}:1-9", f"{SOURCE}:1-10")
    servers = dict(facts.servers) | {A.server: a_server(A)}
    assert names(replace(facts, servers=servers), B) == []


def test_one_that_has_much_to_apply_is_passed_over() -> None:
    facts = facts_of(f"{SOURCE}:1-5000", f"{SOURCE}:1-5000", a=f"{SOURCE}:1-5000")
    late = facts.servers[B.server]
    assert late.view is not None
    view = replace(late.view, executed=f"{SOURCE}:1-100")
    servers = dict(facts.servers) | {B.server: replace(late, view=view)}
    facts = replace(facts, servers=servers)
    limit = replace(POLICY, unapplied_max=1000)
    assert names(facts, B, limit) == ["candidate_lagging"]
    assert names(facts, B, replace(POLICY, unapplied_max=4900)) == []
    assert chosen(facts, limit) == C


@pytest.mark.parametrize(
    ("mine", "theirs", "newer"),
    [
        ("9.7.4", "8.4.6", True),
        ("8.4.6", "9.7.4", False),
        ("8.4.6", "8.4.1", False),
        ("10.11.19-MariaDB-log", "10.6.12-MariaDB", True),
        ("", "8.4.6", False),
        ("9.7.4", "", False),
    ],
)
def test_a_newer_series_is_not_promoted_over_an_older(
    mine: str, theirs: str, *, newer: bool
) -> None:
    facts = facts_of(f"{SOURCE}:1-9", f"{SOURCE}:1-9", version=theirs)
    b = facts.servers[B.server]
    assert b.view is not None
    newest = replace(b, view=replace(b.view, version=mine))
    facts = replace(facts, servers=dict(facts.servers) | {B.server: newest})
    assert names(facts, B) == (["candidate_newer"] if newer else [])
    told = "".join(v.reason for v in candidate_vetoes(TWO, facts, POLICY, B))
    assert all(v in told for v in ((mine, theirs) if newer else ()))


def test_a_version_nobody_can_read_is_no_series() -> None:
    assert series("9.7.4") == (9, 7)
    assert series("nine") == ()


def test_the_plan_names_every_candidate_with_what_is_against_it() -> None:
    facts = facts_of(f"{SOURCE}:1-9,{OWN}:1", f"{SOURCE}:1-9")
    avoid_c = replace(POLICY, promotion={"c": "avoid"})
    tree = outlook_tree(TWO, facts, avoid_c, A.zone)
    candidates = tree["candidates"]
    assert isinstance(candidates, list)
    told = [
        (c["server"], c["rule"], c["chosen"], [v["name"] for v in c["vetoes"]])
        for c in candidates
    ]
    assert told == [
        ("db-c", "avoid", True, []),
        ("db-b", "neutral", False, ["candidate_errant"]),
    ]
    assert [m for m, _ in ranked_candidates(TWO, facts, avoid_c)] == [C, B]


def test_errant_is_told_of_sets_and_of_positions() -> None:
    """A position hides what is below it, so nothing can be taken out of one."""
    assert errant("a:1-9,b:1", ["a:1-5"], "a") == "b:1"
    assert errant("a:1-9,b:1", ["a:1-5", "b:1-4"], "a") == ""
    assert errant("0-1-9", ["0-1-5"], "1") == ""
    assert errant("0-2-9", ["0-1-5"], "1") == "0-2-9"
    assert errant("0-2-4", ["0-1-5"], "1") == ""
    assert errant("0-1-9,7-2-1", ["0-1-9"], "1") == "7-2-1"
    assert without("a:1-9,b:1-2", "b:1") == "a:1-9,b:2"
    assert without("0-2-9", "0-2-9") == "0-2-9"
    assert without("a:1", "") == "a:1"
