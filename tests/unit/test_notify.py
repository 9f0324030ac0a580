"""Lines to people: on act, hold, halt, unprotected, done; and no other noise."""

import asyncio
import http.server
import json
import threading
from collections.abc import Mapping
from dataclasses import replace

import pytest
from typing_extensions import override

from controller.act.notify import AppriseNotifier, line_for
from controller.decide.ledger import Durability, Ledger
from controller.decide.saga import Kind, Run, Step
from controller.incident.record import Record, RecordKind
from controller.model.ids import Epoch, IncidentId
from controller.model.outcomes import Done, Refused
from tests.unit.test_ledger import FAILOVER_PLAN


def a_record(kind: RecordKind, body: Mapping[str, object]) -> Record:
    return Record(
        seq=1,
        at_wall_s=0.0,
        at_mono_s=0.0,
        incident=IncidentId("i1"),
        epoch=Epoch(2),
        kind=kind,
        body=body,
    )


REOPENING = replace(FAILOVER_PLAN, kind=Kind.REOPEN, why="a restarted")
BLOCKER = {
    "server": "db-a",
    "among": [],
    "name": "ack_timeout",
    "severity": "blocker",
    "what": "10 s",
    "mend": "SET it",
}
ACTING = replace(Ledger(), run=Run(plan=FAILOVER_PLAN, step=Step.CONFIRM))


@pytest.mark.parametrize(
    ("kind", "body", "line"),
    [
        (RecordKind.STARTED, {}, "ACT: a is lost; moving to zone b"),
        (
            RecordKind.VETO,
            {"trouble": "lost", "vetoes": [{"name": "paused"}]},
            "HOLD: lost: paused",
        ),
        (
            RecordKind.VETO,
            {"trouble": "lost", "vetoes": [{"name": "promotion_budget"}]},
            "",
        ),
        (RecordKind.VETO, {"trouble": "", "vetoes": []}, ""),
        (RecordKind.VETO, {"trouble": "", "vetoes": [{"name": "doctor_blocker"}]}, ""),
        (
            RecordKind.FINDINGS,
            {"began": [BLOCKER, {**BLOCKER, "severity": "warning"}], "over": []},
            "DOCTOR: blocker ack_timeout on db-a: 10 s; mend: SET it",
        ),
        (
            RecordKind.FINDINGS,
            {"began": [], "over": [BLOCKER]},
            "DOCTOR: blocker ack_timeout on db-a is over",
        ),
        (
            RecordKind.FINDINGS,
            {"began": [{**BLOCKER, "severity": "warning"}], "over": []},
            "",
        ),
        (
            RecordKind.INTENT,
            {"step": "degrade"},
            "UNPROTECTED: acknowledged writes are in one zone only from now on",
        ),
        (RecordKind.INTENT, {"step": "fence"}, ""),
        (
            RecordKind.ENDED,
            {"end": "halted", "kind": "failover", "why": "open: lost"},
            "HALT: open: lost: a person must look",
        ),
        (
            RecordKind.ENDED,
            {"end": "completed", "kind": "failover", "why": ""},
            "DONE: failover completed, unprotected",
        ),
        (RecordKind.ENDED, {"end": "completed", "kind": "retire", "why": ""}, ""),
        (RecordKind.ENDED, {"end": "completed", "kind": "reconcile", "why": ""}, ""),
        (
            RecordKind.DRIFT,
            {"edge": "e1", "drifted": True, "seen": "no route", "wanted": "reads b"},
            "EDGE: edge e1: no route; wanted reads b",
        ),
    ],
)
def test_what_people_are_told(
    kind: RecordKind, body: Mapping[str, object], line: str
) -> None:
    """One line each."""
    assert line_for(a_record(kind, body), ACTING) == line


def test_people_are_told_that_a_primary_is_opened_again() -> None:
    acting = replace(ACTING, run=Run(plan=REOPENING, step=Step.CONFIRM))
    line = line_for(a_record(RecordKind.STARTED, {}), acting)
    assert line == "ACT: a restarted; opening it again where it stands"


def test_people_are_told_of_protection_only_when_there_is_some() -> None:
    """With `durability: none` a failover completes without."""
    body = {"end": "completed", "kind": "failover", "why": ""}
    safe = Durability(protected=True, since_wall_s=1.0, why="canary")
    ledger = replace(ACTING, durability=safe)
    told = line_for(a_record(RecordKind.ENDED, body), ledger)
    assert told == "DONE: failover completed, protected again"


def test_a_line_is_delivered_to_a_service() -> None:
    """Through apprise, to a webhook on this machine."""
    heard: list[dict[str, str]] = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heard.append(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        @override
        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        notifier = AppriseNotifier([f"json://127.0.0.1:{server.server_port}/"])
        outcome = asyncio.run(notifier.send("sitedr cms", "ACT: a is lost"))
        thread.join(10)
    assert isinstance(outcome, Done)
    assert [(h["title"], h["message"]) for h in heard] == [
        ("sitedr cms", "ACT: a is lost")
    ]


def test_no_url_is_a_plain_no() -> None:
    """Not an error: most sites begin without one."""
    assert isinstance(asyncio.run(AppriseNotifier([]).send("t", "l")), Refused)
