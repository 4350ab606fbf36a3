"""The pages on the newest alpha of Datasette 1.0, in an environment of its own that `make test` sets up."""

import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from .live import Live, serving

ALPHA = os.environ.get("FANGZHI_ALPHA")
SEARCH = quote("督查")

pytestmark = pytest.mark.skipif(not ALPHA, reason="FANGZHI_ALPHA names no Python with Datasette 1.0; `make test` does")


@pytest.fixture(scope="module")
def coming(sample) -> Iterator[Live]:
    with serving(sample[0], python=ALPHA) as server:
        yield server


def test_it_is_the_coming_datasette(coming):
    assert coming.json("/-/versions.json")["datasette"]["version"].startswith("1.0")


@pytest.mark.parametrize(
    "path",
    ["/", f"/search?q={SEARCH}", "/article/{notice}?repairs=1", "/article/{edited}/versions",
     "/article/{notice}/capture",
     "/outlets", "/outlet/yunpu-ribao", "/regions", "/region/411700", "/clusters", "/changes", "/coverage", "/health",
     "/repairs", "/api", f"/search.csv?q={SEARCH}", f"/search.parquet?q={SEARCH}", f"/search.wacz?q={SEARCH}",
     "/archive", "/archive/articles", f"/archive/articles.csv?_search={SEARCH}"],
)  # fmt: skip
def test_every_kind_of_page_opens(coming, ids, path):
    response = coming.get(path.format(**ids))

    assert response.status_code == 200, response.text[:300]
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_its_own_search_box_finds_what_ours_finds(coming):
    table = f"/archive/articles.json?_shape=array&_size=max&_search={SEARCH}"
    ours = {article["id"] for article in coming.json(f"/api/search?size=100&q={SEARCH}")["articles"]}
    rows = coming.json(table)

    assert {row["id"] for row in rows} == {row["id"] for row in coming.json(table + "&_searchmode=raw")} == ours
    assert all("<mark>" in row["snippet"] for row in rows)


def test_what_is_not_there_is_answered_in_our_words(coming):
    missing = coming.get("/article/0123456789abcdef")

    assert missing.status_code == 404
    assert "No article has this id" in missing.text
    assert coming.json("/archive/-/query.json?sql=select+nonsense")["ok"] is False
    assert coming.get("/api/nothing").json()["ok"] is False
