import pytest

from feeds.links.plan import CrawlPlan, crawl_plan, least_time, ramped_time, within


@pytest.mark.parametrize(
    ("counts", "gap", "gaps", "seconds"),
    [
        ({}, 1.0, {}, 0.0),
        ({"a": 1, "b": 1}, 1.0, {}, 0.0),
        ({"a": 71_000, "b": 30}, 1.0, {}, 70_999.0),
        ({"a": 71_000, "b": 30}, 0.5, {}, 35_499.5),
        ({"a": 10, "b": 5}, 1.0, {"b": 30.0}, 120.0),
        ({"a": 0}, 1.0, {}, 0.0),
    ],
)
def test_least_time(counts, gap, gaps, seconds):
    assert least_time(counts, gap, gaps) == seconds


@pytest.mark.parametrize(
    ("count", "delay", "seconds"),
    [(0, 0, 0), (1, 0, 0), (21, 0, 20), (24, 0, 20 + 3 / 1.5), (41, 10, 400), (11, 2, 20)],
)
def test_ramped_time(count, delay, seconds):
    assert ramped_time(count, delay=delay) == pytest.approx(seconds)


def test_a_big_host_ends_up_at_the_top_pace():
    assert ramped_time(100_000) == pytest.approx(100_000 / 5, rel=0.01)


def test_crawl_plan():
    assert crawl_plan({"a": 21, "b": 21, "c": 3, "d": 0}) == CrawlPlan(45, 3, 20.0, 20.0, "a")
    assert crawl_plan({"a": 21, "c": 3}, gaps={"c": 60.0, "a": 0.5}) == CrawlPlan(24, 2, 120.0, 120.0, "c")
    assert crawl_plan({}) == CrawlPlan(0, 0, 0.0, 0.0, "")


@pytest.mark.parametrize(("seconds", "expected"), [(-1, 0), (0, 3), (10, 16), (10_000, 1007)])
def test_within(seconds, expected):
    assert within({"a": 1000, "b": 2, "c": 5}, 1.0, seconds, {"c": 5.0}) == expected
