"""Hosts are left in peace as they ask, as they bear, and as the outlet says."""

import pytest

from crawler.pace import ADAPTIVE_CAP, AT_ONCE, CRAWL_DELAY_CAP, FACTOR, JITTER, Pace
from crawler.rhythm import DAY, HOUR, POLL_CEILING, POLL_FLOOR, Trouble, next_interval, relook_after, retry_after
from crawler.troubles import of_status


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def pace(clock, delay=2.0):
    made = Pace(lambda _: delay, clock)
    made.open("a")
    return made


def test_host_is_asked_again_after_its_delay(clock):
    made = pace(clock)
    made.started("a")
    made.finished("a")

    assert made.ready() == []
    clock.now += 2.0 * (1 + JITTER)
    assert made.ready() == ["a"]


def test_host_with_a_delay_gets_one_request_at_a_time(clock):
    made = pace(clock)
    made.started("a")
    clock.now += 1000

    assert made.ready() == []


def test_host_without_a_delay_gets_several(clock):
    made = pace(clock, 0.0)
    for _ in range(AT_ONCE):
        assert made.ready() == ["a"]
        made.started("a")

    assert made.ready() == []


@pytest.mark.parametrize(
    ("delay", "crawl_delay", "latency", "pause"),
    [
        (2.0, 0.0, 0.1, 2.0),
        (2.0, 10.0, 0.1, 10.0),
        (2.0, 86_400.0, 0.1, CRAWL_DELAY_CAP),
        (5.0, 1.0, 0.1, 5.0),
        (2.0, 0.0, 4.0, 4.0 * FACTOR),
        (2.0, 0.0, 90.0, ADAPTIVE_CAP),
        (0.0, 0.0, 4.0, 0.0),
        (0.0, 0.5, 0.0, 0.5),
    ],
    ids=["outlet", "robots", "robots capped", "outlet above robots", "slow", "slow capped", "loopback", "robots alone"],
)
def test_pause_is_the_longest_that_anybody_asks_for(clock, delay, crawl_delay, latency, pause):
    made = pace(clock, delay)
    made.hosts["a"].crawl_delay = crawl_delay
    made.started("a")
    made.finished("a", latency)

    assert made.hosts["a"].pause == pause


def test_pause_shrinks_again_when_a_host_recovers(clock):
    made = pace(clock)
    for latency in (4.0, *(0.1,) * 20):
        made.started("a")
        made.finished("a", latency)

    assert made.hosts["a"].pause == 2.0


def test_hosts_on_one_address_share_its_time(clock):
    made = pace(clock)
    for host in ("b", "c"):
        made.open(host)
    for host, address in (("a", "192.0.2.1"), ("b", "192.0.2.1"), ("c", "192.0.2.2")):
        made.started(host)
        made.finished(host, address=address)
    clock.now += 60
    made.started("a")

    assert made.ready() == ["c"]
    made.finished("a")
    assert made.ready() == ["c"]
    clock.now += 2.0 * (1 + JITTER)
    assert set(made.ready()) == {"a", "b", "c"}


def test_host_that_waited_longest_comes_first(clock):
    made = pace(clock)
    made.open("b")
    made.started("a")
    made.finished("a")
    clock.now += 60
    made.started("b")
    made.finished("b")
    clock.now += 60

    assert made.ready() == ["a", "b"]


def test_third_block_in_a_row_brings_an_hour_of_rest(clock):
    made = pace(clock)

    assert [made.blocked("a") for _ in range(3)] == [20.0, 20.0, HOUR]
    made.answered("a")
    assert made.blocked("a") == 20.0


@pytest.mark.parametrize(
    ("interval", "seen", "fresh", "next_one"),
    [
        (HOUR, 20, 11, HOUR / 2),
        (HOUR, 20, 5, HOUR),
        (HOUR, 20, 0, 1.5 * HOUR),
        (HOUR, 0, 0, 1.5 * HOUR),
        (POLL_FLOOR, 20, 20, POLL_FLOOR),
        (POLL_CEILING, 20, 0, POLL_CEILING),
    ],
)
def test_polls_follow_what_a_source_yields(interval, seen, fresh, next_one):
    assert next_interval(interval, seen, fresh) == next_one


def test_looks_at_an_article_grow_rare_and_never_end():
    waits = [relook_after(number) for number in range(20)]

    assert waits == sorted(waits)
    assert waits[-1] == 180 * DAY


@pytest.mark.parametrize(
    ("status", "asked", "trouble", "wait"),
    [
        (404, None, Trouble.GONE, DAY),
        (410, None, Trouble.GONE, DAY),
        (403, None, Trouble.CLIENT, DAY),
        (500, None, Trouble.SERVER, 10),
        (503, "90", Trouble.BUSY, 90),
        (429, "99999999", Trouble.BUSY, 7 * DAY),
        (429, "nonsense", Trouble.BUSY, 300),
        (503, "Wed, 11 Mar 2020 00:00:00 GMT", Trouble.BUSY, 300),
    ],
)
def test_status_has_its_class_and_its_plan(status, asked, trouble, wait):
    failure = of_status(status, asked)

    assert failure is not None
    assert failure.trouble is trouble
    assert retry_after(trouble, 1, asked=failure.asked) == wait
