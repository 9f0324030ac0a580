"""A real Mosquitto of our own, in a directory of its own, ended by its pid."""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.certificates import Authority

ADDRESS = "127.0.0.1"
USER, PASSWORD = "sitedr", "a b:c"


@dataclass(slots=True, kw_only=True)
class Mosquitto:
    """One broker, and its files in *home*; started and killed as often as one likes.

    port: 0: any that is free. secure: with TLS. open_to_all: who has no password may
    write, too.
    """

    home: Path
    address: str = ADDRESS
    port: int = 0
    secure: bool = False
    open_to_all: bool = False
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind((self.address, 0))
                self.port = probe.getsockname()[1]
        passwords = self.home / "passwords"
        subprocess.run(
            ["mosquitto_passwd", "-b", "-c", passwords, USER, PASSWORD],
            check=True,
            capture_output=True,
            env=_environment(),
        )
        anonymous = "true" if self.open_to_all else "false"
        lines = [f"listener {self.port} {self.address}", f"allow_anonymous {anonymous}"]
        lines += [f"password_file {passwords}", "persistence false"]
        if os.geteuid() == 0:
            lines.append("user root")  # else it drops to a user that reads nothing here
        if self.secure:
            signed = Authority(self.home).sign("broker", self.address)
            lines += [f"certfile {signed.certificate}", f"keyfile {signed.key}"]
        self._settings.write_text("\n".join(lines) + "\n")

    @property
    def _settings(self) -> Path:
        return self.home / "mosquitto.conf"

    def start(self) -> None:
        """Start it; it may take a moment until it listens."""
        self.process = subprocess.Popen(
            ["mosquitto", "-c", str(self._settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    def listens(self) -> bool:
        """Tell whether it takes a connection."""
        with socket.socket() as probe:
            return probe.connect_ex((self.address, self.port)) == 0

    def kill(self) -> None:
        """SIGKILL it, as a crash would; nothing when it does not run."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
