"""The provisioners, by the name the configuration calls them."""

from collections.abc import Mapping
from types import MappingProxyType

from deploy.adapters.memory import MemoryProvisioner
from deploy.adapters.process import ProcessProvisioner
from deploy.ports import Provisioner

PROVISIONERS: Mapping[str, type[Provisioner]] = MappingProxyType(
    {"memory": MemoryProvisioner, "process": ProcessProvisioner}
)
