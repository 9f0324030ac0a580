"""A small file system under zone a's database, so that it can be filled to the brim.

Only in a mount namespace of its own (`unshare --mount`), which takes the mount with it
however it ends.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.lab.engine import Accounts, InstanceSpec
from deploy.lab.engine_mariadb import MariaDbEngine
from deploy.lab.engine_mysql import MySqlEngine
from tests.integration.scenarios.site import A

OWN_MOUNTS = "SITEDR_TEST_OWN_MOUNTS"
SIZE = "400m"
BLOCK = b"x" * 4096
ENGINES: dict[str, type[MariaDbEngine | MySqlEngine]] = {
    "mariadb": MariaDbEngine,
    "mysql": MySqlEngine,
}


@contextmanager
def small_disk(engine: str) -> Iterator[None]:
    """Give every database made in zone a 400 MB of its own."""
    assert OWN_MOUNTS in os.environ, "only in a mount namespace of its own"
    kind = ENGINES[engine]
    create: Any = kind.create_empty

    def on_a_small_disk(self: Any, instance: InstanceSpec, accounts: Accounts) -> None:
        if instance.zone == A:
            instance.home.mkdir(parents=True)
            mount = ("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none")
            subprocess.run([*mount, str(instance.home)], check=True)
        create(self, instance, accounts)
        if instance.zone == A:
            _fill_holes(instance.home / "data")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "create_empty", on_a_small_disk)
        yield


def _fill_holes(data: Path) -> None:
    """Give every file its blocks: in a hole of its own log a server would crash."""
    whole = data.with_name("whole")
    subprocess.run(["cp", "-rp", "--sparse=never", str(data), str(whole)], check=True)
    shutil.rmtree(data)
    whole.rename(data)


def fill(path: Path) -> None:
    """Write *path* until no space is left."""
    with path.open("ab", buffering=0) as file:
        try:
            while file.write(BLOCK):
                pass
        except OSError:
            return
