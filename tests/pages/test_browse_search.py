import re
import sqlite3
from urllib.parse import quote

import pytest

from pipelines.fold import fold

SEARCHES = ("疫情", "督查", "督查 诊所", "診所", "ＡＢＣ", "麦苗", "疫", "责令停业", "“专项督查”", "第3天")


async def rows(served, query: str, **more: str) -> list[dict]:
    extra = "".join(f"&{key}={quote(value)}" for key, value in more.items())
    response = await served.client.get(f"/archive/articles.json?_shape=objects&_size=max&_search={quote(query)}{extra}")
    assert response.status_code == 200, response.text
    return response.json()["rows"]


@pytest.mark.parametrize("word", ["疫情", "督查", "督查组", "診所", "诊所"])
async def test_two_characters_are_found_in_both_scripts_and_none_is_missed(served, sample, word):
    connection = sqlite3.connect(sample[0])
    scan = {
        row[0]
        for row in connection.execute("select id, coalesce(title, ''), text from articles")
        if fold(word) in fold(row[1]) or fold(word) in fold(row[2])
    }
    connection.close()
    found = {row["id"] for row in await rows(served, word)}

    assert found == scan
    assert len(found) >= 3


async def test_json_of_a_search_has_the_snippet_of_each_row(served, ids):
    by_id = {row["id"]: row for row in await rows(served, "疫情")}

    assert "<mark>疫情</mark>" in by_id[ids["notice"]]["snippet"]
    assert "<mark>疫情</mark>" in by_id[ids["copy_hant"]]["snippet"]


async def test_json_without_a_search_has_the_columns_of_the_table_alone(served):
    response = await served.client.get("/archive/articles.json?_size=1")

    assert "snippet" not in response.json()["columns"]


@pytest.mark.parametrize("escape", ["&_searchmode=raw", "&_fts_table=articles", "&_fts_pk=rowid"])
async def test_no_argument_leads_around_our_cutting_of_the_query(served, escape):
    plain = await served.client.get("/archive/articles.json?_shape=array&_size=max&_search=" + quote("督查 OR 麦苗"))
    tried = await served.client.get(
        "/archive/articles.json?_shape=array&_size=max&_search=" + quote("督查 OR 麦苗") + escape
    )

    assert tried.status_code == 200
    assert tried.json() == plain.json()
    assert len(plain.json()) > 30


@pytest.mark.parametrize(
    "search", ["，。！", '"', "-督查", "()", "*", "NEAR(", "a:b:c", "' or 1=1 --", "疫情" * 2000, "\x00", " OR "]
)
async def test_a_search_that_says_nothing_finds_nothing_and_breaks_nothing(served, search):
    response = await served.client.get("/archive/articles.json?_shape=array&_search=" + quote(search))

    assert response.status_code == 200
    assert response.json() == []


async def test_fields_narrow_the_search_box_of_the_table(served, ids):
    assert {row["id"] for row in await rows(served, "督查 outlet:快讯")} == {ids["copy"]}
    assert {row["id"] for row in await rows(served, "督查 来源:雲浦日報")} == {ids["edited"]}
    assert {row["id"] for row in await rows(served, "author:陈望舒")} == {ids["edited"]}
    assert {row["id"] for row in await rows(served, "标题:督查 date:2026年3月12日")} == {ids["copy_hant"]}
    assert ids["copy"] not in {row["id"] for row in await rows(served, "督查 -outlet:kuaixun")}


async def test_a_search_of_fields_alone_survives_paging(served):
    path, seen = "/archive/articles.json?_shape=objects&_size=7&_search=" + quote("outlet:yunpu-ribao"), []
    while path:
        data = (await served.client.get(path)).json()
        seen += [row["outlet"] for row in data["rows"]]
        path = data["next_url"] and re.sub(r"^https?://[^/]+", "", data["next_url"])

    assert set(seen) == {"yunpu-ribao"}
    assert len(seen) == 32


async def test_column_search_of_datasette_finds_the_rows_of_our_search(served, ids):
    response = await served.client.get("/archive/articles.json?_shape=array&_search_title=" + quote("違規經營"))

    assert [row["id"] for row in response.json()] == [ids["gone"]]


async def test_csv_of_a_search_holds_the_same_rows(served):
    response = await served.client.get("/archive/articles.csv?_col=title&_size=max&_search=" + quote("督查"))

    assert len(response.text.splitlines()) == 1 + len(await rows(served, "督查"))


async def test_table_page_shows_marked_snippets_and_links_to_our_pages(served, ids):
    response = await served.client.get("/archive/articles?_search=" + quote("督查"))

    assert f'href="/article/{ids["notice"]}"' in response.text
    assert "<mark>督查</mark>" in response.text
    assert "<script>document.documentElement" not in response.text


@pytest.mark.parametrize("query", SEARCHES)
async def test_our_page_and_the_table_find_the_same_articles(served, query):
    page = await served.client.get(f"/api/search?size=100&q={quote(query)}")

    assert {hit["id"] for hit in page.json()["articles"]} == {row["id"] for row in await rows(served, query)}
