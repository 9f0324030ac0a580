"""What one origin is told on start: one JSON file.

```json
{"zone": "a", "host": "127.81.1.1", "port": 8080,
 "database": {"host": "127.81.1.1", "port": 3306, "user": "cms",
              "password_file": "secrets/application", "name": "cms"},
 "redis": {"host": "127.81.1.1", "port": 6379},
 "search": "http://127.81.1.1:8983",
 "editor": {"user": "editor", "password_file": "secrets/editor"},
 "commit_s": 5.0, "max_age_s": 2.0}
```

`editor`, `commit_s` and `max_age_s` may be left out; without `editor` nobody
can log in. Relative paths are relative to the file.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.lab.cms_database import Address
from deploy.lab.engine import LabError


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """The one person who may change pages."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CmsConfig:
    """One origin. *max_age_s*: an older write is refused (`X-Edge-Sent`)."""

    zone: str
    host: str
    port: int
    database: Address
    redis_host: str
    redis_port: int
    search: str
    editor: Editor | None
    commit_s: float
    max_age_s: float


def load(path: Path) -> CmsConfig:
    """Read *path*; raise `LabError` naming the file when it cannot be used."""
    try:
        tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return _build(tree, path.parent)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LabError(f"{path}: {type(error).__name__}: {error}") from error


def _build(tree: dict[str, Any], base: Path) -> CmsConfig:
    database, cache, editor = tree["database"], tree["redis"], tree.get("editor")
    return CmsConfig(
        zone=str(tree["zone"]),
        host=str(tree["host"]),
        port=int(tree["port"]),
        database=Address(
            host=str(database["host"]),
            port=int(database["port"]),
            user=str(database["user"]),
            password=_secret(base / database["password_file"]),
            name=str(database["name"]),
        ),
        redis_host=str(cache["host"]),
        redis_port=int(cache["port"]),
        search=str(tree["search"]).rstrip("/"),
        editor=None
        if editor is None
        else Editor(
            user=str(editor["user"]), password=_secret(base / editor["password_file"])
        ),
        commit_s=float(tree.get("commit_s", 5.0)),
        max_age_s=float(tree.get("max_age_s", 2.0)),
    )


def _secret(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()
