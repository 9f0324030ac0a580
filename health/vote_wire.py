"""Votes as bytes; whatever else comes is refused with a reason. Pure."""

import json
from collections.abc import Mapping

from health.votes import Says, Vote, Word

VERSION = 1
BYTES_MAX = 65_536


def render_vote(vote: Vote) -> bytes:
    """Return *vote* as JSON."""
    tree = {
        "v": VERSION,
        "observer": vote.observer,
        **_word(vote.word),
        "fit": vote.fit,
        "age_s": round(vote.age_s, 3),
        "says": {subject: said.value for subject, said in vote.says.items()},
        "heard": {who: _word(word) for who, word in vote.heard.items()},
    }
    return json.dumps(tree, separators=(",", ":")).encode()


def parse_vote(told: bytes) -> Vote:
    """Return the vote in *told*.

    Raises:
        ValueError: it is no vote of this version.
    """
    if len(told) > BYTES_MAX:
        raise ValueError(f"{len(told)} bytes are no vote")
    try:
        tree = json.loads(told)
    except RecursionError as error:
        raise ValueError("no vote: nested too deep") from error
    if not isinstance(tree, Mapping) or tree.get("v") != VERSION:
        raise ValueError("no vote of this version")
    try:
        return Vote(
            observer=_text(tree["observer"]),
            word=_parsed_word(tree),
            fit=_flag(tree["fit"]),
            age_s=_number(tree["age_s"]),
            says={s: Says(said) for s, said in tree["says"].items()},
            heard={who: _parsed_word(word) for who, word in tree["heard"].items()},
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"no vote: {error!r}") from error


def _word(word: Word) -> Mapping[str, object]:
    return {"boot": word.boot, "seq": word.seq}


def _parsed_word(tree: Mapping[str, object]) -> Word:
    return Word(boot=_text(tree["boot"]), seq=_whole(tree["seq"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no number")
    return float(value)
