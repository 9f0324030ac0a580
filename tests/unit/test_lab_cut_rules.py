"""The nft rules of a cut, as text."""

from pathlib import Path

import pytest

from deploy.lab.engine import LabError
from deploy.lab.netns import peer_addresses, render_cut
from deploy.lab.spec import LabSpec, Net

SPEC = LabSpec(directory=Path("/lab"), cache=Path("/cache"), net=Net.NETNS)


def test_a_whole_cut_drops_everything_but_loopback_both_ways() -> None:
    lines = [line.strip() for line in render_cut(None, None).splitlines()]
    assert lines.count("drop") == 2
    assert 'iif "lo" accept' in lines
    assert 'oif "lo" accept' in lines


def test_one_way_has_one_chain() -> None:
    assert "output" not in render_cut(None, "in")
    assert "input" not in render_cut(None, "out")


def test_a_pair_is_named_by_address() -> None:
    rules = render_cut(peer_addresses(SPEC, ["a"]), "in")
    assert "ip saddr { 10.81.1.1 } drop" in rules
    assert "10.81.3.1" not in rules


def test_the_host_stands_for_edges_daemon_and_clients() -> None:
    assert list(peer_addresses(SPEC, ["host"])) == ["10.81.9.1", "10.81.9.2"]


def test_an_unknown_peer_is_refused_with_the_choices() -> None:
    with pytest.raises(LabError, match="host"):
        peer_addresses(SPEC, ["x"])


def test_rules_replace_earlier_ones() -> None:
    text = render_cut(None, None)
    assert text.index("delete table") < text.index("chain")
