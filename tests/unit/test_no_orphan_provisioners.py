"""A provisioner is three places: a file, a line in the registry, a signature."""

import pkgutil

import deploy.adapters
from deploy.registry import PROVISIONERS
from tests.contract import test_provisioner
from tests.contract.provisioner import ProvisionerContract


def test_every_provisioner_is_registered_and_under_contract() -> None:
    modules = {m.name for m in pkgutil.iter_modules(deploy.adapters.__path__)}
    assert modules == set(PROVISIONERS)
    assert test_provisioner.__name__
    signed = {
        c.__name__.removeprefix("Test") for c in ProvisionerContract.__subclasses__()
    }
    assert {p.__name__ for p in PROVISIONERS.values()} <= signed
