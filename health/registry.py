"""Every probe kind by name: the one list an orphan test compares with the files."""

from collections.abc import Mapping
from types import MappingProxyType

from health.adapters.command import CommandProbe
from health.adapters.http import HttpProbe
from health.adapters.memory import MemoryProbe
from health.adapters.memory_votes import MemoryVoteBus
from health.adapters.mqtt import MqttVoteBus
from health.adapters.page import PageProbe
from health.adapters.redis import RedisProbe
from health.adapters.solr import SolrProbe
from health.adapters.tcp import TcpProbe
from health.ports import Probe
from health.vote_bus import VoteBus

PROBES: Mapping[str, type[Probe]] = MappingProxyType(
    {
        "command": CommandProbe,
        "http": HttpProbe,
        "memory": MemoryProbe,
        "page": PageProbe,
        "redis": RedisProbe,
        "solr": SolrProbe,
        "tcp": TcpProbe,
    }
)

VOTE_BUSES: Mapping[str, type[VoteBus]] = MappingProxyType(
    {"memory_votes": MemoryVoteBus, "mqtt": MqttVoteBus}
)
