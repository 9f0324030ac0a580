"""Errors on purpose: who gets one, and that they end."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from deploy.lab.cms_fault import FILE, HEALTH, Fault, Faults, put
from deploy.lab.engine import LabError

MANY = 100


def answers(home: Path, *paths: str, host: str = "") -> Counter[int]:
    """Ask an origin in *home* that answers everything with 200."""

    async def ok(_: web.Request) -> web.Response:
        return web.Response()

    async def ask() -> Counter[int]:
        app = web.Application(middlewares=[Faults(home).answer])
        app.router.add_get("/{any:.*}", ok)
        headers = {"Host": host} if host else {}
        async with TestClient(TestServer(app)) as client:
            found: Counter[int] = Counter()
            for path in paths:
                async with client.get(path, headers=headers) as answer:
                    found[answer.status] += 1
            return found

    return asyncio.run(ask())


def test_without_a_fault_everything_is_answered(tmp_path: Path) -> None:
    assert answers(tmp_path, "/", HEALTH) == {200: 2}


def test_a_share_of_the_pages_fails_and_the_health_url_does_not(tmp_path: Path) -> None:
    put(tmp_path, Fault(share=0.3, status=503))
    found = answers(tmp_path, *["/", "/other"] * MANY)
    assert found == {503: round(0.6 * MANY), 200: round(1.4 * MANY)}
    assert answers(tmp_path, *[HEALTH] * 20) == {200: 20}


def test_the_health_url_fails_when_told(tmp_path: Path) -> None:
    put(tmp_path, Fault(share=1.0, health=True))
    assert answers(tmp_path, "/", HEALTH) == {500: 2}


def test_one_site_fails_and_the_other_does_not(tmp_path: Path) -> None:
    put(tmp_path, Fault(share=1.0, site="www.example.test"))
    assert answers(tmp_path, "/", host="www.example.test:8000") == {500: 1}
    assert answers(tmp_path, "/", host="blog.example.test") == {200: 1}


def test_an_answer_may_only_be_late(tmp_path: Path) -> None:
    put(tmp_path, Fault(share=1.0, status=0, delay_s=0.2))
    began_s = time.monotonic()
    assert answers(tmp_path, "/") == {200: 1}
    assert time.monotonic() - began_s >= 0.2


def test_they_end_and_what_cannot_be_read_fails_nobody(tmp_path: Path) -> None:
    put(tmp_path, Fault(share=1.0))
    put(tmp_path, None)
    put(tmp_path, None)
    assert answers(tmp_path, "/") == {200: 1}
    (tmp_path / FILE).write_text("{")
    assert answers(tmp_path, "/") == {200: 1}


@pytest.mark.parametrize(
    ("share", "status", "delay_s"),
    [(-0.1, 500, 0), (1.1, 500, 0), (0.5, 404, 0), (1, 0, 0), (1, 500, -1), (1, 0, 99)],
)
def test_a_fault_that_is_none_is_refused(
    share: float, status: int, delay_s: float
) -> None:
    with pytest.raises(LabError):
        Fault(share=share, status=status, delay_s=delay_s)
