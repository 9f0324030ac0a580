"""Errors of our own machine: they say nothing about whom we wanted to ask."""

import errno

from health.detector import FAULTY

OUR_LACK = frozenset(
    {
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
        errno.EADDRNOTAVAIL,
        errno.EPERM,
        errno.EACCES,
    }
)
"""We had no socket, no port, no leave."""


def phase_of(error: OSError, phase: str) -> str:
    """Return *phase*, unless the error is our own."""
    return FAULTY if error.errno in OUR_LACK else phase
