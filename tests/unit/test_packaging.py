"""What is installed is what is in the tree, and only at the pinned versions."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("controller", "health", "replication", "cdn_router", "deploy")
SECTIONS = ("run", "build", "dev")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """pyproject.toml as data."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pins() -> dict[str, dict[str, str]]:
    """constraints.txt: section → package → version."""
    found: dict[str, dict[str, str]] = {}
    section = ""
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"# section: (\w+)", line):
            section = heading[1]
            found[section] = {}
        elif pin := re.match(r"(\S+)==([^\s;]+)", line):
            found[section][canonicalize_name(pin[1])] = pin[2]
    return found


def copy_tree(target: Path) -> None:
    """Copy what a clone of this tree would hold, changes not committed included."""
    listed = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (source := ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in the wheel that the tracked files make."""
    tmp = tmp_path_factory.mktemp("wheel")
    copy_tree(tmp / "tree")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-index", "--no-build-isolation", "--wheel-dir", str(tmp)),
            str(tmp / "tree"),
        ],
        check=True,
        timeout=100,
    )
    (built,) = tmp.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_is_in_the_distribution(package: str, wheel: set[str]) -> None:
    """Installed from a wheel, no import fails that works in the checkout."""
    modules = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("*.py")
    }
    assert modules - wheel == set()


def test_assets_are_in_the_distribution(wheel: set[str]) -> None:
    """Templates and examples are found by an installed sitedr, too."""
    assets = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "deploy" / "assets").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "deploy/assets/example.yaml" in assets
    assert assets - wheel == set()


def test_nothing_else_is_in_the_distribution(wheel: set[str]) -> None:
    """Tests and build leftovers stay at home."""
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_every_package_says_what_it_is_for(package: str) -> None:
    """The first thing a newcomer reads; `controller` must stay empty."""
    text = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
    assert text.startswith('"""')


def test_console_script_can_be_called(project: dict[str, Any]) -> None:
    """`sitedr` starts something."""
    module, _, function = project["project"]["scripts"]["sitedr"].partition(":")
    assert importlib.util.find_spec(module) is not None, f"{module} does not exist"
    assert callable(getattr(importlib.import_module(module), function))


def test_constraints_carry_hashes_for_every_pin(pins: dict[str, Any]) -> None:
    """`pip --require-hashes` refuses the whole file for one pin without."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text)
    naked = [b for b in blocks if "==" in b and "--hash=sha256:" not in b]
    assert naked == []
    assert tuple(pins) == SECTIONS


@pytest.mark.parametrize("section", SECTIONS)
def test_requirements_are_pinned_in_their_section(
    section: str, project: dict[str, Any], pins: dict[str, dict[str, str]]
) -> None:
    """`make lock` was run after pyproject.toml changed."""
    wanted = {
        "run": project["project"]["dependencies"],
        "build": project["build-system"]["requires"],
        "dev": project["dependency-groups"]["dev"],
    }[section]
    below = pins["run"] | pins["build"] | pins[section]
    for requirement in map(Requirement, wanted):
        version = below.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not pinned: `make lock`"
        assert requirement.specifier.contains(version), f"{requirement}, not {version}"


def test_run_time_needs_no_development_package(pins: dict[str, dict[str, str]]) -> None:
    """Only section `run` is installed for the daemon; it must be enough."""
    waiting, done = list(pins["run"]), set[str]()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        try:
            requires = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # its marker does not fit this Python
        waiting += (
            canonicalize_name(needed.name)
            for needed in map(Requirement, requires)
            if needed.marker is None or needed.marker.evaluate({"extra": ""})
        )
    assert done - set(pins["run"]) == set()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_fresh_checkout_sets_itself_up_once(tmp_path: Path) -> None:
    """Set-up leaves `sitedr` with exactly the pins; the second run does nothing."""
    tree = tmp_path / "tree"
    copy_tree(tree)
    env = os.environ | {"SITEDR_CACHE": str(tmp_path / "cache")}

    def setup(profile: str) -> str:
        return subprocess.run(
            ["bash", "deploy/assets/setup/setup.sh", profile],
            cwd=tree,
            env=env,
            check=True,
            capture_output=True,
            text=True,
            timeout=180,
        ).stdout

    assert "done in" in setup("python")
    assert setup("python") == ""
    assert (tree / ".venv/bin/sitedr").exists()
    assert not (tree / ".venv/bin/pytest").exists(), "rehearse needs no pytest"
    assert "(dev)" in setup("tools")
    subprocess.run(
        [tree / ".venv/bin/python", "-m", "pip", "check"], check=True, timeout=60
    )
