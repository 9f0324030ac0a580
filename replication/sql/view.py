"""From the rows a server answers with to a `ServerView`; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from controller.model.ids import BootId, Epoch, ServerId
from replication.ports import Receiving, ServerView, SourceSide
from replication.sql.session import AUTH_CODES, Row
from replication.statements import Dialect

_RECEIVING = {
    "Yes": Receiving.YES,
    "Connecting": Receiving.CONNECTING,
    "Preparing": Receiving.CONNECTING,  # MariaDB, before the first attempt
}

_TLS_FAILED = 2026
_FILE_BITS = 40
"""Room for a position inside one binary log below the file's number."""

_WORD = 1 << 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A view, and what only the adapters look at.

    by_gtid: the receiver asks its source by GTID.
    offline: MySQL's offline mode.
    error: what stopped the receiver or the applier, "" when nothing did.
    distrusted: source and receiver do not take each other's password or certificate.
    """

    view: ServerView
    by_gtid: bool
    offline: bool
    error: str
    distrusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The rows of one batch of questions."""

    variables: Row
    status: Sequence[Row]
    replicas: Sequence[Row]  # one a channel
    epoch: int


def sight_of(server: ServerId, dialect: Dialect, said: Said) -> Sight:
    """Read one server's answers.

    The boot id is the second the process started in, which both servers give
    exactly when the clock and the uptime are read by one statement, with the
    server's own identity. Two starts within one second look the same: nothing
    may rely on a boot id before `uptime_s` is 2.

    `heartbeats` moves with every heartbeat and with every event received, for a
    busy source sends none.
    """
    facts, replica = said.variables, _ours(dialect, said.replicas)
    sources = (_source(dialect, row) for row in said.replicas)
    status = {str(row["name"]): str(row["value"]) for row in said.status}
    uptime_s = _signed(int(status["UPTIME"]))
    now = max(int(row["now"]) for row in said.status)
    view = ServerView(
        server=server,
        boot_id=BootId(f"{facts['who']}@{now - uptime_s}"),
        uptime_s=float(abs(uptime_s)),
        writable=not facts["read_only"],
        epoch=Epoch(said.epoch),
        source=_source(dialect, replica),
        receiving=_receiving(dialect, replica),
        applying=replica is not None and replica[dialect.applier_running] == "Yes",
        received=_tidy(replica[dialect.received]) if replica else "",
        executed=_tidy(facts["executed"]),
        heartbeats=int(status.get("SLAVE_RECEIVED_HEARTBEATS", "0"))
        + _progress(dialect, replica),
        source_side=SourceSide(
            required=bool(facts["required"]),
            active=status[dialect.acks_active].upper() == "ON",
            receivers=int(status[dialect.acks_receivers]),
            waiters=int(status[dialect.acks_waiters]),
            acks=int(facts["acks"]),
        ),
        crowded=int(status.get("THREADS_CONNECTED", "0")) >= facts["connections_max"],
        sources=tuple(source for source in sources if source is not None),
        version=str(facts["version"]),
        origin=str(facts["who"]),
    )
    by_gtid = replica is not None and str(replica[dialect.by_gtid]) == (
        dialect.by_gtid_value
    )
    return Sight(
        view=view,
        by_gtid=by_gtid,
        offline=bool(facts["offline"]),
        error=_error(replica),
        distrusted=_distrusted(replica),
    )


def _ours(dialect: Dialect, replicas: Sequence[Row]) -> Row | None:
    """Return the row of the unnamed channel, or of the first there is."""
    named = sorted(replicas, key=lambda row: bool(row.get(dialect.channel)))
    return named[0] if named else None


def _source(dialect: Dialect, replica: Row | None) -> str | None:
    if replica is None or not replica[dialect.source_host]:
        return None
    return f"{replica[dialect.source_host]}:{replica[dialect.source_port]}"


def _receiving(dialect: Dialect, replica: Row | None) -> Receiving:
    if replica is None or not replica[dialect.source_host]:
        return Receiving.NONE
    return _RECEIVING.get(str(replica[dialect.receiver_running]), Receiving.STOPPED)


def _progress(dialect: Dialect, replica: Row | None) -> int:
    if replica is None:
        return 0
    digits = str(replica[dialect.source_file] or "").rpartition(".")[2]
    number = int(digits) if digits.isdigit() else 0
    return (number << _FILE_BITS) + int(replica[dialect.read_position] or 0)


def _error(replica: Row | None) -> str:
    if replica is None:
        return ""
    said = (replica.get("Last_IO_Error"), replica.get("Last_SQL_Error"))
    return "; ".join(str(text) for text in said if text)


def _distrusted(replica: Row | None) -> bool:
    """MariaDB and MySQL say 2026 for anything that is wrong with TLS."""
    code = int(replica["Last_IO_Errno"] or 0) if replica else 0
    return code in AUTH_CODES or code == _TLS_FAILED


def _signed(told: int) -> int:
    """Return what a server meant that printed a negative number as unsigned."""
    return told - _WORD if told >= _WORD // 2 else told


def _tidy(text: object) -> str:
    return "".join(str(text or "").split())
