"""A search service that speaks the part of Solr's HTTP API we use. A stand-in.

Run as `python -m deploy.lab.search --config FILE` with
`{"host": …, "port": …, "core": "cms"}` (core may be left out). In memory, and
not replicated: as lost with its zone as the real one. It says in every answer
(`Server`, `X-Stand-In`) and in its banner that it is not Solr.

Queries: `*:*`, `id:VALUE`, or words (all must occur); `fq` also `-id:VALUE`.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import web

from deploy.lab.serve import serve_until_stopped

Document: TypeAlias = dict[str, Any]
BANNER = "sitedr search stand-in (not Apache Solr)"
_WORD = re.compile(r"\w+")


class Index:
    """Documents by id and, for each, the words they contain."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._words: dict[str, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, documents: Iterable[Document]) -> None:
        """Add or replace; raise `ValueError` and add nothing without ids."""
        batch = list(documents)
        if any(not isinstance(d, dict) or "id" not in d for d in batch):
            raise ValueError("every document needs an id")
        for document in batch:
            key = str(document["id"])
            self._documents[key] = document
            self._words[key] = _words(" ".join(map(str, document.values())))

    def delete(self, ids: Iterable[str]) -> None:
        """Forget documents; unknown ids are no error, as in Solr."""
        for key in ids:
            self._documents.pop(key, None)
            self._words.pop(key, None)

    def select(self, *queries: str) -> list[Document]:
        """Return the documents that match every query, in order of arrival."""
        return [
            document
            for key, document in self._documents.items()
            if all(self._matches(key, query) for query in queries)
        ]

    def _matches(self, key: str, query: str) -> bool:
        if query.startswith("-"):
            return not self._matches(key, query[1:])
        if query == "*:*":
            return True
        if query.startswith("id:"):
            return key == query[3:].strip('"')
        return _words(query) <= self._words[key]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


class SearchService:
    """Solr's paths over one index."""

    def __init__(self, core: str) -> None:
        self._core = core
        self._index = Index()

    def application(self) -> web.Application:
        """Return the routes."""
        app = web.Application(client_max_size=2**24)
        base = f"/solr/{self._core}"
        app.add_routes(
            [
                web.get("/solr/admin/info/system", self.banner),
                web.get("/solr/admin/cores", self.cores),
                web.get(f"{base}/admin/ping", self.ping),
                web.get(f"{base}/select", self.select),
                web.post(f"{base}/update", self.update),
            ]
        )
        app.on_response_prepare.append(_say_what_we_are)
        return app

    async def banner(self, _: web.Request) -> web.Response:
        """Say what this is."""
        return web.json_response(
            {
                "responseHeader": {"status": 0},
                "mode": "std",
                "lucene": {"solr-spec-version": "0.0.0", "solr-impl-version": BANNER},
            }
        )

    async def ping(self, _: web.Request) -> web.Response:
        """Answer Solr's own health question."""
        return web.json_response({"responseHeader": {"status": 0}, "status": "OK"})

    async def cores(self, request: web.Request) -> web.Response:
        """Count documents (`action=STATUS` only)."""
        if request.query.get("action", "STATUS").upper() != "STATUS":
            return _error("only action=STATUS is spoken here")
        status = {"name": self._core, "index": {"numDocs": len(self._index)}}
        return web.json_response(
            {"responseHeader": {"status": 0}, "status": {self._core: status}}
        )

    async def select(self, request: web.Request) -> web.Response:
        """Answer `q`, `fq` (repeatable), `start` and `rows`."""
        try:
            start, rows = (
                int(request.query.get(name, default))
                for name, default in (("start", "0"), ("rows", "10"))
            )
        except ValueError:
            return _error("start and rows must be numbers")
        filters = request.query.getall("fq", [])
        found = self._index.select(request.query.get("q", "*:*"), *filters)
        body = {
            "numFound": len(found),
            "start": start,
            "docs": found[start : start + rows],
        }
        return web.json_response({"responseHeader": {"status": 0}, "response": body})

    async def update(self, request: web.Request) -> web.Response:
        """Take a JSON array of documents, or `{"delete": [ids]}`."""
        try:
            tree = await request.json()
            if isinstance(tree, dict):
                self._index.delete(map(str, tree["delete"]))
            else:
                self._index.add(tree)
        except (ValueError, TypeError, KeyError) as error:
            return _error(f"{type(error).__name__}: {error}")
        return web.json_response({"responseHeader": {"status": 0}})


def _error(why: str) -> web.Response:
    return web.json_response({"error": {"code": 400, "msg": why}}, status=400)


async def _say_what_we_are(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = BANNER
    response.headers["X-Stand-In"] = "true"


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 when the configuration cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, required=True)
    path: Path = parser.parse_args().config
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        host, port = str(tree["host"]), int(tree["port"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        sys.stderr.write(f"search: {path}: {type(error).__name__}: {error}\n")
        return 2
    service = SearchService(str(tree.get("core", "cms")))
    return serve_until_stopped(service.application(), host, port)


if __name__ == "__main__":
    sys.exit(main())
