"""Pages and journeys in the configuration: what is wrong is said, old files hold."""

import pytest

from controller.config.load import load_site, parse_site
from controller.config.policy import began
from controller.model.errors import ConfigError
from controller.model.ids import ZoneId
from controller.probe_adapters import (
    build_also,
    build_caches,
    build_journeys,
    build_pages,
    build_probes,
    page_policy,
    search_of,
)
from tests.unit.test_config import EXAMPLE, changed, problems

PAGES = """pages:
  - {name: home, path: /, host: www.example.test, body: Welcome}
  - {name: old, path: /old, status: 301, slow_s: 5}
journeys:
  - {name: front, edge: edge-1, path: /, host: www.example.test}
  - {name: other, edge: edge-2, path: /}
"""


def with_text(text: str) -> str:
    return changed(("primary: a ", f"{text}primary: a "))


def test_pages_are_asked_for_in_every_zone_and_journeys_at_their_edge() -> None:
    site = parse_site(with_text(PAGES), name="site.yaml")
    pages = build_pages(site)
    assert sorted(pages) == ["a", "b", "c"]
    assert all(sorted(found) == ["home", "old"] for found in pages.values())
    journeys = build_journeys(site)
    assert {n: (j.edge, j.page) for n, j in journeys.items()} == {
        "front": ("edge-1", "home"),
        "other": ("edge-2", ""),
    }
    assert page_policy(site).slow_s == 5
    assert began(site, at_s=0, wall_s=0).pages_slow_s == 5


def test_a_file_without_them_means_what_it_meant() -> None:
    site = load_site(EXAMPLE)
    assert (site.pages, site.journeys) == ([], [])
    assert not any(build_pages(site).values())
    assert build_journeys(site) == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("pages: [{name: home, path: index.html}]\n", "pages.0.path"),
        ("pages: [{name: home, path: /, timeout_s: 1}]\n", "timeout_s: unknown key"),
        ("pages: [{name: home, path: /, host: 'a b'}]\n", "pages.0.host"),
        ("pages: [{name: home, path: /, status: 99}]\n", "pages.0.status"),
        ("pages: [{name: home, path: /, slow_s: 31}]\n", "pages.0.slow_s"),
        ("pages: [{name: h, path: /}, {name: h, path: /b}]\n", "two are called 'h'"),
        ("journeys: [{name: j, path: /}]\n", "journeys.0.edge: is missing"),
        ("journeys: [{name: j, edge: e, path: /}]\n", "edge 'e' is none; one of: edge-1"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_its_key(text: str, word: str) -> None:
    assert word in "\n".join(problems(with_text(text)))


def test_redis_password_and_search_core_reach_probe_and_store(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever only looked with it would flush nothing at a failover."""
    text = 'redis_password: "env:SITEDR_TEST_REDIS"\nsearch_core: shop\n'
    site = parse_site(with_text(text), name="site.yaml")
    monkeypatch.delenv("SITEDR_TEST_REDIS", raising=False)
    with pytest.raises(ConfigError, match="SITEDR_TEST_REDIS: the variable is not set"):
        build_probes(site, EXAMPLE.parent, None)
    monkeypatch.setenv("SITEDR_TEST_REDIS", "sesame")
    for zone in build_probes(site, EXAMPLE.parent, None).values():
        assert vars(zone["redis"])["_password"] == "sesame"
    for cache in build_caches(site, EXAMPLE.parent).values():
        kept = vars(cache)["_redis"].connection_pool.connection_kwargs
        assert kept["password"] == "sesame"
    assert search_of(site, site.zones["a"]) == ("http://127.81.1.1:8983", "shop")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://s:8983", ("http://s:8983", "cms")),
        ("http://s:8983/", ("http://s:8983", "cms")),
        ("http://s:8983/solr", ("http://s:8983", "cms")),
        ("http://s:8983/solr/shop/", ("http://s:8983", "shop")),
    ],
)
def test_a_url_may_say_its_core(url: str, found: tuple[str, str]) -> None:
    text = changed(("search: http://127.81.1.1:8983", f"search: {url}"))
    site = parse_site(text, name="site.yaml")
    assert search_of(site, site.zones["a"]) == found


def test_search_is_asked_and_is_not_mandatory() -> None:
    also = build_also(load_site(EXAMPLE), None)
    assert {zone: list(found) for zone, found in also.items()} == {
        zone: ["search"] for zone in ("a", "b", "c")
    }
    assert not any(found["search"].mandatory for found in also.values())


def with_also(text: str) -> str:
    where = "    database: {server: db-a,"
    return changed((where, f"    also: [{text}]\n{where}"))


def test_further_services_are_asked_in_their_zone_alone() -> None:
    text = "{name: ssh, tcp: 's:22'}, {name: disk, command: [/bin/df], mandatory: true}"
    site = parse_site(with_also(text), name="site.yaml")
    also = build_also(site, None)
    assert [sorted(also[ZoneId(z)]) for z in "abc"] == [
        ["disk", "search", "ssh"],
        ["search"],
        ["search"],
    ]
    assert {n: a.mandatory for n, a in also[ZoneId("a")].items()} == {
        "search": False,
        "ssh": False,
        "disk": True,
    }


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{name: x}", "tcp or command: one of them"),
        ("{name: x, tcp: 's:22', command: [/bin/df]}", "tcp or command: one of them"),
        ("{name: x, tcp: 's:22', mandatory: true}", "no proof of life"),
        ("{name: x, command: [df]}", "must be an absolute path"),
        ("{name: redis, tcp: 's:22'}", "asked in every zone already"),
        ("{name: x, tcp: 's:22'}, {name: x, tcp: 's:23'}", "two are called 'x'"),
        ("{name: x, tcp: 's:22', timeout_s: 61}", "timeout_s"),
    ],
)
def test_a_further_service_that_cannot_be_is_refused(text: str, word: str) -> None:
    assert word in "\n".join(problems(with_also(text)))
