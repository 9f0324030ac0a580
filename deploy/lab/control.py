"""Talking to a zone's supervisor: one JSON line there, one back."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path

SOCKET_NAME = "control.sock"
SOCKET_PATH_BYTES_MAX = 107
_ANSWER_BYTES_MAX = 1 << 20


class NoAnswerError(Exception):
    """The supervisor is dead, frozen or too slow; what it did is unknown.

    sent: whether the request left us before that.
    """

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


def ask(
    zone_dir: Path, request: str, *, timeout_s: float = 2.0
) -> Mapping[str, object]:
    """Send *request* to the zone's supervisor and return its answer.

    Raises:
        NoAnswerError: no complete answer came within *timeout_s*.
    """
    sent = False
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(timeout_s)
            line.connect(str(zone_dir / SOCKET_NAME))
            sent = True
            line.sendall(json.dumps({"do": request}).encode() + b"\n")
            with line.makefile("rb") as stream:
                answer = stream.readline(_ANSWER_BYTES_MAX)
        found = json.loads(answer)
    except (OSError, ValueError) as error:
        raise NoAnswerError(f"{zone_dir.name}: {error}", sent=sent) from error
    if not isinstance(found, dict):
        raise NoAnswerError(f"{zone_dir.name}: answered {found!r}", sent=sent)
    return found
