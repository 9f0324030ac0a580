"""Files on disk, names in the registry, contract classes: all the same."""

import importlib
import pkgutil

import cdn_router.adapters
from cdn_router.registry import EDGES
from tests.contract.edge import EdgeContract

HELPERS = {"haproxy_counters", "haproxy_look", "haproxy_maps", "haproxy_orders"}


def test_every_edge_is_registered_and_under_contract() -> None:
    modules = {m.name for m in pkgutil.iter_modules(cdn_router.adapters.__path__)}
    assert modules - HELPERS == set(EDGES)
    importlib.import_module("tests.contract.test_edge")
    signed = {c.__name__.removeprefix("Test") for c in EdgeContract.__subclasses__()}
    assert {edge.__name__ for edge in EDGES.values()} <= signed
