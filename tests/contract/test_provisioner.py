"""Every provisioner signs the contract."""

from collections.abc import Iterator

import pytest
from typing_extensions import override

from deploy.adapters.memory import MemoryProvisioner
from deploy.adapters.process import ProcessProvisioner
from deploy.ports import Provisioner
from tests.contract.provisioner import DB_A, DB_C, A, C, ProvisionerContract
from tests.labs import databases_only


class TestMemoryProvisioner(ProvisionerContract):
    """The fake the rehearsal runs on."""

    @override
    def make(self) -> Iterator[Provisioner]:
        yield MemoryProvisioner({A: DB_A, C: DB_C}, running=[A], seeding_s=0.05)


@pytest.mark.lab
class TestProcessProvisioner(ProvisionerContract):
    """The real one, on real MariaDB servers."""

    @override
    def make(self) -> Iterator[Provisioner]:
        with databases_only() as lab:
            yield ProcessProvisioner(lab.spec)
