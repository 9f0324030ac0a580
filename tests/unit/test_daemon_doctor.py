"""The doctor beside the daemon: bounded, given up, mistaken; and nobody waits."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from typing_extensions import override

from controller.act.doctor import LOOK_S_MAX, Doctor
from controller.act.metrics import render_metrics
from controller.act.ports import Ports
from controller.act.virtual import VirtualClock, run_virtual
from controller.incident.record import RecordKind
from controller.model.ids import BootId, ServerId
from controller.model.outcomes import NotSeen
from controller.rehearsal.commands import perform
from controller.rehearsal.play import Play
from controller.rehearsal.run_seed import until_well
from controller.rehearsal.site import A, B, RehearsalSite, Settings, server_of
from replication.doctor.inspection import Inspection, NotInspected
from replication.ports import Inspector
from tests.unit.inspections import CLEAN_MARIADB, WANTED, account, with_account

DB_A, DB_B, BOOT = ServerId("db-a"), ServerId("db-b"), BootId("boot-1")
ILL = with_account(CLEAN_MARIADB, account("wp", "READ_ONLY ADMIN"))
Answer = Callable[[], Coroutine[Any, Any, Inspection | NotInspected]]


class Scripted(Inspector):
    """Answers as told, and counts how often it was asked and given up."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked = 0
        self.cancelled = 0

    @override
    async def inspect(self) -> Inspection | NotInspected:
        self.asked += 1
        try:
            return await self.answer()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


async def at_once() -> Inspection | NotInspected:
    return ILL


async def never() -> Inspection | NotInspected:
    await asyncio.Event().wait()
    raise AssertionError


async def refused() -> Inspection | NotInspected:
    return NotInspected(DB_A, NotSeen("auth", "access denied"))


async def mistaken() -> Inspection | NotInspected:
    raise KeyError("origin")


def doctor(inspector: Inspector) -> Doctor:
    return Doctor({DB_A: inspector}, WANTED, VirtualClock())


def test_a_finding_about_two_is_the_same_whoever_answered_last() -> None:
    """Otherwise people would be called at every look, each time to the other one."""
    twin = replace(ILL, server=DB_B)

    async def one() -> Inspection | NotInspected:
        return ILL

    async def other() -> Inspection | NotInspected:
        return twin

    async def story() -> None:
        seen = Doctor(
            {DB_A: Scripted(one), DB_B: Scripted(other)}, WANTED, VirtualClock()
        )
        told = []
        for server in (DB_A, DB_B, DB_A):
            seen.begin({server: BOOT})
            await asyncio.sleep(1)
            told.append([f for f in seen.fact().findings if len(f.about) > 1])
        assert told[1], "the same server id twice is a finding"
        assert told[1] == told[2]

    run_virtual(story(), horizon_s=60)


def test_one_look_at_a_time_and_its_findings_are_kept() -> None:
    async def story() -> None:
        inspector = Scripted(at_once)
        seen = doctor(inspector)
        seen.begin({DB_A: BOOT})
        seen.begin({DB_A: BOOT})
        assert seen.fact().findings == ()
        await asyncio.sleep(1)
        assert inspector.asked == 1
        look = seen.fact().looks[DB_A]
        assert (look.asked_s, look.answered_s, look.why) == (1.0, 1.0, "")
        assert "bypasses_read_only" in {f.name for f in seen.fact().findings}
        inspector.answer = refused
        seen.begin({DB_A: BOOT})
        await asyncio.sleep(1)
        look = seen.fact().looks[DB_A]
        assert (look.answered_s, look.why) == (2.0, "auth: access denied")
        assert "bypasses_read_only" in {f.name for f in seen.fact().findings}

    run_virtual(story())


def test_a_look_that_never_ends_is_ended() -> None:
    async def story() -> None:
        inspector = Scripted(never)
        seen = doctor(inspector)
        seen.begin({DB_A: BOOT})
        await asyncio.sleep(LOOK_S_MAX + 1)
        assert inspector.cancelled == 1
        assert "TimeoutError" in seen.fact().looks[DB_A].why

    run_virtual(story())


def test_what_was_given_up_is_due_again() -> None:
    async def story() -> None:
        inspector = Scripted(never)
        seen = doctor(inspector)
        seen.begin({DB_A: BOOT})
        await asyncio.sleep(1)
        await seen.aclose()
        assert inspector.cancelled == 1
        assert seen.fact().looks[DB_A].asked_s is None

    run_virtual(story())


def test_a_mistake_of_the_doctor_is_no_answer_and_no_crash() -> None:
    """The daemon that fails over must not end by what only advises it."""

    async def story() -> None:
        seen = doctor(Scripted(mistaken))
        seen.begin({DB_A: BOOT})
        await asyncio.sleep(1)
        look = seen.fact().looks[DB_A]
        assert look.answered_s is None
        assert "KeyError" in look.why

    run_virtual(story())


class HangingSite(RehearsalSite):
    """Its inspectors never answer."""

    inspectors: dict[ServerId, Scripted]

    @override
    def _ports(self) -> Ports:
        ports = RehearsalSite._ports(self)
        self.inspectors = {s: Scripted(never) for s in ports.inspectors}
        return replace(ports, inspectors=self.inspectors)


def told(site: RehearsalSite, *lines: str) -> Play:
    """Play *lines* on *site* and return the stage, its daemon still there."""

    async def story() -> Play:
        play = Play(site)
        await play.begin()
        await until_well(play)
        for line in lines:
            await perform(play, line)
        daemon = play.daemon
        await play.end()
        play.daemon = daemon
        return play

    return run_virtual(story())


def test_a_hanging_inspection_delays_neither_start_nor_failover() -> None:
    """Record for record, at the same instants, as if nobody had been asked."""

    def history(site: RehearsalSite) -> list[tuple[float, str]]:
        told(site, "kill a", "run-for 8")
        return [(r.at_mono_s, r.kind.value) for r in site.journal.records()]

    hanging = HangingSite(Settings())
    assert history(hanging) == history(RehearsalSite(Settings()))
    assert hanging.inspectors[server_of(B)].asked >= 2
    assert hanging.inspectors[server_of(B)].cancelled >= 1


def test_a_change_is_on_record_once_and_in_the_metrics() -> None:
    site = RehearsalSite(Settings(granted=(A,)))
    play = told(site, "run-for 200")
    records = [r for r in site.journal.records() if r.kind is RecordKind.FINDINGS]
    assert len(records) == 1
    daemon = play.daemon
    assert daemon is not None
    text = render_metrics(
        "cms", lambda: (daemon.book.ledger, daemon.facts(), daemon.decision)
    ).decode()
    assert 'sitedr_doctor_findings{severity="blocker",site="cms"} 1.0' in text
    assert 'sitedr_doctor_findings{severity="warning",site="cms"} 0.0' in text
    assert 'sitedr_doctor_inspected_seconds{server="db-b",site="cms"}' in text
    assert 'sitedr_veto_active{site="cms",veto="doctor_blocker"} 1.0' in text
