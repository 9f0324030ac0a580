"""A daemon's ports with nobody behind them; a test replaces those it speaks to."""

from controller.act.ports import Ports

NO_PORTS = Ports(
    databases={},
    inspectors={},
    edges={},
    probes={},
    caches={},
    searches={},
    provisioner=None,
    slots={},
)
