"""Stories: an incident as commands, and below a line exactly what was journalled.

    # what it is about
    set proofs=acks_revoked,sql
    kill a
    run-for 10s
    ----
       0.0s story    kill a
       …

`set` lines come first and change `Settings`: engine, mode, durability, write_dead,
zone_errors, proofs, granted and observers (comma separated), without_quorum,
promotion (`b:never,c:prefer`), and any number such as cooldown_s or pause_max_s. Every
story begins with a as primary, b as its replica, protected, and c as spare, or as a
second replica with `set replicas=2`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from controller.act.virtual import run_virtual
from controller.decide.facts import Mode
from controller.model.commands import Proof
from controller.model.errors import ConfigError
from controller.model.ids import ZoneId
from controller.rehearsal.checkers import broken_promises
from controller.rehearsal.commands import perform
from controller.rehearsal.play import Play
from controller.rehearsal.run_seed import until_well
from controller.rehearsal.site import RehearsalSite, Settings
from controller.rehearsal.transcript import transcript
from replication.adapters.memory import Engine

LINE = "----"
FOLDER = Path("tests/story")
HORIZON_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story file: its head as written, the commands, the transcript."""

    head: str
    settings: Settings
    commands: tuple[str, ...]
    expected: str


def load_story(path: Path) -> Story:
    """Read *path*, or the story of that name; raises `ConfigError` when it cannot."""
    named = FOLDER / path.with_suffix(".story").name
    for candidate in (path, named):
        if candidate.is_file():
            return parse_story(candidate.read_text(encoding="utf-8"))
    raise ConfigError([f"no story {path}, and no {named}"])


def parse_story(text: str) -> Story:
    """Return the story of *text*; raises `ConfigError` naming the bad line."""
    head, _, expected = text.partition(f"\n{LINE}\n")
    lines = [line.strip() for line in head.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    settings = Settings()
    for line in (x for x in lines if x.startswith("set ")):
        settings = _with(settings, line.removeprefix("set ").strip())
    return Story(
        head=head,
        settings=settings,
        commands=tuple(x for x in lines if not x.startswith("set ")),
        expected=expected,
    )


def tell_story(story: Story) -> str:
    """Play *story* and return its transcript, broken promises at the end."""
    return run_virtual(_tell(story), horizon_s=HORIZON_S)


def render_story(story: Story, transcript_text: str) -> str:
    """Return the file's text with another transcript."""
    return f"{story.head}\n{LINE}\n{transcript_text}"


async def _tell(story: Story) -> str:
    site = RehearsalSite(story.settings)
    play = Play(site)
    await play.begin()
    if story.settings.mode is not Mode.OBSERVE:
        await until_well(play)
    for line in story.commands:
        await perform(play, line)
    await play.end()
    case = site.case()
    broken = "".join(
        f"BROKEN  {name}: {text}\n"
        for name, found in broken_promises(case).items()
        for text in found
    )
    return transcript(case) + broken


def _proofs(text: str) -> tuple[Proof, ...]:
    return tuple(Proof(name) for name in text.split(","))


def _durability(text: str) -> str:
    if text not in {"none", "semi_sync"}:
        raise ValueError("none or semi_sync")
    return text


def _write_dead(text: str) -> str:
    if text not in {"hold", "failover"}:
        raise ValueError("hold or failover")
    return text


def _without_quorum(text: str) -> str:
    if text not in {"second_vantage", "hold"}:
        raise ValueError("second_vantage or hold")
    return text


def _zone_errors(text: str) -> str:
    if text not in {"hold", "switchover"}:
        raise ValueError("hold or switchover")
    return text


READERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "engine": Engine,
        "mode": Mode,
        "proofs": _proofs,
        "durability": _durability,
        "granted": lambda text: tuple(ZoneId(zone) for zone in text.split(",")),
        "interval_s": float,
        "timeout_s": float,
        "seeding_s": float,
        "cooldown_s": float,
        "retry_s": float,
        "pause_max_s": float,
        "transaction_max_s": float,
        "lag_max": int,
        "flips": int,
        "moves": int,
        "within_s": float,
        "quarantine_s": float,
        "self_fence_s": float,
        "observers": lambda text: tuple(text.split(",")),
        "without_quorum": _without_quorum,
        "write_dead": _write_dead,
        "zone_errors": _zone_errors,
        "zone_errors_s": float,
        "acks": int,
        "replicas": int,
        "unapplied_max": int,
        "promotion": lambda text: dict(
            rule.partition(":")[::2] for rule in text.split(",")
        ),
    }
)


def _with(settings: Settings, text: str) -> Settings:
    key, _, value = text.partition("=")
    if key not in READERS:
        raise ConfigError([f"set {text}: unknown; one of {', '.join(READERS)}"])
    try:
        return replace(settings, **{key: READERS[key](value)})  # type: ignore[arg-type]
    except ValueError as error:
        raise ConfigError([f"set {text}: {error}"]) from error
