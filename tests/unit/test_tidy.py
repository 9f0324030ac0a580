"""The style guide as a test: rules no linter knows.

Words that must not appear are written here in two halves, so that this file
passes its own rules.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("controller", "health", "replication", "cdn_router", "deploy")

LINES_MAX = 400
TOP_LEVEL = {
    *PACKAGES,
    "tests",
    "pyproject.toml",
    "README.md",
    "Makefile",
    "LICENSE",
    "CHANGELOG.md",
    "constraints.txt",
}
# A module named so has no idea of its own and collects everybody else's.
NAMES_BANNED = {"manager", "util", "utils", "common", "helper", "helpers", "misc"}

# Path from the top → why waiting a fixed time is right there.
SLEEP_ALLOWED: dict[str, str] = {
    "deploy/lab/poll.py": "polls, with a deadline",
    "deploy/lab/pump.py": "a copy is held to its rate, never longer than its poll",
    "tests/bench/probes.py": "a measurement takes as long as it was told to",
    "tests/matrix/rows.py": "the daemon is stopped for as long as the row says",
    "tests/matrix/stage.py": "a row looks again and again for as long as it is told to",
    "controller/cli/show.py": "a person watches, once a second, until Ctrl-C",
}

# Exceptions to the tools' rules, counted over all Python files. A ratchet: lower
# a number whenever the count falls; raising one needs a reason in the commit.
EXCEPTIONS_MAX = {"# noqa": 40, "# type: ignore": 15, "pragma: no cover": 10}

# Modules that are only arithmetic on their arguments. Those not written yet are
# left out until they exist. import-linter guards whole floors, this guards files.
PURE = (
    "controller.model",
    "controller.decide",
    "controller.sla",
    "health.asked",
    "health.counters",
    "health.detector",
    "health.elevated",
    "health.http_answer",
    "health.loop_lag",
    "health.vote_wire",
    "health.votes",
    "health.pacing",
    "health.rates",
    "health.recording",
    "health.replay",
    "replication.doctor",
    "replication.binlog_state",
    "replication.durability",
    "replication.gtid",
    "replication.lag",
    "cdn_router.plan",
    "cdn_router.shares",
)
IMPURE_IMPORTS = {
    "asyncio",
    "time",
    "random",
    "socket",
    "sqlite3",
    "logging",
    "os",
    "subprocess",
    "pathlib",
    "threading",
    "yaml",
}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the tree that git knows or would add."""
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
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


@cache
def text_of(path: Path) -> str:
    """Return the file's text; empty for what is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def short(path: Path) -> str:
    """Return the path as people write it."""
    return path.relative_to(ROOT).as_posix()


def python_files() -> tuple[Path, ...]:
    """Every Python file of packages and tests."""
    return tuple(path for path in tracked() if path.suffix == ".py")


def matches(pattern: str, files: tuple[Path, ...]) -> list[str]:
    """Return `file:line: text` of every line that matches."""
    expression = re.compile(pattern)
    return [
        f"{short(path)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if expression.search(line)
    ]


def modules_of(dotted: str) -> Iterator[Path]:
    """Yield the files of a module or package that exist by now."""
    base = ROOT.joinpath(*dotted.split("."))
    if base.with_suffix(".py").is_file():
        yield base.with_suffix(".py")
    yield from sorted(base.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level name of everything the file imports."""
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_the_tree_is_seen() -> None:
    """Guards the guards: a listing that finds nothing would pass every rule."""
    assert ROOT / "controller" / "model" / "ids.py" in python_files()
    assert Path(__file__) in python_files()


def test_no_python_file_is_too_long() -> None:
    """One idea a file; longer than 400 lines is two."""
    long = {
        short(path): lines
        for path in python_files()
        if (lines := len(text_of(path).splitlines())) > LINES_MAX
    }
    assert long == {}


def test_importing_the_model_does_not_drag_in_the_daemon() -> None:
    """`controller/__init__.py` stays empty."""
    assert text_of(ROOT / "controller" / "__init__.py") == ""


def test_top_level_is_fixed() -> None:
    """A new reader finds six folders, and no seventh."""
    seen = {short(path).partition("/")[0] for path in tracked()}
    assert {name for name in seen - TOP_LEVEL if not name.startswith(".")} == set()


def test_no_module_is_named_for_having_no_idea() -> None:
    bad = [
        short(path)
        for path in python_files()
        if NAMES_BANNED & set(path.with_suffix("").relative_to(ROOT).parts)
    ]
    assert bad == []


def test_nothing_waits_a_fixed_time() -> None:
    """Poll with a deadline: a fixed wait is too short on a bad day, else too long."""
    files = tuple(path for path in python_files() if short(path) not in SLEEP_ALLOWED)
    assert matches(r"\btime" + r"\.sleep\(", files) == []
    assert set(SLEEP_ALLOWED) <= {short(path) for path in python_files()}


def test_no_mocks() -> None:
    """Memory adapters under the contract suites instead."""
    assert matches(r"unittest(\.| import )" + "mock", python_files()) == []


def test_no_unfinished_business() -> None:
    words = "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3))
    assert matches(rf"\b({words})\b", tracked()) == []


@pytest.mark.parametrize("words", EXCEPTIONS_MAX)
def test_exceptions_only_become_fewer(words: str) -> None:
    """Each silenced rule is a debt; the sum may not grow."""
    files = tuple(path for path in python_files() if path != Path(__file__))
    found = matches(re.escape(words), files)
    assert len(found) <= EXCEPTIONS_MAX[words], "\n".join(found)


def test_no_path_of_one_machine() -> None:
    """What only exists on its author's machine works nowhere else."""
    homes = r"work|root|home/\w+|Users"
    assert matches(rf"(?<![\w.$}}/*-])/({homes})/", tracked()) == []


def test_no_package_index_is_named() -> None:
    """Where packages come from is the installing machine's business."""
    index = r"py" + r"pi\.(org|python\.org)|python" + r"hosted|-index-" + "url"
    allowed = {
        # Names the options in order to say that they must not be written.
        "deploy/assets/setup/lock.sh",
    }
    files = tuple(path for path in tracked() if short(path) not in allowed)
    assert matches(index, files) == []


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_import_nothing_impure(module: str) -> None:
    """No I/O, no clock, no randomness where decisions are made."""
    bad = {
        short(path): sorted(impure)
        for path in modules_of(module)
        if (impure := IMPURE_IMPORTS & set(imported(path)))
    }
    assert bad == {}
