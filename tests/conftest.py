"""What every test relies on: the tree's place, marks that skip with a reason."""

import os
import shutil
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_NETNS_TOOLS = ("ip", "nft")


def _why_no_netns() -> str | None:
    """Return why network namespaces cannot be made here, or None when they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    missing = [tool for tool in _NETNS_TOOLS if shutil.which(tool) is None]
    return f"not installed: {', '.join(missing)}" if missing else None


def pytest_configure() -> None:
    """Hear SIGINT, and let what we start hear it too.

    A shell script ignores it for what it puts in the background, an ignored
    signal is inherited, and then a test of Ctrl-C would interrupt nobody.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine or user cannot run, saying why."""
    reasons = {
        "netns": _why_no_netns(),
        "root": "mounting needs root" if os.geteuid() != 0 else None,
    }
    for name, reason in reasons.items():
        for item in items:
            if reason is not None and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT
