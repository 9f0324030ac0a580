"""`sitedr grants`: the accounts a site's databases need, as SQL to be read first."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from controller.cli.show import JSON
from controller.config.load import load_site
from controller.config.schema import Account, Site
from replication.grants import Role, statements

_USERS: Mapping[Role, str] = {
    Role.PROBE: "sitedr_probe",
    Role.CONTROLLER: "sitedr",
    Role.REPLICATION: "repl",
    Role.CLONE: "sitedr_clone",
}

_HELP = """Print the statements that make the accounts of a site, least privileged.

One statement a privilege, with the reason beside it. It asks no server and
knows no secret: a password is a placeholder, or with --config the name of the
file or variable that holds it. Read it, put the passwords in, and run it on
the primary, as an administrator: replicas get it by replication.

\b
Accounts:
  controller   fences, promotes, attaches; required
  replication  what a replica is to its source; required
  probe        `accounts.probe`: looks, many times a second; optional
  clone        `accounts.clone`: reads a whole server for a new replica;
               optional (MySQL). On MariaDB it is for mariadb-backup, which
               your own provisioning runs

`sitedr doctor` measures the accounts of your servers by the same table.
"""


@click.command("grants", help=_HELP)
@click.option("--engine", type=click.Choice(["mariadb", "mysql"]), help="Or --config.")
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    help="Take engine, user names and references from this site's file.",
)
@click.option(
    "--account",
    type=click.Choice([role.value for role in Role]),
    help="Only this one (default: every one).",
)
@click.option(
    "--host", default="%", show_default=True, help="Where they connect from, as in SQL."
)
@JSON
def grants(
    engine: str | None,
    config: Path | None,
    account: str | None,
    host: str,
    *,
    as_json: bool,
) -> None:
    """Print the statements that make the accounts of a site, least privileged."""
    site = load_site(config) if config else None
    engine = engine or (site.engine if site else None)
    if engine is None:
        raise click.UsageError("which engine? --engine or --config")
    roles = [Role(account)] if account else list(_roles(site))
    rows = [
        {"account": role.value, "statement": statement, "why": why}
        for role in roles
        for statement, why in statements(
            engine,
            role,
            user=_user(role, site),
            host=host,
            password=_placeholder(role, site),
        )
    ]
    if as_json:
        tree = {"command": "grants", "engine": engine, "rows": rows}
        click.echo(json.dumps(tree, indent=2))
    else:
        click.echo("\n".join(_listed(rows)))


def _roles(site: Site | None) -> Iterator[Role]:
    """Yield every account, or those the site's file names."""
    for role in Role:
        if site is None or _account(role, site) is not None:
            yield role


def _account(role: Role, site: Site | None) -> Account | None:
    found: Account | None = getattr(site.accounts, role.value) if site else None
    return found


def _user(role: Role, site: Site | None) -> str:
    account = _account(role, site)
    return account.user if account else _USERS[role]


def _placeholder(role: Role, site: Site | None) -> str:
    account = _account(role, site)
    return f"<{account.password}>" if account else f"<password of {_USERS[role]}>"


def _listed(rows: list[dict[str, str]]) -> Iterator[str]:
    before = ""
    for row in rows:
        if row["account"] != before:
            yield f"{'' if not before else chr(10)}-- {row['account']}: {row['why']}"
            yield f"{row['statement']};"
            before = row["account"]
        else:
            yield f"{row['statement']};  -- without: {row['why']}"
