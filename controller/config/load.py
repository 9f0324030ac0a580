"""YAML text to a checked `Site`. Every problem names file, line and key.

The tree is read through PyYAML's nodes, so that repeated keys, keys that are
not text and YAML 1.1's guesses (`no` for a zone called no) are refused with a
line instead of being guessed at.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from controller.config.budget import budget_problems
from controller.config.schema import Site
from controller.config.shapes import Strict
from controller.model.errors import ConfigError

M = TypeVar("M", bound=Strict)
Place = tuple[str | int, ...]
_TEXT = "tag:yaml.org,2002:str"


def load_site(path: Path) -> Site:
    """Return the configuration of *path*; raise `ConfigError` with every problem."""
    return parse_site(read_text(path), name=str(path))


def read_text(path: Path) -> str:
    """Return what a file says; raise `ConfigError` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: cannot read it: {error}"]) from error


def parse_site(text: str, *, name: str) -> Site:
    """Return the configuration in *text*; *name* is what problems call the file."""
    return parse_as(
        Site,
        text,
        name=name,
        also=lambda site: [f"{name}: {p}" for p in budget_problems(site)],
    )


def parse_as(
    model: type[M],
    text: str,
    *,
    name: str,
    also: Callable[[M], list[str]] = lambda _: [],
) -> M:
    """Return *text* as a *model*; raise `ConfigError` with every problem at once.

    also: what the checked tree promises and cannot keep, in whole sentences.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ConfigError([f"{name}: {_flat(error)}"]) from error
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError([f"{name}:1: the top level must be a mapping of keys"])
    lines: dict[Place, int] = {}
    problems = [f"{name}:{line}: {what}" for line, what in _walk(root, (), lines)]
    tree = yaml.safe_load(text)
    try:
        found = model.model_validate(tree)
    except ValidationError as error:
        problems += [p for e in error.errors() for p in _problems(name, e, lines)]
        raise ConfigError(problems) from None
    problems += also(found)
    if problems:
        raise ConfigError(problems)
    return found


def _flat(error: Exception) -> str:
    return " ".join(str(error).split())


def _walk(
    node: yaml.Node, place: Place, lines: dict[Place, int]
) -> Iterator[tuple[int, str]]:
    """Note the line of every place; yield keys that repeat or are not text."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _walk(item, (*place, number), lines)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.tag != _TEXT:
            yield line, f"key {key.value!r} is not text for YAML: put it in quotes"
        if key.value in seen:
            yield line, f"key {key.value!r} stands here twice: keep one"
        seen.add(key.value)
        lines[(*place, key.value)] = line
        yield from _walk(value, (*place, key.value), lines)


def _problems(
    name: str, error: ErrorDetails, lines: Mapping[Place, int]
) -> Iterator[str]:
    """Yield a line for each thing that is wrong.

    A check that spans keys says several at once, each beginning with its key.
    """
    place: Place = tuple(p for p in error["loc"] if p != "[key]")
    advice = _advice(error)
    if error["type"] != "value_error":
        yield _problem(name, place, advice, lines)
        return
    for sentence in advice.split("\n"):
        key, colon, rest = sentence.partition(": ")
        inner: Place = (*place, *key.split("."))
        if colon and inner in lines:
            yield _problem(name, inner, rest, lines)
        else:
            yield _problem(name, place, sentence, lines)


def _problem(name: str, place: Place, advice: str, lines: Mapping[Place, int]) -> str:
    line = next(
        (lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 1
    )
    key = ".".join(str(p) for p in place) or "file"
    return f"{name}:{line}: {key}: {advice}"


def _advice(error: ErrorDetails) -> str:
    """Return what is wrong and what would be right, in a line."""
    kind, given = error["type"], error.get("input")
    if kind == "extra_forbidden":
        return "unknown key; remove it or correct its spelling"
    if kind == "missing":
        return "is missing; deploy/assets/example.yaml shows it"
    message = error["msg"].removeprefix("Value error, ")
    if isinstance(given, str | int | float | bool):
        return f"{message}; got {given!r}"
    return message
