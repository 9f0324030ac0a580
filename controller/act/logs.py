"""Structured logs: the journal's commentary, one line an event, on stderr."""

import logging
import sys

import structlog

from controller.decide.ledger import Ledger
from controller.incident.record import Record, RecordKind

_LOUD = {RecordKind.VETO, RecordKind.VERDICT, RecordKind.DRIFT, RecordKind.FINDINGS}


def set_up_logs() -> None:
    """Write key=value lines with time and level to stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(
                key_order=["timestamp", "level", "event"]
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


class LogListener:
    """Logs each record as it becomes durable."""

    def __init__(self, site: str) -> None:
        self._log = structlog.get_logger(site=site)

    def __call__(self, record: Record, ledger: Ledger) -> None:
        """Log *record*; vetoes and verdicts are warnings, a halt is an error."""
        del ledger
        log = self._log.bind(incident=record.incident, epoch=record.epoch)
        event = f"record.{record.kind.value}"
        halted = record.body.get("end") == "halted"
        body = {k: v for k, v in record.body.items() if k not in {"plan", "event"}}
        if halted:
            log.error(event, **body)
        elif record.kind in _LOUD:
            log.warning(event, **body)
        else:
            log.info(event, **body)
