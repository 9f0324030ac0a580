"""The user-space WAN on real namespaces: what is far, what is lost, and that it ends."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from controller.model.ids import ZoneId
from deploy.lab import netns
from deploy.lab.spec import EDGES, ZONES, LabSpec, Net, save_spec
from deploy.lab.wan import LAID
from tests.labs import make_spec

pytestmark = [pytest.mark.lab, pytest.mark.netns]

A, B, C = ZONES
PORT = "4777"
ECHO = """
import socket, sys
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.bind(("0.0.0.0", int(sys.argv[1])))
print("listening", flush=True)
while True:
    said, who = line.recvfrom(99)
    line.sendto(said, who)
"""
CALL = """
import socket, sys, time
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.settimeout(0.6)
for n in range(int(sys.argv[3])):
    began_s = time.monotonic()
    line.sendto(b"x", (sys.argv[1], int(sys.argv[2])))
    try:
        line.recvfrom(99)
    except TimeoutError:
        continue
    print((time.monotonic() - began_s) * 1000)
"""
FAR_MS, NEAR_MS = 190.0, 90.0


@pytest.fixture
def spec(tmp_path: Path) -> Iterator[LabSpec]:
    """A lab's network without a lab, an echo in every zone and beside them."""
    made = make_spec(Path(tmp_path), Net.NETNS)
    save_spec(made)
    netns.lay(made)
    echoes = []
    try:
        for before in [(), *(netns.inside(made, z) for z in ZONES)]:
            argv = [*before, sys.executable, "-c", ECHO, PORT]
            echo = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
            echoes.append(echo)
            assert echo.stdout is not None
            assert echo.stdout.readline() == "listening\n"
        yield made
    finally:
        for echo in echoes:
            echo.kill()
            echo.communicate()
        netns.sweep(made)


def calls(spec: LabSpec, zone: ZoneId | None, to: str, times: int = 5) -> list[float]:
    """Return how long each answered call from *zone* took, milliseconds."""
    before = netns.inside(spec, zone) if zone is not None else ()
    argv = [*before, sys.executable, "-c", CALL, to, PORT, str(times)]
    told = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    return [float(line) for line in told.stdout.split()]


def line(spec: LabSpec, *words: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-P", "-m", "deploy.lab.wan"]
    argv += ["--lab", str(spec.directory), *words]
    root = str(Path(__file__).resolve().parent.parent.parent)
    made = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert made.stdout is not None
    assert made.stdout.readline() == f"{LAID}\n"
    return made


def test_one_zone_is_far_for_all_the_others_until_it_ends(spec: LabSpec) -> None:
    wan = line(spec, "--zone", "a", "--delay-ms", "100")
    try:
        assert min(calls(spec, None, spec.host(A))) > FAR_MS
        assert min(calls(spec, A, spec.edge_host(EDGES[0]))) > FAR_MS
        assert min(calls(spec, B, spec.host(A))) > FAR_MS
        assert median(calls(spec, B, spec.host(C))) < NEAR_MS
        assert median(calls(spec, A, spec.host(A))) < NEAR_MS
    finally:
        wan.communicate("")
    assert wan.returncode == 0
    assert median(calls(spec, B, spec.host(A))) < NEAR_MS


def test_packets_are_lost_in_both_directions(spec: LabSpec) -> None:
    wan = line(spec, "--loss", "0.3")
    try:
        answered = len(calls(spec, B, spec.host(C), 40))
    finally:
        wan.communicate("")
    assert 8 <= answered <= 32, "of 40, half are expected"
    assert len(calls(spec, B, spec.host(C), 40)) == 40
