"""`check-config` says within how long each class has its name."""

import json

import pytest
from click.testing import CliRunner

from controller.cli import build_cli
from controller.config.bounds import bounds
from controller.config.budget import EDGE_S, detection_worst_s
from controller.config.load import parse_site
from controller.config.schema import Site
from health.elevated import RatePolicy
from health.rate_bounds import sure_within_s
from tests.unit.test_config import EXAMPLE, changed


def site_of(*swaps: tuple[str, str]) -> Site:
    return parse_site(changed(*swaps), name="site.yaml")


def test_every_class_has_a_bound_from_the_configuration() -> None:
    site = site_of()
    found = {b.key: b for b in bounds(site)}
    assert found["zone_lost"].named_s == detection_worst_s(site)
    sure_s = sure_within_s(RatePolicy(), 0.3)
    assert sure_s is not None
    thirty = found["errors_30"]
    assert thirty.named_s == sure_s + EDGE_S
    assert thirty.acts_s == pytest.approx(sure_s + 2 * EDGE_S + 5.0)
    all_fail = found["errors_100"].acts_s
    assert all_fail is not None
    assert thirty.acts_s is not None
    assert all_fail < thirty.acts_s < 15.0
    assert found["write_dead"].acts_s is None  # held, by default


def test_pages_have_bounds_of_their_own_and_more_pages_shorter_ones() -> None:
    """Where users ask one zone only, what pages say is what there is."""

    def pages(number: int) -> dict[str, float | None]:
        page = "{{name: p{0}, path: /p{0}, slow_s: 1}}"
        listed = ", ".join(page.format(n) for n in range(number))
        site = site_of(("candidate:\n", f"pages: [{listed}]\ncandidate:\n"))
        return {b.key: b.acts_s for b in bounds(site)}

    assert "pages_30" not in {b.key for b in bounds(site_of())}
    one, four = pages(1), pages(4)
    assert one["pages_100"] is not None
    assert one["pages_30"] is not None
    assert four["pages_30"] is not None
    assert one["pages_100"] < one["pages_30"]
    assert four["pages_30"] < one["pages_30"]


def test_what_is_held_has_no_second_bound_and_what_is_never_sure_none() -> None:
    held = site_of(("  action: switchover ", "  action: hold "))
    assert {b.key: b for b in bounds(held)}["errors_30"].acts_s is None
    blind = site_of(("  rate_min: 0.1 ", "  rate_min: 0.5 "))
    thirty = {b.key: b for b in bounds(blind)}["errors_30"]
    assert (thirty.named_s, thirty.acts_s) == (None, None)


def test_check_config_prints_them() -> None:
    asked = ["check-config", "-c", str(EXAMPLE)]
    cli = build_cli(lambda *_: None)
    told = CliRunner().invoke(cli, asked).output
    assert "degraded or one site, 30% errors" in told
    tree = json.loads(CliRunner().invoke(cli, [*asked, "--json"]).output)
    assert set(tree["bounds"]) >= {"zone_lost", "stall", "write_dead", "errors_30"}
    assert tree["bounds"]["write_dead"]["acts_s"] is None
    assert tree["bounds"]["errors_from_answers_s"] == 20.0
