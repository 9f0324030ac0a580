"""Every adapter of what dead databases left signs the contract."""

from collections.abc import Iterator

import pytest
from typing_extensions import override

from deploy.adapters.memory import MemoryProvisioner
from deploy.adapters.process import ProcessProvisioner
from deploy.remains.memory import MemoryRemains
from deploy.remains.process import ProcessRemains
from deploy.remains.registry import REMAINS
from tests.contract.provisioner import DB_A, DB_C, A, C
from tests.contract.remains import Ground, RemainsContract
from tests.labs import databases_only


class TestMemoryRemains(RemainsContract):
    """The fake the rehearsal runs on."""

    @override
    def make(self) -> Iterator[Ground]:
        provisioner = MemoryProvisioner({A: DB_A, C: DB_C}, running=[A], seeding_s=0.0)
        logs = {"log.1": b"first", "log.2": b"second"}
        yield Ground(MemoryRemains(provisioner, lambda _server: logs), provisioner)


@pytest.mark.lab
@pytest.mark.slow
class TestProcessRemains(RemainsContract):
    """The real one, on real MariaDB servers; each test starts its own."""

    @override
    def make(self) -> Iterator[Ground]:
        with databases_only() as lab:
            yield Ground(ProcessRemains(lab.spec), ProcessProvisioner(lab.spec))


def test_every_adapter_is_under_contract() -> None:
    signed = {c.__name__.removeprefix("Test") for c in RemainsContract.__subclasses__()}
    assert {adapter.__name__ for adapter in REMAINS.values()} <= signed
