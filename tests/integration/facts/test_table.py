"""The package's table names every test of it, and no test that is not there."""

import ast
import re
from pathlib import Path

from tests.integration import facts

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
NO_FACTS = {"test_sweeping.py", "test_table.py"}


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    return {f.name for f in functions if f.name.startswith("test_")}


def test_every_fact_is_in_the_table_once_and_exists() -> None:
    """Who reads the table finds the test; who adds a test is reminded of it."""
    assert facts.__doc__ is not None
    named = re.findall(r"\btest_\w+", facts.__doc__)
    assert len(named) == len(set(named))
    facts_files = [p for p in HERE.glob("test_*.py") if p.name not in NO_FACTS]
    here = set().union(*map(names_in, facts_files))
    assert here - set(named) == set()
    anywhere = set().union(*(names_in(p) for p in TESTS.rglob("*.py")))
    assert set(named) - anywhere == set()
