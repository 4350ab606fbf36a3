"""Searches of more than can be ranked or counted: nothing is lost, nothing times out, and the answer says so."""

from urllib.parse import quote

import pytest

from browse import finding
from browse.archive import Archive, TooSlow

from .test_pages_api import walk


@pytest.mark.parametrize("order", ["relevance", "date"])
async def test_what_is_too_much_to_rank_is_walked_to_its_end(served, monkeypatch, order):
    whole = await walk(served, f"/api/search?size=100&order=date&q={quote('麦苗')}", "articles")
    monkeypatch.setattr(finding, "MOST", 9)
    monkeypatch.setattr(finding, "NEWEST", 5)
    first = (await served.client.get(f"/api/search?size=4&order={order}&q={quote('麦苗')}")).json()
    parts = await walk(served, f"/api/search?size=4&order={order}&q={quote('麦苗')}", "articles")

    assert (first["total"], first["capped"], first["ranked"]) == (30, True, False)
    assert [row["id"] for row in parts] == [row["id"] for row in whole]


@pytest.mark.parametrize("refused", [("count(*)",), ("bm25",), ("count(*)", "bm25", "first_seen desc")])
async def test_what_takes_too_long_is_answered_newest_first(served, monkeypatch, refused):
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
    assert found["ranked"] is False
    assert len(found["articles"]) == 30
    assert [row["day"] for row in found["articles"]] == sorted((row["day"] for row in found["articles"]), reverse=True)
