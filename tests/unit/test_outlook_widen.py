"""The dry run of losing a zone that holds no primary, with more than one replica."""

from dataclasses import replace

from controller.decide.outlook import outlook_tree
from controller.model.commands import Acker
from controller.model.ids import BootId
from tests.unit.world_facts import LEDGER, POLICY, B, C, some_facts


def test_losing_one_of_two_replicas_stalls_nothing_where_one_is_enough() -> None:
    both = tuple(
        Acker(server=m.server, zone=m.zone, boot_id=BootId(f"boot-{m.server}"))
        for m in (B, C)
    )
    ledger, policy = replace(LEDGER, ackers=both), replace(POLICY, replicas_wanted=2)
    tree = outlook_tree(ledger, some_facts(), policy, C.zone)
    assert tree["action"] == "widen"
    assert "go on acknowledging: 1" in str(tree["why"])
    two = outlook_tree(ledger, some_facts(), replace(policy, acks=2), C.zone)
    assert two["action"] == "restore"
    spare = replace(ledger, ackers=both[:1])
    assert outlook_tree(spare, some_facts(), policy, C.zone)["action"] == "none"
