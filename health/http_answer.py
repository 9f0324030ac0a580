"""What an HTTP answer must be, and whether one is: bytes in, a judgement out. Pure.

Parsing is llhttp's (httptools). An answer counts when it is whole: a server that sends
its headers and freezes is not alive. Only the first final answer counts (RFC 9110,
15.2: what is below 200 merely announces one); whatever follows it was not asked for.
"""

import re
from dataclasses import dataclass

import httptools

BODY_KEPT_BYTES = 65536
"""The wanted text is looked for in so much of the body."""

BYTES_MAX = (1 << 20) + 65536
"""A health page is small; more would make the probe the load. Headers count, too."""

ASKS_WHO = frozenset({401, 407})
"""Credentials are asked for, by the server or a proxy: that says nothing of its state.
"""


class NonsenseError(Exception):
    """What came is no HTTP, or too much of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAnswer:
    """status: the one that counts, so that a redirect does not. body: is in it.

    like: is found in it, where the text may be spaced in more than one way.
    """

    status: int = 200
    body: bytes = b""
    like: re.Pattern[bytes] | None = None


class AnswerReader:
    """Reads the bytes of one answer as they come."""

    __slots__ = (
        "_bytes",
        "_has_length",
        "_headed",
        "_kept",
        "_parser",
        "_status",
        "_wanted",
        "_whole",
        "keeps",
    )

    def __init__(self, wanted: WantedAnswer) -> None:
        self._wanted = wanted
        self._parser = httptools.HttpResponseParser(self)
        self._kept: bytearray | None = (
            bytearray() if wanted.body or wanted.like else None
        )
        self._bytes = self._status = 0
        self._headed = self._whole = self._has_length = False
        self.keeps = False
        """Whether the connection is as good as new: whole, and nothing behind it."""

    def feed(self, data: bytes) -> bool:
        """Take *data*; tell whether the answer is whole.

        Raises:
            NonsenseError: this will be no answer.
        """
        self._bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self.keeps = False
            if not self._whole:  # what follows a whole answer is not asked for
                raise NonsenseError(f"no HTTP answer: {error!r}") from error
        if self._bytes > BYTES_MAX and not self._whole:
            raise NonsenseError(f"the answer is larger than {BYTES_MAX} bytes")
        return self._whole

    def ended(self) -> bool:
        """Tell whether it is whole now that the server has closed.

        Without a length the end of the connection is the end of the body
        (RFC 9112, 6.3); what has a length and is shorter is not whole.
        """
        return self._whole or (self._headed and not self._has_length)

    @property
    def judgement(self) -> tuple[str, str]:
        """Return the failing phase and why; an empty phase: as it should be."""
        if self._status != self._wanted.status:
            if self._status in ASKS_WHO:
                return "auth", f"HTTP {self._status}: it asks who we are"
            return "status", f"HTTP {self._status}"
        if self._kept is not None and self._wanted.body not in self._kept:
            text = self._wanted.body.decode(errors="replace")
            return "body", f"HTTP {self._status} without {text!r}"
        like = self._wanted.like
        if like is not None and not like.search(self._kept or b""):
            return "body", f"HTTP {self._status} without {like.pattern.decode()}"
        return "", "answers"

    # ---- what the parser calls -----------------------------------------------------

    def on_message_begin(self) -> None:
        """Begin anew behind an announcement; behind the answer nothing may come."""
        if self._whole:
            self.keeps = False
        else:
            self._headed = self._has_length = False

    def on_header(self, name: bytes, _value: bytes) -> None:
        """Note that the body says how long it is."""
        if not self._whole and name.lower() in {
            b"content-length",
            b"transfer-encoding",
        }:
            self._has_length = True

    def on_headers_complete(self) -> None:
        """Note that only the body is missing."""
        status = self._parser.get_status_code()
        if not self._whole and status >= 200:
            self._headed, self._status = True, status

    def on_body(self, body: bytes) -> None:
        """Keep what the wanted text may be in."""
        kept = self._kept
        if not self._whole and kept is not None and len(kept) < BODY_KEPT_BYTES:
            kept += body

    def on_message_complete(self) -> None:
        """Be whole, if this was the answer and no announcement."""
        if self._headed and not self._whole:
            self._whole = True
            self.keeps = self._parser.should_keep_alive()
