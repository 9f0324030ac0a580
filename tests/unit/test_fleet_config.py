"""A fleet's file: what clusters cannot both have is said before anything starts."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml

from controller.cli.choose import cluster_file
from controller.config.fleet import is_fleet, load_fleet
from controller.model.errors import ConfigError

ASSETS = Path(__file__).parents[2] / "deploy" / "assets"
Tree = dict[str, object]
Change = Callable[[Tree], None]


def cluster(folder: Path, name: str, number: int, *changes: Change) -> str:
    """Write the file of one cluster that is at odds with nobody; return its name."""
    text = (ASSETS / "example.yaml").read_text()
    tree = yaml.safe_load(text.replace("127.81.", f"127.{90 + number}."))
    tree |= {"site": name, "state_dir": f"state-{name}"}
    tree["slots"] = {f"s-{name}": [f"{name}.example.test"]}
    tree["provisioner"]["lab"] = f"lab-{name}"
    tree["agents"] = {"token": "env:TOKEN", "zones": agents(number)}
    for edge in tree["edges"].values():
        edge["shared"] = True
    for change in changes:
        change(tree)
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(tree))
    return f"{name}.yaml"


def agents(number: int) -> dict[str, str]:
    return {z: f"http://127.{90 + number}.{n}.1:9181" for n, z in enumerate("abc", 1)}


def fleet(folder: Path, *files: str, **more: object) -> Path:
    """Write a fleet of *files*, the first of the lowest priority."""
    entries = [{"file": f, "priority": 10 * n} for n, f in enumerate(files, 1)]
    tree = {
        "fleet": "eu",
        "state_dir": "fleet-state",
        "listen": "127.0.0.1:9199",
        "clusters": entries,
        **more,
    }
    path = folder / "fleet.yaml"
    path.write_text(yaml.safe_dump(tree))
    return path


def test_the_example_is_a_fleet() -> None:
    found = load_fleet(ASSETS / "fleet.yaml")
    assert [c.name for c in found.clusters] == ["cms"]
    assert not is_fleet(ASSETS / "example.yaml")


def test_clusters_come_in_order_with_their_own_folders(tmp_path: Path) -> None:
    path = fleet(tmp_path, cluster(tmp_path, "one", 1), cluster(tmp_path, "two", 2))
    found = load_fleet(path)
    assert [(c.name, c.priority) for c in found.clusters] == [("one", 10), ("two", 20)]
    assert found.clusters[0].state_dir == tmp_path / "state-one"
    assert found.state_dir == tmp_path / "fleet-state"


def test_every_broken_file_is_named_at_once(tmp_path: Path) -> None:
    bad = cluster(tmp_path, "bad", 1, lambda t: t.update(mode="sometimes"))
    path = fleet(tmp_path, bad, "gone.yaml", cluster(tmp_path, "good", 2))
    with pytest.raises(ConfigError) as caught:
        load_fleet(path)
    first, second = caught.value.problems
    assert "bad.yaml:" in first
    assert "mode" in first
    assert "gone.yaml: cannot read it" in second


def same_database(tree: Tree) -> None:
    zones = tree["zones"]
    assert isinstance(zones, dict)
    zones["a"]["database"].update(host="127.91.1.1")


def same_agents(tree: Tree) -> None:
    tree["agents"] = {"token": "env:TOKEN", "zones": agents(1)}


def same_lab(tree: Tree) -> None:
    tree["provisioner"] = {"kind": "process", "lab": "lab-one"}


def alone_at_its_edges(tree: Tree) -> None:
    edges = tree["edges"]
    assert isinstance(edges, dict)
    for edge in edges.values():
        edge["shared"] = False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.update(site="one"), "a name of two.yaml is one.yaml"),
        (lambda t: t.update(state_dir="state-one"), "a state_dir of two.yaml"),
        (same_database, "a database of two.yaml"),
        (same_agents, "an agent of two.yaml is one.yaml"),
        (same_lab, "a lab of two.yaml is one.yaml"),
        (lambda t: t.update(slots={"s-one": ["x.test"]}), "a slot at one edge"),
        (lambda t: t.update(slots={"s9": ["one.example.test"]}), "a site at one edge"),
        (alone_at_its_edges, "two.yaml: edges.edge-1 is used by other clusters"),
    ],
)
def test_what_two_cannot_both_have_is_an_error(
    tmp_path: Path, change: Change, words: str
) -> None:
    path = fleet(
        tmp_path, cluster(tmp_path, "one", 1), cluster(tmp_path, "two", 2, change)
    )
    with pytest.raises(ConfigError, match=words):
        load_fleet(path)


def test_a_command_asks_which_cluster_and_names_the_choices(tmp_path: Path) -> None:
    one, two = (cluster(tmp_path, n, i) for i, n in enumerate(("one", "two"), 1))
    path = fleet(tmp_path, one, two)
    assert cluster_file(path, "two") == tmp_path / "two.yaml"
    for name in ("", "three"):
        with pytest.raises(click.UsageError, match=r"one\|two"):
            cluster_file(path, name)
    assert cluster_file(tmp_path / one, "") == tmp_path / "one.yaml"
    with pytest.raises(click.UsageError, match="is one cluster, one"):
        cluster_file(tmp_path / one, "two")
    assert cluster_file(fleet(tmp_path, one), "") == tmp_path / "one.yaml"
