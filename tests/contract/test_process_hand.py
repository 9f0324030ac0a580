"""Every hand of an agent signs the contract."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from controller.model.ids import Epoch, ZoneId
from controller.model.outcomes import Unknown
from deploy.agent.hands import CommandHand, SlotHand
from deploy.agent.memory import MemoryHand
from deploy.agent.ports import ProcessHand
from tests.contract.process_hand import ProcessHandContract, state_of
from tests.labs import databases_only

ZONE = ZoneId("a")

SERVICE = """
import os, pathlib, signal, sys
verb, where = sys.argv[1], pathlib.Path(sys.argv[2])
masked, pid = where / "masked", int((where / "pid").read_text())
def lives():
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
if verb == "inhibit": masked.touch()
if verb == "inhibited": sys.exit(not masked.exists())
if verb == "kill" and lives(): os.kill(pid, signal.SIGKILL)
if verb == "dead": sys.exit(lives())
if verb == "release": masked.unlink()
"""


class TestMemoryHand(ProcessHandContract):
    """The fake the rehearsal runs on."""

    @override
    def make(self) -> Iterator[ProcessHand]:
        yield MemoryHand()


class TestCommandHand(ProcessHandContract):
    """Any service manager; here one made of files, around a real process."""

    keeps_epochs = False

    @pytest.fixture(autouse=True)
    def placed(self, tmp_path: Path) -> None:
        self.where = tmp_path

    @override
    def make(self) -> Iterator[ProcessHand]:
        code = "import signal; signal.pause()"
        process = subprocess.Popen([sys.executable, "-c", code])
        try:
            (self.where / "pid").write_text(str(process.pid))
            yield self.commands()
        finally:
            process.kill()
            process.wait()

    def commands(self, inhibit: str = "inhibit") -> CommandHand:
        def verb(name: str) -> list[str]:
            return [sys.executable, "-c", SERVICE, name, str(self.where)]

        return CommandHand(
            inhibit=verb(inhibit) if inhibit else ["/bin/false"],
            inhibited=verb("inhibited"),
            kill_argv=verb("kill"),
            dead=verb("dead"),
            release_argv=verb("release"),
        )

    def test_dead_but_free_to_start_is_no_proof(self, hand: ProcessHand) -> None:

        told = asyncio.run(self.commands(inhibit="").kill(Epoch(3), "fenced"))
        assert isinstance(told, Unknown), told
        assert state_of(hand) == (False, False)


@pytest.mark.lab
class TestSlotHand(ProcessHandContract):
    """The lab's slot, around a real MariaDB server."""

    @override
    def make(self) -> Iterator[ProcessHand]:
        with databases_only() as lab:
            yield SlotHand.of(lab.spec.zone_dir(ZONE))
