"""What people and Prometheus are told of an old primary: figures, never a row."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from controller.act.metrics import render_metrics
from controller.act.notify import line_for
from controller.decide.decide import Decision
from controller.decide.ledger import Ledger
from controller.decide.old import Known, OldPrimary
from controller.decide.saga import Kind, Run, Step
from controller.decide.status import status_tree
from controller.incident.record import RecordKind
from tests.unit.test_ledger import FAILOVER_PLAN
from tests.unit.test_notify import a_record
from tests.unit.world_facts import LEDGER, POLICY, C, some_facts

REPORTED = OldPrimary(
    member=C,
    known=Known.EXTRA,
    why="2 transactions the successor lacks",
    saved="there",
    report="there/report.json",
    counts=MappingProxyType({"transactions": "2", "report": "there/report.json"}),
)
KNOWN = replace(LEDGER, old=MappingProxyType({C.server: REPORTED}))
LOOKING = replace(
    Ledger(), run=Run(plan=replace(FAILOVER_PLAN, kind=Kind.EXAMINE), step=Step.REPORT)
)
EVIDENCE = {
    "report": "there/report.json",
    "acknowledged": "nobody",
    "transactions": "3",
    "canaries": "1",
    "rows": "2",
    "tables": "cms.writes insert 2",
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "LOST WRITES: db-a held 3 transactions nobody else has (1 of them"),
        ({}, "cms.writes insert 2; nobody was told OK for them"),
        ({"acknowledged": "perhaps"}, "clients MAY HAVE BEEN TOLD OK"),
        ({"transactions": "1"}, "held only heartbeats of ours: nothing lost"),
    ],
)
def test_people_hear_which_writes_were_lost(changes: dict[str, str], told: str) -> None:
    body = {"step": "report", "outcome": "done", "evidence": {**EVIDENCE, **changes}}
    line = line_for(a_record(RecordKind.OUTCOME, body), LOOKING)
    assert told in line
    assert "there/report.json" not in line


def test_nobody_hears_of_the_other_steps() -> None:
    body = {"step": "save", "outcome": "done", "evidence": {}}
    assert line_for(a_record(RecordKind.OUTCOME, body), LOOKING) == ""
    ended = {"end": "completed", "kind": "examine", "why": ""}
    assert line_for(a_record(RecordKind.ENDED, ended), LOOKING) == ""


def test_metrics_and_status_know_it() -> None:
    facts, decision = some_facts(), Decision()
    text = render_metrics("cms", lambda: (KNOWN, facts, decision)).decode()
    assert 'sitedr_old_primary{known="extra",server="db-c",site="cms"} 1.0' in text
    assert 'sitedr_lost_transactions{server="db-c",site="cms"} 2.0' in text
    tree = status_tree(KNOWN, facts, POLICY, decision)
    found = tree["old_primaries"]
    assert isinstance(found, dict)
    assert (found["db-c"]["known"], found["db-c"]["saved"]) == ("extra", "there")
    assert found["db-c"]["counts"] == {"transactions": "2"}
