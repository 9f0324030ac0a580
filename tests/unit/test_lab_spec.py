"""The lab as data: addresses, ports, lab.json."""

from pathlib import Path

import pytest

from controller.model.ids import ServerId, ZoneId
from deploy.lab.engine import LabError
from deploy.lab.spec import ZONES, LabSpec, Net, Ports, lab_file, load_spec, save_spec

HERE, CACHE = Path("/lab"), Path("/cache")


def test_a_saved_spec_is_read_back_the_same(tmp_path: Path) -> None:
    spec = LabSpec(
        directory=tmp_path, cache=CACHE, prefix="127.93", ports=Ports(origin=9000)
    )
    save_spec(spec)
    assert load_spec(tmp_path) == spec


def test_every_zone_has_an_address_and_a_server_of_its_own() -> None:
    spec = LabSpec(directory=HERE, cache=CACHE)
    assert [spec.host(z) for z in ZONES] == ["127.81.1.1", "127.81.2.1", "127.81.3.1"]
    assert [spec.instance(z).server_id for z in ZONES] == [1, 2, 3]
    assert spec.zone_of(ServerId("db-b")) == ZoneId("b")
    assert spec.zone_of(ServerId("db-x")) is None


def test_two_labs_never_share_a_mark() -> None:
    one, two = (LabSpec(directory=HERE, cache=CACHE) for _ in range(2))
    assert one.mark("a") != two.mark("a")


@pytest.mark.parametrize(
    ("prefix", "net"),
    [
        ("127", Net.LOOPBACK),
        ("127.300", Net.LOOPBACK),
        ("10.81", Net.LOOPBACK),
        ("127.81", Net.NETNS),
        ("127.81.1", Net.LOOPBACK),
    ],
)
def test_a_prefix_that_cannot_work_is_refused(prefix: str, net: Net) -> None:
    with pytest.raises(LabError, match=r"127\.81|127\.x"):
        LabSpec(directory=HERE, cache=CACHE, prefix=prefix, net=net)


def test_ports_must_be_possible_and_distinct() -> None:
    with pytest.raises(LabError, match="65535"):
        Ports(redis=70000)
    with pytest.raises(LabError, match="share"):
        Ports(redis=3306)


def test_a_directory_too_long_for_sockets_is_refused_at_once() -> None:
    with pytest.raises(LabError, match="too long"):
        LabSpec(directory=Path("/" + "x" * 100), cache=CACHE)


def test_no_lab_and_a_broken_lab_file_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="sitedr lab up"):
        load_spec(tmp_path)
    lab_file(tmp_path).write_text("[]")
    with pytest.raises(LabError, match=r"lab\.json"):
        load_spec(tmp_path)
