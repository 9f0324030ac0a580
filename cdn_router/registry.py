"""Edge kinds by the name the configuration uses."""

from collections.abc import Mapping

from cdn_router.adapters.haproxy import HaproxyEdge
from cdn_router.adapters.memory import MemoryEdge
from cdn_router.ports import Edge

EDGES: Mapping[str, type[Edge]] = {"haproxy": HaproxyEdge, "memory": MemoryEdge}
