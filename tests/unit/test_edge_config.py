"""The edge's files: what is refused, and what a second `up` must not undo."""

from dataclasses import replace
from pathlib import Path

import pytest

from controller.model.ids import SiteId, SlotId, ZoneId
from deploy.lab.edge_config import EdgeSpec, haproxy_argv, render, write_edge
from deploy.lab.engine import LabError
from tests.labs import require_programs

A, B = ZoneId("a"), ZoneId("b")


def spec(home: Path, *, zones: tuple[str, ...] = ("a", "b")) -> EdgeSpec:
    return EdgeSpec(
        home=home,
        host="127.0.0.1",
        port=8000,
        zones={ZoneId(z): f"127.0.0.{n}:8080" for n, z in enumerate(zones, 2)},
        slots={SlotId("s1"): (SiteId("WWW.example.test"),)},
        active=A,
    )


def test_haproxy_accepts_the_file_and_the_maps_keep_their_routes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    require_programs("haproxy")
    home = tmp_path_factory.mktemp("e")
    write_edge(spec(home))
    assert (home / "maps/slot.map").read_text() == "www.example.test s1\n"
    assert (home / "maps/read.map").read_text() == "s1 a\n"
    (home / "maps/read.map").write_text("s1 b\n")
    (home / "maps/epoch.map").write_text("claimed 7\nepoch 7\n")
    write_edge(spec(home))
    assert (home / "maps/read.map").read_text() == "s1 b\n"
    assert (home / "maps/epoch.map").read_text() == "claimed 7\nepoch 7\n"
    assert haproxy_argv(spec(home))[-1] == str(home / "haproxy.cfg")


def test_two_edges_never_share_an_internal_socket(tmp_path: Path) -> None:
    def names(home: Path) -> set[str]:
        return {w for w in render(spec(home)).split() if w.startswith("abns@")}

    assert not names(tmp_path / "edge-1") & names(tmp_path / "edge-2")


def test_a_reads_other_zones_never_include_its_own(tmp_path: Path) -> None:
    """A retry that stayed in the lost zone would be a failed read."""
    text = render(spec(tmp_path))
    block = text.partition("backend bk_r_a\n")[2].partition("\nfrontend")[0]
    weighted = [
        line.split()[1]
        for line in block.splitlines()
        if line.strip().startswith("server")
        and "weight 0" not in line
        and "backup" not in line
    ]
    assert weighted == ["b1", "b2"]


@pytest.mark.parametrize("name", ["a b", "", "a{", "a\nb", "a\n"])
def test_a_name_haproxy_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LabError, match="not usable"):
        spec(tmp_path, zones=("a", name))


def test_a_host_name_that_would_break_the_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="host name"):
        replace(spec(tmp_path), slots={SlotId("s1"): (SiteId("www x"),)})


def test_an_active_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="none of the zones"):
        spec(tmp_path, zones=("b",))


def test_a_directory_too_deep_for_a_socket_is_refused() -> None:
    with pytest.raises(LabError, match="shorter"):
        spec(Path("/tmp") / ("x" * 100))  # noqa: S108  never created
