"""Every adapter of what dead databases left signs the contract."""

import asyncio
from collections.abc import Iterator

import pytest
from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import Done
from deploy.adapters.memory import MemoryProvisioner
from deploy.adapters.process import ProcessProvisioner
from deploy.lab.bootstrap import connect
from deploy.lab.secret_files import read_accounts
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


@pytest.mark.lab
@pytest.mark.slow
def test_the_position_of_a_copy_is_kept() -> None:
    """A MariaDB log does not say what came with the copy."""
    with databases_only() as lab:
        accounts = read_accounts(lab.spec.directory / "secrets")
        with connect(lab.spec.instance(A), accounts.controller) as line:
            line.cursor().execute("CREATE DATABASE before_the_copy")
        hand = ProcessProvisioner(lab.spec)
        laid = asyncio.run(hand.ensure_instance(C, DB_C, Epoch(1), donor=DB_A))
        assert isinstance(laid, Done), laid
        ended = asyncio.run(hand.ensure_stopped(C, DB_C, Epoch(2)))
        assert isinstance(ended, Done), ended
        assert laid.evidence["position"]
        found = asyncio.run(ProcessRemains(lab.spec).laid_at(C, DB_C))
        assert found == laid.evidence["position"]


def test_every_adapter_is_under_contract() -> None:
    signed = {c.__name__.removeprefix("Test") for c in RemainsContract.__subclasses__()}
    assert {adapter.__name__ for adapter in REMAINS.values()} <= signed
