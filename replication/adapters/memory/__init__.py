"""A memory engine that behaves as MySQL and MariaDB were measured to behave.

Owns a whole cluster in one process: binary logs, relay logs, waiters, acks,
restarts, late orders, cut links. Powers `sitedr rehearse` and the simulator,
and signs the same contract as the real engines. Knows nothing of the controller.
"""

from replication.adapters.memory.database import MemoryDatabase
from replication.adapters.memory.gtids import covers
from replication.adapters.memory.inspector import MemoryInspector
from replication.adapters.memory.server import (
    Engine,
    Habits,
    MemoryServer,
    Process,
    Told,
)
from replication.adapters.memory.world import Fault, World, Write

__all__ = [
    "Engine",
    "Fault",
    "Habits",
    "MemoryDatabase",
    "MemoryInspector",
    "MemoryServer",
    "Process",
    "Told",
    "World",
    "Write",
    "covers",
]
