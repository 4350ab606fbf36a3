"""Searches of more than can be ranked or counted: nothing is lost, nothing times out, and the answer says so."""

import os
from urllib.parse import quote

import pytest

from browse import finding
from browse.archive import Archive, TooSlow

from .test_pages_api import walk


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """Keep nothing of searches, whose limits change from test to test."""
    monkeypatch.setattr(finding, "KEPT", 0)


@pytest.mark.parametrize("order", ["relevance", "date"])
async def test_what_is_too_much_to_rank_is_walked_to_its_end(served, monkeypatch, order):
    whole = await walk(served, f"/api/search?size=100&order=date&q={quote('麦苗')}", "articles")
    monkeypatch.setattr(finding, "MOST", 9)
    monkeypatch.setattr(finding, "NEWEST", 5)
    first = (await served.client.get(f"/api/search?size=4&order={order}&q={quote('麦苗')}")).json()
    parts = await walk(served, f"/api/search?size=4&order={order}&q={quote('麦苗')}", "articles")

    assert (first["total"], first["capped"], first["ranked"], first["headed"]) == (30, True, False, False)
    assert [row["id"] for row in parts] == [row["id"] for row in whole]


@pytest.mark.parametrize("limits", [
    {"RANKED": 12}, {"RANKED": 12, "MOST": 13, "NEWEST": 5}, {"RANKED": 12, "MOST": 13, "NEWEST": 1},
])  # fmt: skip
async def test_of_too_many_those_with_a_word_in_the_headline_come_first(served, monkeypatch, limits):
    path = f"/api/search?size=4&q={quote('之1 OR 麦苗')}"
    headed = await walk(served, f"/api/search?size=100&q={quote('标题:之1')}", "articles")
    whole = await walk(served, f"/api/search?size=100&order=date&q={quote('之1 OR 麦苗')}", "articles")
    for name, value in limits.items():
        monkeypatch.setattr(finding, name, value)
    first = (await served.client.get(path)).json()
    parts = [row["id"] for row in await walk(served, path, "articles")]
    heads = {row["id"] for row in headed}
    page = await served.client.get("/search?q=" + quote("之1 OR 麦苗"))

    assert (first["total"], first["ranked"], first["headed"]) == (30, False, True)
    assert 0 < len(heads) < 30
    assert set(parts[: len(heads)]) == heads
    assert parts[len(heads) :] == [row["id"] for row in whole if row["id"] not in heads]
    assert "too many to weigh" in page.text


@pytest.mark.parametrize("refused", [("count(*)",), ("bm25",), ("count(*)", "bm25", "first_seen desc")])
async def test_what_takes_too_long_is_answered_by_headline_or_newest_first(served, monkeypatch, refused):
    rows = Archive.rows

    async def impatient(self, sql, params=(), *, within=None):
        if within is not None and any(part in sql for part in refused):
            raise TooSlow
        return await rows(self, sql, params, within=within)

    monkeypatch.setattr(Archive, "rows", impatient)
    page = await served.client.get("/search?q=" + quote("春耕"))
    feed = await served.client.get("/search.atom?q=" + quote("春耕"))
    found = (await served.client.get("/api/search?size=100&q=" + quote("春耕"))).json()

    assert (page.status_code, feed.status_code) == (200, 200)
    assert feed.text.count("<entry>") == 30
    days = [row["day"] for row in found["articles"]]
    assert (found["ranked"], found["headed"]) == (False, "bm25" not in refused)
    assert len(days) == 30
    assert found["headed"] or days == sorted(days, reverse=True)


async def test_a_search_is_made_once_for_all_its_pages_as_long_as_nobody_writes(served, sample, monkeypatch):
    rows, asked = Archive.rows, []

    async def counted(self, sql, params=(), *, within=None):
        asked.extend(["search"] if "articles_fts match" in sql else [])
        return await rows(self, sql, params, within=within)

    monkeypatch.setattr(Archive, "rows", counted)
    monkeypatch.setattr(finding, "KEPT", 1_000)
    path = f"/api/search?size=4&q={quote('麦苗')}"
    whole = [row["id"] for row in await walk(served, path, "articles")]
    first = len(asked)
    again = [row["id"] for row in await walk(served, path, "articles")]
    repeated = len(asked) - first
    os.utime(sample[0])  # as whoever writes does
    await walk(served, path, "articles")

    assert (len(whole), again) == (30, whole)
    assert (first, repeated) == (2, 0)  # counted and weighed
    assert len(asked) == 2 * first


async def test_no_more_hits_are_kept_than_may_be(served, monkeypatch):
    monkeypatch.setattr(finding, "KEPT", 40)
    for words in ("麦苗", "春耕", "村民", "农技员"):
        await served.client.get(f"/api/search?q={quote(words)}")
    (memory,) = [memory for held, memory in finding._memories.items() if held is served]

    assert 0 < sum(len(found.hits) for _, found in memory.values()) <= 40
