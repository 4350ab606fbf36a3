"""The frontier forgets nothing: rows are leased, given back, due again, never popped."""

import json
import sqlite3
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from crawler.frontier import Frontier
from crawler.lease import Failure, Found, Outcome
from crawler.outlet import Outlet
from crawler.rhythm import DAY, HOUR, RETRIES, WORDS, Trouble
from crawler.stored import Stored

OUTLET = Outlet.model_validate(
    {
        "slug": "daily",
        "name": "河湾日报",
        "home": "http://daily.example/",
        "kind": "paper",
        "sources": [{"type": "feed", "url": "http://daily.example/rss.xml"}],
    }
)
HOST = "daily.example"
FEED = Found(url="http://daily.example/rss.xml", kind="feed")


class Clock:
    def __init__(self):
        self.now = 1_772_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def frontier(tmp_path, clock):
    with Frontier(tmp_path / "crawl.db", clock=clock) as opened:
        opened.begin()
        yield opened


def article(number, **changes):
    return Found(url=f"http://daily.example/a/{number}.html", kind="article", **changes)


def stored(digest="sha256:a"):
    return Stored(warc_file="a.warc.gz", offset=7, record_id="<urn:a>", date="2026", digest=digest, url="http://a/")


def outcome(*, changed=True, **more):
    return Outcome(status=200, stored=stored(), changed=changed, **more)


def test_address_is_added_once(frontier):
    assert frontier.add("daily", [article(1), article(2)]) == 2
    assert frontier.add("daily", [article(2), article(3)]) == 1


def test_leased_row_is_not_leased_again(frontier):
    frontier.add("daily", [article(1)])
    lease = frontier.lease(HOST, ["daily"])

    assert lease is not None
    assert frontier.lease(HOST, ["daily"]) is None
    frontier.release(lease)
    assert frontier.lease(HOST, ["daily"]) == lease


def test_lists_come_before_articles_and_new_days_before_old(frontier):
    frontier.add("daily", [article(1, day=date(2026, 3, 1)), article(2, day=date(2026, 3, 9)), FEED])

    assert [frontier.lease(HOST, ["daily"]).url[-8:] for _ in range(3)] == [
        "/rss.xml",
        "/2.html"[-8:].rjust(8, "a"),
        "a/1.html",
    ]


def test_another_outlets_rows_are_left_alone(frontier):
    frontier.add("other", [article(1)])

    assert frontier.lease(HOST, ["daily"]) is None
    assert frontier.hosts(["daily"]) == []


def test_acknowledged_article_is_due_again_ever_later(frontier, clock):
    frontier.add("daily", [article(1)])
    waits = []
    for changed in (True, False, False, False, True):
        lease = frontier.lease(HOST, ["daily"])
        frontier.acknowledge(lease, outcome(changed=changed))
        waits.append((frontier.next_due(HOST, ["daily"]) - clock.now) / DAY)
        clock.now = frontier.next_due(HOST, ["daily"])

    assert waits == [1, 3, 7, 30, 1]


def test_attachment_is_fetched_once(frontier):
    frontier.add("daily", [Found(url="http://daily.example/a.pdf", kind="asset")])
    frontier.acknowledge(frontier.lease(HOST, ["daily"]), outcome(again=False))

    assert frontier.next_due(HOST, ["daily"]) is None


def test_lease_carries_what_a_conditional_request_needs(frontier, clock):
    frontier.add("daily", [article(1)])
    frontier.acknowledge(frontier.lease(HOST, ["daily"]), outcome(etag='"e"', last_modified="Wed"))
    clock.now += 2 * DAY
    lease = frontier.lease(HOST, ["daily"])

    assert (lease.etag, lease.last_modified, lease.stored.offset) == ('"e"', "Wed", 7)


def test_what_a_page_yields_is_added_with_its_acknowledgement_or_not_at_all(frontier):
    frontier.add("daily", [FEED])
    lease = frontier.lease(HOST, ["daily"])
    with pytest.raises(KeyError):
        frontier.acknowledge(lease, outcome(), [article(1), Found(url="http://daily.example/x", kind="no such kind")])

    assert frontier.known([article(1).url]) == set()
    frontier.acknowledge(lease, outcome(), [article(1)])
    assert frontier.known([article(1).url]) == {article(1).url}


def test_source_is_polled_by_what_it_yields(frontier, clock):
    source = frontier.register(OUTLET, "feed", FEED.url)
    frontier.add("daily", [FEED], source=source)
    waits = []
    for numbers in (range(10), range(10), range(2, 12)):
        lease = frontier.lease(HOST, ["daily"])
        frontier.acknowledge(lease, outcome(), [article(number) for number in numbers])
        due = frontier.database.execute("SELECT due FROM urls WHERE kind = 'feed'").fetchone()["due"]
        waits.append((due - clock.now) / 60)
        clock.now = due

    assert waits == [15, 22.5, 22.5]
    row = frontier.database.execute("SELECT polls, seen, fresh, failures FROM sources").fetchone()
    assert tuple(row) == (3, 10, 2, 0)


def test_list_becomes_due_again_with_its_source_but_once_a_run(frontier, clock):
    second = Found(url="http://daily.example/list_2.html", kind="column", page=2)
    frontier.add("daily", [second], via="http://daily.example/list.html")
    frontier.acknowledge(frontier.lease(HOST, ["daily"]), outcome())
    frontier.add("daily", [second], via="http://daily.example/list.html")

    assert frontier.lease(HOST, ["daily"]) is None
    clock.now += HOUR
    frontier.begin()
    frontier.add("daily", [second], via="http://daily.example/list.html")
    assert frontier.lease(HOST, ["daily"]).page == 2


def test_failed_row_waits_as_planned_and_ends_in_quarantine(frontier, clock):
    frontier.add("daily", [article(1)])
    waits = []
    while (lease := frontier.lease(HOST, ["daily"])) is not None:
        waits.append(frontier.fail(lease, Failure(trouble=Trouble.GONE, detail="status 404", status=404)))
        clock.now += waits[-1] or 0

    assert waits == [*RETRIES[Trouble.GONE], None]
    row = frontier.database.execute("SELECT state, error, detail, status, tries FROM urls").fetchone()
    assert tuple(row) == ("quarantine", "gone", "status 404", 404, 4)
    assert frontier.retry_quarantine(["daily"]) == 1
    assert frontier.lease(HOST, ["daily"]).tries == 0


def test_failure_is_no_fetch(frontier, clock):
    frontier.add("daily", [article(1)])
    frontier.fail(frontier.lease(HOST, ["daily"]), Failure(trouble=Trouble.TIMEOUT))
    row = frontier.database.execute("SELECT asked_at, fetched_at FROM urls").fetchone()

    assert tuple(row) == (clock.now, None)


def test_success_clears_the_record_of_failures(frontier, clock):
    frontier.add("daily", [article(1)])
    frontier.fail(frontier.lease(HOST, ["daily"]), Failure(trouble=Trouble.TIMEOUT))
    clock.now += DAY
    frontier.acknowledge(frontier.lease(HOST, ["daily"]), outcome())
    row = frontier.database.execute("SELECT tries, error FROM urls").fetchone()

    assert tuple(row) == (0, None)


def test_servers_own_wish_wins_over_the_plan(frontier, clock):
    frontier.add("daily", [article(1)])
    wait = frontier.fail(frontier.lease(HOST, ["daily"]), Failure(trouble=Trouble.BUSY, asked=777.0))

    assert wait == 777.0
    assert frontier.next_due(HOST, ["daily"]) == clock.now + 777


def test_dead_source_is_tried_again_for_ever(frontier, clock):
    source = frontier.register(OUTLET, "feed", FEED.url)
    frontier.add("daily", [FEED], source=source)
    for _ in range(30):
        wait = frontier.fail(frontier.lease(HOST, ["daily"]), Failure(trouble=Trouble.PRIVATE, detail="10.0.0.1"))
        clock.now += wait
    row = frontier.database.execute("SELECT failures, error FROM sources").fetchone()

    assert tuple(row) == (30, "private-address: 10.0.0.1")


def test_article_once_held_is_watched_for_ever(frontier, clock):
    frontier.add("daily", [article(1)])
    frontier.acknowledge(frontier.lease(HOST, ["daily"]), outcome())
    for _ in range(12):
        clock.now = frontier.next_due(HOST, ["daily"])
        assert frontier.fail(frontier.lease(HOST, ["daily"]), Failure(trouble=Trouble.GONE)) is not None


def test_recheck_makes_due_what_is_old_enough(frontier, clock):
    frontier.add("daily", [article(1)])
    frontier.acknowledge(frontier.lease(HOST, ["daily"]), outcome())
    clock.now += HOUR

    assert frontier.due(["daily"], older_than=2 * HOUR) == 0
    assert frontier.due(["daily"], older_than=0) == 1
    assert frontier.lease(HOST, ["daily"]).url == article(1).url


def test_lease_of_a_dead_run_comes_back(tmp_path, clock):
    with Frontier(tmp_path / "crawl.db", clock=clock) as first:
        first.begin()
        first.add("daily", [article(1)])
        assert first.lease(HOST, ["daily"]) is not None
    with Frontier(tmp_path / "crawl.db", clock=clock) as second:
        assert second.lease(HOST, ["daily"]) is None
        second.begin()
        assert second.lease(HOST, ["daily"]) is not None


def test_lease_runs_out(frontier, clock):
    frontier.add("daily", [article(1)])
    assert frontier.lease(HOST, ["daily"]) is not None

    assert frontier.expire() == 0
    clock.now += frontier.lease_seconds + 1
    assert frontier.expire() == 1
    assert frontier.lease(HOST, ["daily"]) is not None


def test_cooling_host_is_remembered(frontier, clock):
    frontier.cool_down(HOST, 600, "blocked: captcha")

    assert frontier.cooling() == {HOST: clock.now + 600}
    clock.now += 601
    assert frontier.cooling() == {}


def test_reader_may_look_while_a_crawl_runs(frontier):
    frontier.add("daily", [article(1)])
    with Frontier(frontier.path, read_only=True) as other:
        assert other.queued(["daily"]) == {"daily": 1}
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            other.add("daily", [article(2)])


def test_run_is_recorded_with_its_settings_and_counts(frontier):
    frontier.end("finished", {"daily": 3})
    row = frontier.database.execute("SELECT * FROM runs").fetchone()

    assert (row["outcome"], json.loads(row["counts"])) == ("finished", {"daily": 3})


def test_every_trouble_has_a_plan_and_words():
    assert set(RETRIES) == set(WORDS) == set(Trouble)


class Handing(RuleBasedStateMachine):
    """Whatever is done in whatever order: no address is lost, none is in two hands."""

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "crawl.db"
        self.frontier = Frontier(self.path, clock=self.clock)
        self.frontier.begin()
        self.added: set[str] = set()
        self.held = {}

    @rule(numbers=st.lists(st.integers(0, 30), max_size=5))
    def add(self, numbers):
        self.frontier.add("daily", [article(number) for number in numbers])
        self.added |= {article(number).url for number in numbers}

    @rule()
    def lease(self):
        lease = self.frontier.lease(HOST, ["daily"])
        if lease is not None:
            assert lease.id not in self.held
            self.held[lease.id] = lease

    @precondition(lambda self: self.held)
    @rule(changed=st.booleans(), numbers=st.lists(st.integers(0, 30), max_size=3))
    def acknowledge(self, changed, numbers):
        _, lease = self.held.popitem()
        self.frontier.acknowledge(lease, outcome(changed=changed), [article(number) for number in numbers])
        self.added |= {article(number).url for number in numbers}

    @precondition(lambda self: self.held)
    @rule(trouble=st.sampled_from(Trouble))
    def fail(self, trouble):
        _, lease = self.held.popitem()
        self.frontier.fail(lease, Failure(trouble=trouble))

    @rule(seconds=st.floats(0, 40 * DAY))
    def wait(self, seconds):
        self.clock.now += seconds

    @rule()
    def die_and_begin_again(self):
        self.frontier.close()
        self.frontier = Frontier(self.path, clock=self.clock)
        self.frontier.begin()
        self.held.clear()

    @invariant()
    def nothing_is_lost(self):
        rows = self.frontier.database.execute("SELECT url, state, due FROM urls").fetchall()
        assert {row["url"] for row in rows} == self.added
        assert sum(row["state"] == "leased" for row in rows) == len(self.held)
        assert all(row["due"] is not None for row in rows if row["state"] == "waiting")

    def teardown(self):
        self.frontier.close()
        self.folder.cleanup()


Handing.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestHanding = Handing.TestCase
