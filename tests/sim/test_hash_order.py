"""A run is decided by its seed alone, never by the order of a set of names.

Python hashes names with a secret of each process (`PYTHONHASHSEED`), so what comes
out of a set in one process comes out otherwise in the next: a seed that broke a
promise once could not be replayed.
"""

import os
import subprocess
import sys

import pytest

TELL = """
from controller.rehearsal.run_seed import run_seed
from controller.rehearsal.story import parse_story, tell_story
from controller.rehearsal.transcript import transcript

for story in {stories!r}:
    print(tell_story(parse_story(story)))
for seed in range({seeds}):
    case = run_seed(seed)[1].case()
    print(transcript(case), case.rows.keys(), case.routes)
"""

TWO_SAY_NO = """
set replicas=2
run-for 5s
order b freeze refused
order c freeze refused
kill a
run-for 8s
----
"""
"""Two ackers refuse one order: who is named first?"""

SEEDS = 10
HASHING = ("1", "2", "3", "4")
"""Two secrets may agree about two names by chance, four hardly do."""


@pytest.mark.timeout(60)
def test_a_run_is_the_same_under_every_hash_of_names() -> None:
    """Whoever replays a seed in another process sees the same run."""
    script = TELL.format(stories=(TWO_SAY_NO,), seeds=SEEDS)
    command = [sys.executable, "-c", script]
    told = set()
    for hashing in HASHING:
        env = {**os.environ, "PYTHONHASHSEED": hashing}
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "freeze refused: db-b: the server said no; db-c" in done.stdout
        told.add(done.stdout)
    assert len(told) == 1
