import json
import re
import sqlite3

import pytest
from datasette.app import Datasette

from browse import archive
from browse.metadata import metadata
from pipelines.schema import DESCRIPTIONS

from .conftest import METADATA, serve


def test_metadata_file_is_what_the_schema_says():
    assert json.loads(METADATA.read_text("utf-8")) == metadata()


async def test_every_described_table_and_column_exists_and_shows_its_description(served):
    database = served.get_database("archive")
    for table, described in DESCRIPTIONS.items():
        assert set(described.columns) == set(await database.table_columns(table)), table
        response = await served.client.get(f"/archive/{table}")
        assert response.status_code == 200
        assert described.row.partition(" (")[0][:40].replace("'", "&#39;") in response.text


async def test_no_facet_times_out(served):
    for table in DESCRIPTIONS:
        data = (await served.client.get(f"/archive/{table}.json?_size=1")).json()
        assert data.get("facets_timed_out", []) == [], table


async def test_home_says_what_the_archive_holds(served, ids):
    response = await served.client.get("/")

    assert response.status_code == 200
    assert "<b>37</b>" in response.text
    for name in ("gone", "edited", "notice"):
        assert f"/article/{ids[name]}" in response.text
    assert "/cluster/" in response.text


async def test_article_reads_like_an_article(served, ids):
    html = (await served.client.get(f"/article/{ids['notice']}")).text

    assert "<h1>云浦市卫生健康委关于开展诊所疫情防控专项督查的通知</h1>" in html
    assert "2026-03-09 09:30 +08:00" in html
    assert html.count("<p>") >= 3
    assert "<p>督查组将采取不打招呼、直奔现场的方式，重点检查预检分诊、发热患者登记报告和药品购销台账。</p>" in html
    assert 'href="http://yunpu-weijian.example/2026/03/09/1.html"' in html
    assert "云卫办〔2026〕7号" in html
    assert 'href="http://yunpu-weijian.example/1.pdf"' in html
    assert "javascript:" not in html
    assert "分享到：微信 微博" in html
    assert "probable original" in html
    assert re.search(r"sha256 [0-9a-f]{64}\.", html)


async def test_a_bare_date_is_shown_without_a_clock_time(served, ids):
    html = (await served.client.get(f"/article/{ids['copy']}")).text

    assert "2026-03-11 (+08:00)" in html
    assert "2026-03-11 00:00" not in html


async def test_repairs_are_shown_in_place_on_request_alone(served, ids):
    plain = (await served.client.get(f"/article/{ids['notice']}")).text
    shown = (await served.client.get(f"/article/{ids['notice']}?repairs=1")).text

    assert '<mark class="repair' not in plain
    assert "<del>疫(yì)情</del>疫情</mark>" in shown
    assert 'class="repair guess"' in shown


async def test_a_simplified_text_can_be_read_in_traditional_characters(served, ids):
    html = (await served.client.get(f"/article/{ids['notice']}?script=zh-Hant")).text

    assert "督查組將採取不打招呼" in html
    assert "Read as published" in html


async def test_gone_article_says_since_when(served, ids):
    html = (await served.client.get(f"/article/{ids['gone']}")).text

    assert "Last seen alive" in html
    assert "2026-03-27 01:00 UTC" in html


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("0123456789abcdef", 404, "No article has this id"),
        ("no-such", 404, "No article has this id"),
        ("skipped", 404, "was fetched, and is not an article"),
    ],
)
async def test_an_id_without_an_article_is_answered_with_the_reason(served, ids, name, status, says):
    response = await served.client.get(f"/article/{ids.get(name, name)}")

    assert response.status_code == status
    assert says in response.text


@pytest.mark.parametrize(
    ("accepts", "word"), [("zh-CN,zh;q=0.9,en;q=0.8", "检索"), ("en-GB,en", "Search"), ("de", "Search")]
)
async def test_interface_speaks_the_language_of_the_browser(served, accepts, word):
    response = await served.client.get("/", headers={"Accept-Language": accepts})

    assert f"<button>{word}</button>" in response.text
    assert "Accept-Language" in response.headers["vary"]


async def test_another_database_is_left_as_datasette_shows_it(tmp_path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("create table t (a text)")
    connection.close()
    datasette = Datasette([str(path)])
    await datasette.invoke_startup()
    response = await datasette.client.get("/")

    assert response.status_code == 200
    assert "other" in response.text
    assert "Fangzhi" not in response.text


async def test_an_article_is_found_by_the_place_that_it_is_about(served, ids):
    html = (await served.client.get(f"/article/{ids['gone']}")).text
    in_district = (await served.client.get("/api/search?region=411702")).json()["articles"]
    in_prefecture = (await served.client.get("/api/search?q=region:驻马店")).json()["articles"]

    assert 'href="/region/411702"' in html
    assert [article["id"] for article in in_district] == [ids["gone"]]
    assert {ids["gone"], ids["notice"]} <= {article["id"] for article in in_prefecture}


async def test_what_is_remembered_is_asked_again_when_the_archive_has_changed(tmp_path, sample, monkeypatch):
    path = tmp_path / "archive.db"
    with sqlite3.connect(sample[0]) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    served = await serve(path)
    before = (await served.client.get("/")).text
    with sqlite3.connect(path) as connection:
        connection.execute("delete from articles where title is null")
    within_the_minute = (await served.client.get("/")).text
    monkeypatch.setattr(archive, "KEPT", 0)
    after_it = (await served.client.get("/")).text

    assert "<b>37</b>" in before
    assert "<b>37</b>" in within_the_minute
    assert "<b>36</b>" in after_it


async def test_search_engines_are_sent_to_the_publishers(served):
    assert (await served.client.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"
