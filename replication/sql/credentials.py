"""Who we are to a server, while passwords change under us.

A password is read again before every connection, so a changed file needs no
restart; connections that stand go on. While server and file disagree, in either
order, the one before is tried too: a rotation is never seen as a lost server.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Credentials:
    """A database account; the password never reaches logs or repr.

    password: the newest one that was read. read: where it comes from, asked before
    every connection; raises `OSError` or `ValueError` when it cannot tell now, and
    then the last one stays. None: it never changes.
    """

    user: str
    password: str = field(repr=False)
    read: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    _before: str | None = field(default=None, repr=False, compare=False, init=False)
    _worked: str | None = field(default=None, repr=False, compare=False, init=False)

    def for_another(self) -> "Credentials":
        """Return the same account at another server.

        That one may be at another point of a rotation: what it takes is noted apart,
        and makes nobody forget a password that is still needed here.
        """
        return copy(self)

    def offered(self) -> Sequence[str]:
        """Return what to try, in this order: a new one once, then what worked.

        At most two. A password that was refused and did not change since is not
        tried first again: refusals are counted by some servers.
        """
        fresh = self._refresh()
        tries = [self.password, self._before]
        if not fresh and self._worked is not None and self._worked != self.password:
            tries.reverse()
        return [password for password in tries if password is not None]

    def worked(self, password: str) -> None:
        """Note that the server took *password*; the one before is then forgotten."""
        self._worked = password
        if password == self.password:
            self._before = None

    def newest(self) -> str:
        """Return the newest password, for a statement that hands it to a server."""
        self._refresh()
        return self.password

    def _refresh(self) -> bool:
        """Read again; tell whether another one was found."""
        if self.read is None:
            return False
        try:
            password = self.read()
        except (OSError, ValueError):
            return False
        if not password or password == self.password:
            return False
        self._before = self._worked or self.password
        self.password = password
        return True
