"""Golden stories: what the journal says of an incident, word for word.

A changed transcript is a changed behaviour: commit it only when you can say why.
"""

from pathlib import Path

import pytest

from controller.model.errors import ConfigError
from controller.rehearsal.story import load_story, parse_story, render_story, tell_story

STORIES = sorted(Path(__file__).parent.glob("*.story"))


@pytest.mark.parametrize("path", STORIES, ids=lambda p: p.stem)
def test_the_story_is_told_as_written(path: Path, *, rewrite: bool) -> None:
    """The same commands, the same transcript, no promise broken."""
    story = load_story(path)
    told = tell_story(story)
    if rewrite:
        path.write_text(render_story(story, told), encoding="utf-8")
        return
    assert told == story.expected
    assert "BROKEN" not in told


@pytest.mark.parametrize("path", STORIES[:3], ids=lambda p: p.stem)
def test_a_story_is_the_same_every_time(path: Path) -> None:
    """Nothing but the story decides what happens."""
    story = load_story(path)
    assert tell_story(story) == tell_story(story)


def test_stories_are_found() -> None:
    assert len(STORIES) >= 13


@pytest.mark.parametrize(
    "text", ["set nonsense=1\n", "set cooldown_s=soon\n", "jump a\n", "kill nowhere\n"]
)
def test_a_bad_line_is_named(text: str) -> None:
    """A typing error is one clear line."""
    with pytest.raises(ConfigError, match=r"\w+"):
        tell_story(parse_story(f"{text}\n----\n"))
