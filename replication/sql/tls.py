"""TLS to a database server: one context, made once, and again when its files change.

Making one costs 40 ms and a connection must be cheap; but certificates expire, and
a renewed one is to be used without a restart.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path


class NoTlsError(Exception):
    """The server speaks no TLS; nothing, no password either, was sent to it."""

    def __init__(self) -> None:
        super().__init__("the server offers no TLS, and the configuration demands it")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaTls:
    """What a replica is told for its connection to the source.

    Paths are on the replica's own machine, the same on every one.
    """

    ca: str
    verify_name: bool = True
    certificate: str | None = None
    key: str | None = None


@dataclass(slots=True, kw_only=True)
class Tls:
    """Which authority signs the servers' certificates, and who we are to them.

    verify_name: the name or address we connect to must stand in the certificate.
    certificate, key: our own, where a server asks for one.
    """

    ca: Path
    verify_name: bool = True
    certificate: Path | None = None
    key: Path | None = None
    _made: ssl.SSLContext | None = field(default=None, init=False, repr=False)
    _from: tuple[object, ...] = field(default=(), init=False, repr=False)

    def context(self) -> ssl.SSLContext:
        """Return the context; half-written files leave the one before in use.

        Raises:
            OSError: A file cannot be read, and there was no context before.
            ssl.SSLError: A file holds no certificate or key, likewise.
        """
        try:
            now = tuple(self._seen(path) for path in self._files())
            if self._made is None or now != self._from:
                self._made, self._from = self._make(), now
        except OSError:  # of which SSLError is one
            if self._made is None:
                raise
        return self._made

    def _files(self) -> list[Path]:
        return [p for p in (self.ca, self.certificate, self.key) if p is not None]

    def _seen(self, path: Path) -> object:
        at = path.stat()
        return at.st_ino, at.st_size, at.st_mtime_ns

    def _make(self) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=self.ca)
        made.check_hostname = self.verify_name
        if self.certificate is not None:
            made.load_cert_chain(self.certificate, self.key)
        return made


def is_distrust(error: BaseException | None) -> bool:
    """Tell whether a connection failed because one side did not trust the other.

    An expired or unknown certificate says nothing about the server being up.
    """
    while error is not None:
        if isinstance(error, NoTlsError | ssl.SSLCertVerificationError):
            return True
        if isinstance(error, ssl.SSLError) and "ALERT" in str(
            getattr(error, "reason", "")
        ):
            return True
        error = error.__cause__
    return False
