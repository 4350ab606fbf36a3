"""The questions of journalists, each by one SQL statement and by one call of the API; test_chromium.py clicks."""

from urllib.parse import quote

import pytest

INSPECTED = """select region, count(*) as articles from articles where key in (
    select rowid from articles_fts where articles_fts match fangzhi_query('督查 诊所'))
    and day between '2026-03-01' and '2026-03-31' group by region"""
COPIED = """select a.outlet, p.is_original from reprints p join articles a on a.id = p.article
    where p.cluster = (select cluster from articles where id = '{copy}') order by p.is_original desc, a.key"""
EDITED = "select title from version_texts where article = '{edited}' order by n"
VANISHED = "select id from articles where outlet = 'suxi-shizheng' and status = 'gone'"
FOLLOWED = """select id from articles where outlet = 'yunpu-ribao' and key in (
    select rowid from articles_fts where articles_fts match fangzhi_query('疫苗')) order by first_seen desc"""


@pytest.fixture
def ask(served, ids):
    """Ask by SQL, through Datasette as any reader may; return the rows."""

    async def sql(statement: str) -> list[list]:
        response = await served.client.get("/archive.json?_shape=arrays&sql=" + quote(statement.format(**ids)))
        assert response.status_code == 200, response.text
        return response.json()["rows"]

    return sql


@pytest.fixture
def call(served, ids):
    async def api(path: str) -> dict:
        return (await served.client.get(path.format(**ids))).json()

    return api


async def test_where_were_inspections_of_clinics_reported_in_march_by_region(ask, call):
    by_sql = dict(await ask(INSPECTED))
    found = await call(f"/api/search?q={quote('督查 诊所 2026-03')}")

    assert sum(by_sql.values()) == 4
    assert found["by_region"] == {region: articles for region, articles in by_sql.items() if region}
    assert found["total"] == sum(by_sql.values())


async def test_who_copied_this_notice_and_who_wrote_it_first(ask, call, ids):
    by_sql = [(outlet, bool(first)) for outlet, first in await ask(COPIED)]
    cluster = (await call("/api/article/{copy}"))["article"]["cluster"]
    copies = (await call(f"/api/cluster/{cluster}"))["copies"]

    assert by_sql[0] == ("yunpu-weijian", True)
    assert [(copy["outlet"], copy["is_original"]) for copy in copies] == by_sql


async def test_what_did_the_page_say_before_it_was_edited(ask, call):
    versions = (await call("/api/article/{edited}/versions"))["versions"]

    assert await ask(EDITED) == [["督查组检查诊所86家"], ["督查组检查诊所82家"]]
    assert [version["title"] for version in versions] == ["督查组检查诊所86家", "督查组检查诊所82家"]


async def test_which_articles_of_this_outlet_vanished(ask, call, ids):
    found = (await call("/api/search?outlet=suxi-shizheng&status=gone"))["articles"]

    assert await ask(VANISHED) == [[ids["gone"]]]
    assert [article["id"] for article in found] == [ids["gone"]]


async def test_vaccines_of_one_county_are_followed(ask, call, served, ids):
    feed = (await served.client.get(f"/search.atom?outlet=yunpu-ribao&q={quote('疫苗')}")).text
    found = (await call(f"/api/search?outlet=yunpu-ribao&q={quote('疫苗')}"))["articles"]

    assert await ask(FOLLOWED) == [[ids["undated"]]]
    assert [article["id"] for article in found] == [ids["undated"]]
    assert feed.count("<entry>") == 1
    assert ids["undated"] in feed
