"""Pages: the wanted answer, for the wanted site, while users still wait."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from health.adapters.page import SLOW, PageProbe
from health.http_answer import WantedAnswer
from health.ports import Sample
from tests.certificates import Authority
from tests.contract.loops import on_both_loops, run_on
from tests.contract.test_http_asker import BAD, OK, answering
from tests.contract.test_probes import closed_port, serving

MOVED = b"HTTP/1.1 301 Moved\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n"
SLOW_S = 0.3


async def asked(
    port: int, *, status: int = 200, body: str = "", host: str = ""
) -> Sample:
    wanted = WantedAnswer(status=status, body=body.encode())
    url = f"http://127.0.0.1:{port}/front?q=1"
    return await PageProbe(url, slow_s=SLOW_S, wanted=wanted, host=host).probe()


@on_both_loops
@pytest.mark.parametrize(
    ("answer", "status", "body", "phase"),
    [
        pytest.param(OK, 200, "", "", id="as it should be"),
        pytest.param(OK, 200, "ok", "", id="with its text"),
        pytest.param(OK, 200, "Welcome", "body", id="without its text"),
        pytest.param(BAD, 200, "", "status", id="an error"),
        pytest.param(MOVED, 200, "", "status", id="a redirect nobody asked for"),
        pytest.param(MOVED, 301, "", "", id="the redirect that was asked for"),
        pytest.param(OK, 301, "", "status", id="no redirect where one was asked for"),
    ],
)
def test_only_the_answer_asked_for_is_right(
    loop: str, answer: bytes, status: int, body: str, phase: str
) -> None:
    async def story() -> Sample:
        async with answering(answer) as port:
            return await asked(port, status=status, body=body)

    assert run_on(loop, story()).phase == phase


@on_both_loops
def test_the_site_is_asked_for_by_its_name(loop: str) -> None:
    seen: list[bytes] = []

    async def story() -> Sample:
        async with answering(OK, seen=seen) as port:
            return await asked(port, host="www.example.test")

    assert run_on(loop, story()).phase == ""
    assert seen[0].startswith(b"GET /front?q=1 HTTP/1.1\r\nHost: www.example.test\r\n")


@on_both_loops
@pytest.mark.parametrize("parts", [[], [OK[:20]]], ids=["nothing", "the beginning"])
def test_an_answer_users_do_not_wait_for_is_slow_and_a_closed_door_is_not(
    loop: str, parts: list[bytes]
) -> None:
    """D7: a brown-out; a right answer that comes later is as bad as none."""

    async def late() -> Sample:
        async with answering(*parts, OK, delay_s=2 * SLOW_S / (len(parts) + 1)) as port:
            return await asked(port)

    found = run_on(loop, late())
    assert (found.phase, found.reason) == (SLOW, f"no answer within {SLOW_S:g} s")
    assert SLOW_S * 0.9 <= found.latency_s < SLOW_S * 3

    async def refused() -> Sample:
        return await asked(await closed_port())

    assert run_on(loop, refused()).phase == "connect"


def test_the_certificate_must_be_the_sites(tmp_path: Path) -> None:
    """Not the origin's address: whom users ask for is who has to answer."""
    authority = Authority(tmp_path / "a")
    signed = authority.sign("site", "127.0.0.1")

    async def story(host: str) -> Sample:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(signed.certificate, signed.key)
        async with serving(OK, tls=context) as port:
            url, wanted = f"https://127.0.0.1:{port}/", WantedAnswer()
            probe = PageProbe(url, slow_s=2.0, wanted=wanted, host=host)
            trust = ssl.create_default_context(cafile=str(authority.ca))
            probe._target = replace(probe._target, tls=trust)
            return await probe.probe()

    assert asyncio.run(story("")).phase == ""
    assert asyncio.run(story("www.example.test")).phase == "auth"
