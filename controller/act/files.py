"""How many files a process may open: many clusters need more than the usual 1024."""

import resource

from controller.model.errors import ControllerError

FILES_PER_CLUSTER = 40
"""Connections to three databases, journal, lock, doors, and what is asked at once."""

FILES_BESIDES = 100


def allow_files(clusters: int) -> None:
    """Raise the soft limit to what *clusters* need.

    Raises:
        ControllerError: the hard limit is lower; in words for the operator.
    """
    needed = clusters * FILES_PER_CLUSTER + FILES_BESIDES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in {resource.RLIM_INFINITY, -1} and hard < needed:
        raise ControllerError(
            f"{clusters} clusters need about {needed} open files, {hard} are allowed:"
            " raise the limit (systemd: LimitNOFILE)"
        )
    if soft not in {resource.RLIM_INFINITY, -1} and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
