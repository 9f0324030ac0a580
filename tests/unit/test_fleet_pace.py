"""How often one of many clusters evaluates."""

import pytest

from controller.act.bulkhead import evaluate_s
from controller.act.daemon import EVALUATE_S


@pytest.mark.parametrize(
    ("clusters", "interval_s", "every_s"),
    [(1, 0.1, EVALUATE_S), (10, 0.1, EVALUATE_S), (20, 0.1, 0.05), (200, 0.1, 0.1)],
)
def test_many_look_less_often_and_never_less_than_once_an_interval(
    clusters: int, interval_s: float, every_s: float
) -> None:
    assert evaluate_s(clusters, interval_s) == pytest.approx(every_s)


def test_a_short_interval_is_no_reason_to_look_more_often_than_alone() -> None:
    assert evaluate_s(200, 0.01) == EVALUATE_S
