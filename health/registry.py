"""Every probe kind by name: the one list an orphan test compares with the files."""

from collections.abc import Mapping
from types import MappingProxyType

from health.adapters.http import HttpProbe
from health.adapters.memory import MemoryProbe
from health.adapters.memory_votes import MemoryVoteBus
from health.adapters.mqtt import MqttVoteBus
from health.adapters.redis import RedisProbe
from health.ports import Probe
from health.vote_bus import VoteBus

PROBES: Mapping[str, type[Probe]] = MappingProxyType(
    {"http": HttpProbe, "memory": MemoryProbe, "redis": RedisProbe}
)

VOTE_BUSES: Mapping[str, type[VoteBus]] = MappingProxyType(
    {"memory_votes": MemoryVoteBus, "mqtt": MqttVoteBus}
)
