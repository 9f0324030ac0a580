"""What is seen is on record when its name changes, and not at every round."""

from controller.act.book import Book
from controller.act.naming import SETTLE_S, Naming
from controller.act.virtual import VirtualClock
from controller.decide.classify import NOTHING, Condition, Conditions, Named
from controller.decide.decide import Decision
from controller.model.ids import ZoneId
from controller.rehearsal.storm import FullDiskJournal

A = ZoneId("a")
LOST = Named(Condition.ZONE_LOST, "nothing answers")
FULL = Named(Condition.OVERLOAD, "crowded")


def seen(named: Named | None, site: Condition = Condition.NONE) -> Decision:
    zones = {} if named is None else {A: named}
    found = Conditions(site=Named(site, "all"), zones=zones)
    return Decision(
        conditions=found if zones or site is not Condition.NONE else NOTHING
    )


class Stage:
    """A journal, and who notes names in it."""

    def __init__(self) -> None:
        self.journal = FullDiskJournal(VirtualClock())
        self.naming = Naming(Book(self.journal))

    def at(self, now_s: float, decision: Decision) -> list[tuple[object, object]]:
        """Return what is newly on record."""
        before = len(self.journal.records())
        self.naming.note(decision, now_s)
        return [
            (r.body["subject"], r.body["verdict"])
            for r in self.journal.records()[before:]
        ]


def test_trouble_is_told_at_once_and_once() -> None:
    stage = Stage()
    assert stage.at(1.0, seen(None)) == []
    assert stage.at(2.0, seen(LOST)) == [("zone a", "zone_lost")]
    assert stage.at(2.1, seen(LOST)) == []


def test_its_end_and_another_name_are_told_once_they_last() -> None:
    stage = Stage()
    stage.at(2.0, seen(LOST))
    assert stage.at(3.0, seen(FULL)) == []
    assert stage.at(3.0 + SETTLE_S, seen(FULL)) == [("zone a", "overload")]
    assert stage.at(5.0, seen(None)) == []
    assert stage.at(5.0 + SETTLE_S, seen(None)) == [("zone a", "none")]


def test_what_blinks_is_told_once() -> None:
    """A server that is crowded at every other look."""
    stage = Stage()
    told = [
        stage.at(tick / 10, seen(FULL if tick % 2 else None)) for tick in range(100)
    ]
    assert [t for t in told if t] == [[("zone a", "overload")]]


def test_of_the_site_is_told_what_no_zone_is_called() -> None:
    stage = Stage()
    found = stage.at(1.0, seen(LOST, site=Condition.EVERYTHING))
    assert found == [("site", "everything"), ("zone a", "zone_lost")]
    assert stage.at(2.0, seen(LOST, site=Condition.ZONE_LOST)) == []
    assert stage.at(3.0, seen(LOST, site=Condition.ZONE_LOST)) == [("site", "none")]
