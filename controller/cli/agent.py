"""`sitedr agent`: what runs beside a zone's database, and the orders it takes."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import click

from controller.config.agent import AgentFile, load_agent
from controller.model.errors import ConfigError
from controller.model.outcomes import Done, Outcome
from deploy.agent.client import AgentClient

RunAgent = Callable[[AgentFile, Path], None]
CheckAgent = Callable[[AgentFile, Path], Coroutine[Any, Any, list[tuple[str, str]]]]
OrderAgent = Callable[
    [AgentFile, Path, Callable[[AgentClient], Awaitable[Outcome]]],
    Coroutine[Any, Any, Outcome],
]

_HELP = """Run the agent of one zone, beside its database.

\b
  sitedr agent -c agent.yaml --check     is everything it needs there?
  sitedr agent -c agent.yaml             run it, until SIGTERM or Ctrl-C
  sitedr agent stop-database -c F --why  end clients in order, then SIGKILL
  sitedr agent start-database -c F       let it boot again, read-only

\b
What it does:
  fences on order   the controller's order kills the database and keeps it
                    down, also over a restart of the agent or the machine;
                    older epochs are refused. That is fence proof (a) where
                    there is no hypervisor.
  boots safely      a database that comes up writable or receiving without
                    an order is reported and closed.
  self-fence        with `self_fence_after_s` it ends a primary that neither
                    the controller nor any other zone's agent has renewed for
                    so long: fence proof (d). Losing the controller alone, or
                    the other zones alone, stops nothing, and a replica is
                    never ended. A guard process does the same should the
                    agent itself die or freeze.
  observes          with `observe` it probes every zone's database, origin and
                    redis and votes over MQTT. Where the site file has
                    `observers`, nothing fails over by itself unless most
                    of those expected see the primary down. A vote is not
                    counted while the agent's own loop stands still.
  stops in order    SIGTERM (the machine shuts down) ends a primary's clients
                    first and then kills it: an orderly shutdown would
                    acknowledge commits that exist nowhere else. SIGINT, or
                    `on_term: leave`, leaves the database alone, once the
                    controller has on record that this agent is not armed
                    any more; does it not answer for 5 s, the guard still
                    ends a primary unless an agent is started again in time.

`deploy/assets/agent.yaml` explains every key. Who has the token may end the
database: keep its port on the network between the zones.
"""

CONFIG = click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    help="The agent's YAML file (deploy/assets/agent.yaml explains every key).",
)


def _load(config: Path | None, zone: str = "") -> tuple[AgentFile, Path]:
    if config is None:
        raise click.UsageError("say which agent: -c agent.yaml")
    file = load_agent(config)
    if zone and zone != file.zone:
        raise ConfigError([f"{config}: is of zone {file.zone}, not of {zone}"])
    return file, config.absolute()


def agent_command(run: RunAgent, check: CheckAgent, order: OrderAgent) -> click.Group:
    """Return the commands; what they start is the composition root's."""

    @click.group(help=_HELP, invoke_without_command=True)
    @CONFIG
    @click.option("--zone", default="", help="Refuse a file of another zone.")
    @click.option("--check", "only_check", is_flag=True, help="Ask, change nothing.")
    @click.pass_context
    def agent(
        ctx: click.Context, config: Path | None, zone: str, *, only_check: bool
    ) -> None:
        """Run the agent of one zone, beside its database."""
        if ctx.invoked_subcommand is not None:
            ctx.obj = config
            return
        file, path = _load(config, zone)
        if not only_check:
            run(file, path)
            return
        found = asyncio.run(check(file, path))
        for name, problem in found:
            click.echo(f"{'NO ' if problem else 'ok '} {name} {problem}".rstrip())
        if any(problem for _, problem in found):
            sys.exit(1)

    @agent.command("stop-database")
    @CONFIG
    @click.option("--why", required=True, help="A reason, for the agent's log.")
    @click.pass_obj
    def stop_database(outer: Path | None, config: Path | None, why: str) -> None:
        """End the database's clients in order, then SIGKILL; it stays down.

        Never an orderly shutdown: MySQL acknowledges what still waits then.
        """
        file, path = _load(config or outer)
        told = asyncio.run(order(file, path.parent, lambda a: a.stop_database(why)))
        _tell(told, "stopped, and kept down")

    @agent.command("start-database")
    @CONFIG
    @click.option("--fenced", is_flag=True, help="Also one that was fenced on order.")
    @click.pass_obj
    def start_database(
        outer: Path | None, config: Path | None, *, fenced: bool
    ) -> None:
        """Let the database boot, read-only; only the controller opens it."""
        file, path = _load(config or outer)
        told = asyncio.run(
            order(file, path.parent, lambda a: a.start_database(fenced=fenced))
        )
        _tell(told, "started, read-only")

    return agent


def _tell(outcome: Outcome, done: str) -> None:
    if isinstance(outcome, Done):
        click.echo(done)
        return
    click.echo(f"{type(outcome).__name__.lower()}: {outcome.reason}", err=True)
    sys.exit(1)
