"""The stand-in answers as Solr would where we ask it, and says what it is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from deploy.lab.search import Index, SearchService

Client: TypeAlias = TestClient[web.Request, web.Application]
DOCUMENTS = [
    {"id": "one", "title_t": "Hello world"},
    {"id": "two", "title_t": "hello, Mars"},
]


def index() -> Index:
    made = Index()
    made.add(DOCUMENTS)
    return made


@pytest.mark.parametrize(
    ("queries", "ids"),
    [
        (["*:*"], ["one", "two"]),
        (["HELLO"], ["one", "two"]),
        (["hello mars"], ["two"]),
        (["id:one"], ["one"]),
        (['id:"one"'], ["one"]),
        (["*:*", "-id:one"], ["two"]),
        (["venus"], []),
    ],
)
def test_queries(queries: list[str], ids: list[str]) -> None:
    assert [d["id"] for d in index().select(*queries)] == ids


def test_replacing_a_document_forgets_its_old_words() -> None:
    made = index()
    made.add([{"id": "one", "title_t": "Goodbye"}])
    assert len(made) == 2
    assert made.select("world") == []


def test_a_document_without_an_id_is_refused_and_nothing_is_added() -> None:
    made = index()
    with pytest.raises(ValueError, match="id"):
        made.add([{"id": "three"}, {"title_t": "nameless"}])
    assert len(made) == 2


def test_deleting_an_unknown_id_is_no_error() -> None:
    made = index()
    made.delete(["one", "nobody"])
    assert [d["id"] for d in made.select("*:*")] == ["two"]


def with_service(story: Callable[[Client], Awaitable[None]]) -> None:
    async def served() -> None:
        async with TestClient(TestServer(SearchService("cms").application())) as client:
            await story(client)

    asyncio.run(served())


def test_every_answer_says_it_is_a_stand_in() -> None:
    async def story(client: Client) -> None:
        for path in ("/solr/admin/info/system", "/solr/cms/admin/ping", "/nowhere"):
            answer = await client.get(path)
            assert answer.headers["X-Stand-In"] == "true"
            assert "not Apache Solr" in answer.headers["Server"]

    with_service(story)


def test_update_status_and_select_speak_solrs_json() -> None:
    async def story(client: Client) -> None:
        url = "/solr/cms/update?commit=true"
        assert (await client.post(url, json=DOCUMENTS)).status == 200
        cores = await (await client.get("/solr/admin/cores?action=STATUS")).json()
        assert cores["status"]["cms"]["index"]["numDocs"] == 2
        page = await (await client.get("/solr/cms/select?q=hello&rows=1")).json()
        assert page["response"]["numFound"] == 2
        assert [d["id"] for d in page["response"]["docs"]] == ["one"]
        assert (await client.post(url, json={"delete": ["one"]})).status == 200
        left = await (await client.get("/solr/cms/select")).json()
        assert left["response"]["numFound"] == 1

    with_service(story)


@pytest.mark.parametrize("body", ["not json", "[{}]", "{}", "7"])
def test_a_bad_update_is_400(body: str) -> None:
    async def story(client: Client) -> None:
        assert (await client.post("/solr/cms/update", data=body)).status == 400

    with_service(story)
