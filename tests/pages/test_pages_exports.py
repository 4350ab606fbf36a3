"""A search result in each form: the same articles, whole, and a plain word where a form cannot be had."""

import io
import json
import shutil
import zipfile
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest

from browse import parquet, wacz

from .conftest import serve

WORD = "?q=" + quote("麦苗")


async def test_parquet_holds_what_json_lines_hold(served, monkeypatch):
    monkeypatch.setattr(parquet, "GROUP", 7)  # so that there are several groups
    lines = [json.loads(line) for line in (await served.client.get("/search.jsonl" + WORD)).text.splitlines()]
    response = await served.client.get("/search.parquet" + WORD)
    table = pq.read_table(io.BytesIO(response.content))

    assert len(lines) == 30
    assert table.to_pylist() == lines
    assert response.headers["content-disposition"] == 'attachment; filename="fangzhi-search.parquet"'


async def test_parquet_of_nothing_is_a_whole_file(served):
    response = await served.client.get("/search.parquet?q=" + quote("没有这句话"))

    assert pq.read_table(io.BytesIO(response.content)).num_rows == 0


async def test_wacz_holds_the_page_of_every_article_that_was_found(served, ids):
    response = await served.client.get("/search.wacz?q=" + quote("專項督查"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()[1:]]

    assert {page["url"] for page in pages} == {
        "http://yunpu-weijian.example/2026/03/09/1.html",
        "http://kuaixun.example/a/7788.html",
        "http://qiaoyin.example/n/31",
    }


async def test_wacz_that_cannot_be_had_is_refused_in_words(served, sample, tmp_path, monkeypatch):
    nothing = await served.client.get("/search.wacz?q=" + quote("没有这句话"))
    monkeypatch.setattr(wacz, "MOST_PAGES", 5)
    many = await served.client.get("/search.wacz" + WORD)
    alone = await serve(shutil.copy(sample[0], tmp_path / "archive.db"))
    without = await alone.client.get("/search.wacz" + WORD)
    page = await alone.client.get("/search" + WORD)

    assert (nothing.status_code, many.status_code, without.status_code) == (404, 400, 404)
    assert "holds 5 pages" in many.text
    assert "fangzhi serve --captures" in without.text
    assert "/search.wacz" not in page.text
    assert "/search.parquet" in page.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2026-03 督查", {"notice", "copy", "copy_hant", "edited"}),
        ("督查 2026年3月12日", {"copy_hant"}),
        ("督查 ２０２６－０３－０９", {"notice"}),
        ("督查 -2026-03-09", {"copy", "copy_hant", "edited"}),
        ("督查 2026年2月", set()),
        ('督查 "2026年2月"', set()),
        ("督查 OR 2026年2月", {"notice", "copy", "copy_hant", "edited"}),
    ],
)
async def test_a_date_among_the_words_asks_when_it_was_published(served, ids, typed, found):
    ours = (await served.client.get("/api/search?size=100&q=" + quote(typed))).json()
    table = (await served.client.get("/archive/articles.json?_shape=array&_size=max&_search=" + quote(typed))).json()

    assert {article["id"] for article in ours["articles"]} == {ids[name] for name in found}
    assert {row["id"] for row in table} == {ids[name] for name in found}


async def test_a_page_says_that_a_word_was_read_as_a_date_and_how_to_search_for_it(served):
    page = (await served.client.get("/search?q=" + quote("2026年3月 督查"))).text
    as_text = (await served.client.get("/api/search?q=" + quote('"2026年3月" 督查'))).json()

    assert "Published between 2026-03-01 and 2026-03-31" in page
    assert f'href="/search?q={quote(chr(34) + "2026年3月" + chr(34))}+{quote("督查")}"' in page
    assert as_text["conditions"] == []
