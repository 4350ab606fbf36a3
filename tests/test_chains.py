"""Copies tell whom they were taken from; outlets are known by what they do; a lost site is told from deletions."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.outlet import Kind, Outlet
from pipelines.chains import chain
from pipelines.conduct import Conduct, acts_as
from pipelines.relate import Copy, rank
from pipelines.sources import name_sources
from pipelines.upheavals import find_upheavals

PAPER = Copy(
    article="a", outlet="paper", names=("云岭日报",), kind="paper", source=None, published_at="2026-03-01T01:00:00Z",
    exact=True, first_seen="2026-03-02T00:00:00Z", repairs=0,
)  # fmt: skip
PORTAL = replace(PAPER, article="b", outlet="portal", names=("云岭新闻网",), kind="portal", source="云岭日报")
FARM = replace(PAPER, article="c", outlet="farm", names=("快看",), kind="farm", published_at="2026-03-01T05:00:00Z")


@pytest.mark.parametrize(("farm", "shares", "taken"), [
    (replace(FARM, source="来源：雲嶺新聞網"), {}, ("b", "source_named")),
    (replace(FARM, source="云岭日报社"), {}, ("a", "source_named")),
    (replace(FARM, source="快看"), {("c", "b"): 0.9, ("c", "a"): 0.6}, ("b", "closest_before")),
    (FARM, {("c", "b"): 0.9, ("c", "a"): 0.9}, ("a", "closest_before")),  # of equals the more probable original
    (replace(FARM, published_at="2026-02-28T00:00:00Z"), {("c", "b"): 0.9}, ("a", "original")),  # none is earlier
    (FARM, {}, ("a", "original")),
])  # fmt: skip
def test_each_rule_of_the_chain_decides_where_those_before_it_are_silent(farm, shares, taken):
    found = chain([one.copy for one in rank([PAPER, PORTAL, farm])], lambda one, other: shares.get((one, other)))

    assert (found["c"].article, found["c"].rule) == taken
    assert found["b"].article == "a"
    assert "a" not in found


@given(st.permutations(range(5)), st.lists(st.integers(0, 4), min_size=5, max_size=5))
def test_no_copy_descends_from_itself_whoever_names_whom(order, named):
    copies = [
        replace(PAPER, article=str(n), outlet=str(n), names=(f"第{n}号报社",), source=f"第{named[n]}号报社")
        for n in order
    ]
    ranked = [one.copy for one in rank(copies)]
    found = chain(ranked, lambda _one, _other: None)

    assert set(found) == {copy.article for copy in ranked[1:]}
    for article in found:
        way = [article]
        while way[-1] in found:
            way.append(found[way[-1]].article)
            assert len(way) <= len(copies)
        assert way[-1] == ranked[0].article


CONDUCT = Conduct(site="x", kind="portal", articles=100, copies=0, renamed=0, damaged=0, hijacked=0)


@pytest.mark.parametrize(("conduct", "kind"), [
    (CONDUCT, None),
    (replace(CONDUCT, copies=85, renamed=60), Kind.FARM),
    (replace(CONDUCT, copies=85, renamed=10), None),  # it reprints honestly
    (replace(CONDUCT, copies=60, renamed=60), None),  # it writes a good deal itself
    (replace(CONDUCT, copies=85, damaged=60), Kind.MIRROR),
    (replace(CONDUCT, hijacked=60), Kind.MIRROR),  # whose originals are not here
    (replace(CONDUCT, hijacked=20, copies=20), None),  # a paper that was broken into once
    (replace(CONDUCT, articles=4, copies=4, renamed=4), None),  # too few to tell
])  # fmt: skip
def test_farms_and_mirrors_are_known_by_what_they_do(conduct, kind):
    assert acts_as(conduct) == kind


def outlet(slug: str, *names: str) -> Outlet:
    sources = [{"type": "feed", "url": f"http://{slug}.example/f"}]
    home = f"http://{slug}.example/"
    return Outlet(slug=slug, name=names[0], home=home, kind="paper", aliases=names[1:], sources=sources)


def test_a_source_means_the_outlet_of_the_longest_name_in_it():
    db = sqlite3.connect(":memory:")
    db.executescript("CREATE TABLE articles (source TEXT); CREATE TABLE sources (name TEXT PRIMARY KEY, outlet TEXT);")
    printed = ["云岭日报", "来源：雲嶺日報社", "云岭日报晚刊", "他山晚报", "本站", "网络综合", None, "云岭日报"]
    db.executemany("INSERT INTO articles VALUES (?)", [(source,) for source in printed])
    name_sources(db, {"a": outlet("a", "云岭日报"), "b": outlet("b", "云岭日报晚刊", "岭刊")})

    assert dict(db.execute("SELECT name, outlet FROM sources")) == {
        "云岭日报": "a", "来源：雲嶺日報社": "a", "云岭日报晚刊": "b", "他山晚报": None,
    }  # fmt: skip


class Deletions:
    """Articles of an outlet, published, seen and lost on days."""

    def __init__(self):
        self.db = sqlite3.connect(":memory:")
        self.db.executescript(
            """CREATE TABLE articles (id TEXT, outlet TEXT, first_seen TEXT, last_seen TEXT);
            CREATE TABLE absences (article TEXT, last_seen TEXT, missing_at TEXT, gone_at TEXT);
            CREATE TABLE upheavals (outlet TEXT, since TEXT, until TEXT, missing INTEGER, held INTEGER);"""
        )

    def keep(self, name, *, published, last=900):
        self.db.execute("INSERT INTO articles VALUES (?, 'a', ?, ?)", [name, on(published), on(last)])

    def lose(self, name, *, published, lost, seen=None):
        """Lose an article on a day, or on several; it is seen last so long before, else the day before."""
        days = lost if isinstance(lost, tuple) else (lost,)
        for day in days:
            row = [name, on(day - 1 if seen is None else seen), on(day), on(day)]
            self.db.execute("INSERT INTO absences VALUES (?, ?, ?, ?)", row)
        self.keep(name, published=published, last=days[-1] - 1 if seen is None else seen)

    def upheavals(self):
        find_upheavals(self.db, {})
        return self.db.execute("SELECT missing, held FROM upheavals ORDER BY since").fetchall()


def on(day):
    return f"{datetime(2026, 1, 1) + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def deletions():
    return Deletions()


@pytest.mark.parametrize(("lost", "kept", "days", "found"), [
    (10, 1, 1, [(10, 11)]),
    (10, 2, 20, [(10, 12)]),  # looks at old articles are rare: what is lost is found out over weeks
    (10, 10, 1, []),  # deletions, if many
    (4, 0, 1, []),  # too few to speak of a site
    (10, 0, 40, []),  # one after another, each long after the last
])  # fmt: skip
def test_a_site_made_anew_is_told_from_deletions(deletions, lost, kept, days, found):
    for n in range(lost):
        deletions.lose(n, published=-300, seen=-200, lost=n * days)
    for n in range(kept):
        deletions.keep(100 + n, published=-300)
    for n in range(20):  # what the site put up when it was made anew, seen before the loss was
        deletions.keep(200 + n, published=-1)

    assert deletions.upheavals() == found


def test_an_outlet_that_takes_down_what_it_publishes_is_not_made_anew(deletions):
    for n in range(60):
        deletions.lose(n, published=n, lost=n + 3)

    assert deletions.upheavals() == []


def test_a_site_made_anew_amid_single_deletions_is_found(deletions):
    for n in range(60):
        deletions.lose(n, published=n, lost=n + 3)
    for n in range(60, 120):
        deletions.lose(n, published=n - 60, seen=69, lost=70 + n % 7)  # found out over a week

    assert deletions.upheavals() == [(60, 60)]


def test_an_outlet_may_be_made_anew_twice(deletions):
    for n in range(20):
        deletions.lose(n, published=-9, lost=10)
    for n in range(20, 40):
        deletions.lose(n, published=11, lost=20)

    assert deletions.upheavals() == [(20, 20), (20, 20)]


def test_what_came_back_and_was_lost_again_was_lost_twice(deletions):
    for n in range(10):
        deletions.lose(n, published=0, lost=(10, 20))

    assert deletions.upheavals() == [(10, 10)]
