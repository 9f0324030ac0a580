"""Files the database engines have in common: templates, option files, tools.

Owns copying and atomic laying of data directories and running an engine's
own tools with errors people can act on. Must not know one engine's options.
"""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from deploy.lab.engine import Account, InstanceSpec, LabError

SOCKET_PATH_BYTES_MAX = 107
"""`sun_path` of Linux, less its closing zero."""


def run_tool(
    argv: Sequence[str],
    *,
    timeout_s: float,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
) -> str:
    """Run one tool to its end and return what it printed.

    Args:
        argv: The command; never holds a secret (those go through *stdin*).
        timeout_s: Seconds until it is killed.
        stdin: Text fed to it.
        env: Environment added to our own.

    Raises:
        LabError: It is missing, failed or took too long; with its last lines.
    """
    try:
        ended = subprocess.run(
            argv,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            env={**os.environ, **(env or {})},
        )
    except (FileNotFoundError, PermissionError) as missing:
        # Not permitted: PATH names a directory this user may not search.
        raise LabError(f"{argv[0]} is not installed: {missing}") from missing
    except subprocess.TimeoutExpired as late:
        raise LabError(f"{argv[0]} did not end within {timeout_s:g} s") from late
    if ended.returncode != 0:
        last = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-8:])
        raise LabError(f"{argv[0]} failed with exit code {ended.returncode}:\n{last}")
    return ended.stdout


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive file lock; the kernel drops it when we die."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure_built(target: Path, build: Callable[[Path], None]) -> Path:
    """Return *target*, built once by *build* in a neighbour and renamed.

    Safe against a crash (half a build is thrown away by the next one) and
    against a second process building the same thing.
    """
    if target.is_dir():
        return target
    with _locked(target.with_name(f"{target.name}.lock")):
        if target.is_dir():
            return target
        half = target.with_name(f"{target.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        build(half)
        half.rename(target)
    return target


def copy_tree(source: Path, target: Path) -> None:
    """Copy a data directory, holes kept; some 25 MB in 20 ms."""
    run_tool(
        ["cp", "-r", "--sparse=always", "--reflink=auto", str(source), str(target)],
        timeout_s=60,
    )


def lay_data(home: Path, lay: Callable[[Path], None]) -> None:
    """Have *lay* fill `data/` of *home*; it appears complete or not at all.

    Raises:
        LabError: There is a data directory already; it is never overwritten.
    """
    final = home / "data"
    if final.exists():
        raise LabError(f"{final} exists; move it away before laying an empty one")
    home.mkdir(parents=True, exist_ok=True)
    half = home / "data.half"
    shutil.rmtree(half, ignore_errors=True)
    try:
        lay(half)
        half.rename(final)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def socket_path(instance: InstanceSpec) -> Path:
    """Return the instance's Unix socket.

    Raises:
        LabError: The path is longer than the kernel allows.
    """
    path = instance.home / "db.sock"
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES_MAX:
        raise LabError(
            f"{path} is too long for a Unix socket "
            f"({SOCKET_PATH_BYTES_MAX} bytes at most): use a shorter lab directory"
        )
    return path


def drop_stale_socket(instance: InstanceSpec) -> None:
    """Remove the socket, lock and pid file a killed server left behind.

    MySQL refuses to start when its old lock file names a process id that
    exists again. Nothing is touched while somebody listens on the socket.
    """
    path = socket_path(instance)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            pass
        else:
            return
    for stale in (path, path.with_name("db.sock.lock"), instance.home / "db.pid"):
        stale.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write *text* so that only its owner may read it; atomic by rename."""
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    half.rename(path)


def render_options(sections: Mapping[str, Mapping[str, object]]) -> str:
    """Render an option file; `None` makes a bare word."""
    lines: list[str] = []
    for section, options in sections.items():
        lines.append(f"[{section}]")
        lines += [
            key if value is None else f"{key}={value}" for key, value in options.items()
        ]
    return "\n".join(lines) + "\n"


def server_user() -> dict[str, object]:
    """Return the option both servers demand of root, and only of root."""
    return {"user": "root"} if os.geteuid() == 0 else {}


def sql_text(value: str) -> str:
    r"""Quote *value* as an SQL string (default SQL mode: `\` escapes).

    Raises:
        LabError: It holds a line break or a zero, which no account needs.
    """
    if any(character in value for character in "\n\r\0"):
        raise LabError("an account's name or password holds a line break")
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def accounts_file(account: Account) -> str:
    """Render the option file a backup tool reads its account from.

    Write it with `write_private`; the password never reaches argv.
    """
    quoted = account.password.replace("\\", "\\\\").replace('"', '\\"')
    return f'[client]\nuser={account.user}\npassword="{quoted}"\n'
