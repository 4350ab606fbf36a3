import re
import time
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import pytest

from browse.api.openapi import ADDRESSES


def local(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


async def walk(served, path: str, key: str) -> list[dict]:
    """Follow `next` from answer to answer to the end."""
    rows = []
    while path:
        response = await served.client.get(path)
        assert response.status_code == 200, response.text
        data = response.json()
        rows += data[key]
        path = data["next"] and local(data["next"])
        assert ("Link" in response.headers) == bool(path)
    return rows


@pytest.mark.parametrize("query", ["", "麦苗", "麦苗&order=date", "outlet:yunpu-ribao", "督查&copies=fold"])
async def test_search_is_never_cut_short(served, query):
    whole = (await served.client.get(f"/api/search?size=100&q={query}")).json()
    paged = await walk(served, f"/api/search?size=7&q={query}", "articles")

    assert [row["id"] for row in paged] == [row["id"] for row in whole["articles"]]
    assert whole["next"] is None
    assert len({row["id"] for row in paged}) == len(paged)


async def test_search_folds_copies_under_the_probable_original(served, ids):
    folded = (await served.client.get("/api/search?copies=fold&q=" + quote("發熱患者"))).json()["articles"]

    assert [row["id"] for row in folded] == [ids["notice"]]
    assert set(folded[0]["copies"]) == {ids["copy"], ids["copy_hant"]}


async def test_an_article_is_found_by_id_and_by_any_form_of_its_address(served, ids):
    by_id = (await served.client.get(f"/api/article/{ids['notice']}")).json()
    url = quote("https://YUNPU-weijian.example/2026/03/09/1.html?utm_source=x#top", safe="")
    by_url = (await served.client.get(f"/api/article?url={url}")).json()

    assert by_id == by_url
    assert by_id["article"]["document"]["number"] == "云卫办〔2026〕7号"
    assert by_id["article"]["capture"]["sha256"]
    assert by_id["article"]["repair_log"][0]["before"] == "疫(yì)情"


async def test_versions_hold_the_text_before_and_after_the_edit(served, ids):
    versions = (await served.client.get(f"/api/article/{ids['edited']}/versions")).json()["versions"]

    assert [version["title"] for version in versions] == ["督查组检查诊所86家", "督查组检查诊所82家"]
    assert "86家" in versions[0]["text"]
    assert "82家" in versions[1]["text"]


async def test_changes_tell_everything_once_and_then_nothing(served, ids):
    seen, cursor = [], ""
    while True:
        data = (await served.client.get(f"/api/changes?size=9&cursor={cursor}")).json()
        seen += [(change["kind"], change["article"]["id"]) for change in data["changes"]]
        cursor = data["cursor"]
        if data["next"] is None:
            break
    again = (await served.client.get(f"/api/changes?cursor={cursor}")).json()

    assert len(seen) == len(set(seen)) == 39
    assert {("changed", ids["edited"]), ("gone", ids["gone"])} <= set(seen)
    assert again["changes"] == []
    assert again["cursor"] == cursor


async def test_coverage_adds_up_to_the_dated_articles(served):
    days = await walk(served, "/api/coverage?size=10", "days")

    assert sum(day["obtained"] for day in days) == 36


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/article/0123456789abcdef", 404, "No article has the id"),
        ("/api/article", 400, "url is missing"),
        ("/api/article/nonsense/versions", 404, "No article has the id"),
        ("/api/search?cursor=%00", 400, "cursor"),
        ("/api/search?cursor=WzIsImRhdGUiLDFd", 400, "cursor"),
        ("/api/search?since=yesterday", 400, "since is 'yesterday'"),
        ("/api/search?since=2026-02-01&until=2026-01-01", 400, "lies after"),
        ("/api/search?status=dead", 400, "status is 'dead'"),
        ("/api/search?size=0", 400, "size is '0'"),
        ("/api/search?q=" + "a" * 5000, 400, "5000 characters"),
        ("/api/changes?kind=old", 400, "kind is 'old'"),
        ("/api/changes?cursor=WzEsInNlYXJjaCJd", 400, "cursor"),
        ("/api/coverage?since=x", 400, "since is 'x'"),
        ("/api/cluster/nothing", 404, "No cluster"),
        ("/api/outlet/nobody", 404, "No outlet"),
        ("/api/nothing", 404, ""),
    ],
)
async def test_what_cannot_be_answered_is_refused_in_words(served, path, status, says):
    response = await served.client.get(path)

    assert response.status_code == status
    assert response.json()["ok"] is False
    assert says in response.json()["error"]


async def test_an_answer_has_an_etag_and_is_not_sent_twice(served, ids):
    path = f"/api/article/{ids['notice']}"
    first = await served.client.get(path)
    second = await served.client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert second.status_code == 304
    assert second.content == b""
    assert first.headers["access-control-allow-origin"] == "*"
    written = parsedate_to_datetime(first.headers["last-modified"]).timestamp()
    assert time.time() - 3600 < written <= time.time() + 1  # the sample was made for this run


async def test_openapi_document_is_served(served):
    document = (await served.client.get("/api/openapi.json")).json()

    assert set(document["paths"]) == {path for path, *_ in ADDRESSES}
