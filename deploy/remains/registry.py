"""The remains adapters, by the name of the provisioner they go with."""

from collections.abc import Mapping
from types import MappingProxyType

from deploy.ports import Remains
from deploy.remains.memory import MemoryRemains
from deploy.remains.process import ProcessRemains

REMAINS: Mapping[str, type[Remains]] = MappingProxyType(
    {"memory": MemoryRemains, "process": ProcessRemains}
)
