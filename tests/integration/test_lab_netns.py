"""A cut is a real black hole: one network namespace a zone. Needs root."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.model.ids import ZoneId
from deploy.adapters.process import greets
from deploy.lab import netns, procs
from deploy.lab.launcher import Lab
from deploy.lab.spec import ZONES, Net
from tests.labs import make_spec, running_lab, short_directory, until

pytestmark = [pytest.mark.lab, pytest.mark.netns]
A, B, C = ZONES


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with running_lab(Net.NETNS) as made:
        yield made


@pytest.fixture(autouse=True)
def healed(lab: Lab) -> Iterator[None]:
    yield
    for zone in ZONES:
        lab.heal(zone)


def reaches(lab: Lab, source: str, zone: ZoneId) -> bool:
    """Tell whether *source* (a zone or `host`) gets an answer from *zone*'s Redis."""
    code = (
        "import socket, sys\n"
        "line = socket.create_connection((sys.argv[1], int(sys.argv[2])), 0.5)\n"
        "line.settimeout(0.5); line.sendall(b'PING\\r\\n')\n"
        "assert line.recv(7) == b'+PONG\\r\\n'"
    )
    inside = () if source == netns.HOST else netns.inside(lab.spec, ZoneId(source))
    argv = [*inside, "python3", "-c", code, lab.spec.host(zone)]
    argv.append(str(lab.spec.ports.redis))
    done = subprocess.run(argv, check=False, capture_output=True, timeout=10)
    return done.returncode == 0


def test_a_cut_is_silence_both_ways_and_mend_ends_it(lab: Lab) -> None:
    assert reaches(lab, "host", B)
    assert reaches(lab, "b", A)
    lab.cut(B)
    assert next(z for z in lab.status().zones if z.zone == B).cut
    assert not reaches(lab, "host", B)
    assert not reaches(lab, "a", B)
    assert not reaches(lab, "b", A)
    assert reaches(lab, "b", B), "what a zone says to itself passes"
    assert reaches(lab, "a", C), "others are untouched"
    lab.mend(B)
    assert reaches(lab, "host", B)
    assert not next(z for z in lab.status().zones if z.zone == B).cut


def test_a_pair_can_be_cut_alone(lab: Lab) -> None:
    lab.cut(B, peers=["a"])
    assert not reaches(lab, "a", B)
    assert not reaches(lab, "b", A)
    assert reaches(lab, "host", B)
    assert reaches(lab, "c", B)


def packets(lab: Lab, zone: ZoneId, counter: str) -> int:
    path = f"/sys/class/net/eth0/statistics/{counter}"
    inside = netns.inside(lab.spec, zone)
    return int(subprocess.check_output([*inside, "cat", path], text=True))


def test_one_way_lets_the_other_way_pass(lab: Lab) -> None:
    """`in`: b's packets still leave; `out`: packets still arrive at b."""
    argv = [*netns.inside(lab.spec, B), "nft", "list", "table", "inet", "sitedr_cut"]
    lab.cut(B, one_way="in")
    assert "hook output" not in subprocess.check_output(argv, text=True)
    sent = packets(lab, B, "tx_packets")
    assert not reaches(lab, "b", A)
    assert packets(lab, B, "tx_packets") > sent
    lab.cut(B, one_way="out")
    assert "hook input" not in subprocess.check_output(argv, text=True)
    received = packets(lab, B, "rx_packets")
    assert not reaches(lab, "a", B)
    assert packets(lab, B, "rx_packets") > received


def test_a_black_hole_is_no_refusal(lab: Lab) -> None:
    lab.cut(B)
    b = lab.spec.instance(B)
    began = time.monotonic()
    assert not greets(b.host, b.port, timeout_s=0.5)
    assert time.monotonic() - began >= 0.4, "it was told at once: not a black hole"


def test_down_leaves_no_namespace_no_link_no_process_even_after_a_crash() -> None:
    """The launcher dies without a word; `down` from its files sweeps it all."""
    with short_directory() as directory:
        spec = make_spec(directory, Net.NETNS)
        other = type(spec)(
            directory=directory,
            cache=spec.cache,
            net=Net.NETNS,
            prefix="10.77",
            ports=spec.ports,
        )
        try:
            netns.lay(other)
            netns.cut(other, B, None, None)
            assert Path("/run/netns", other.namespace(B)).exists()
        finally:
            Lab(other).down()
        names = subprocess.check_output(["ip", "-brief", "link"], text=True)
        assert other.lab_id not in names
        spaces = subprocess.check_output(["ip", "netns", "list"], text=True)
        assert other.lab_id not in spaces
        assert procs.of_zone(other.mark("a")) == []


def test_healing_undoes_all_faults_at_once(lab: Lab) -> None:
    lab.cut(C)
    lab.freeze(C)
    lab.heal(C)
    until(lambda: reaches(lab, "host", C), "c answers again")
