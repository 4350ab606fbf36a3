"""Markup, script, direction overrides and endless texts stay what they are: characters."""

import csv
import io
import json
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from browse import exports

from .sample import EVIL, OVERRIDE

PAYLOADS = (
    EVIL,
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "'; drop table articles; --",
    OVERRIDE + "txt.exe",
    "長" * 1900,
    "\x00\x01\uffff",
    "{{ 7919 * 7907 }}{% raw %}",
    "../../../../etc/passwd",
)
PAGES = [
    "/search?q={}",
    "/search?outlet={}",
    "/search?flag={}",
    "/search?source={}",
    "/search?after={}",
    "/search?region={}",
    "/search?since={}",
    "/search.atom?q={}",
    "/search.csv?source={}",
    "/search.parquet?q={}",
    "/search.wacz?q={}",
    "/region/{}",
    "/coverage?after={}",
    "/article/{}",
    "/article/{}/versions",
    "/article/{}/capture",
    "/outlet/{}",
    "/cluster/{}",
    "/changes?kind={}",
    "/changes?page={}",
    "/coverage?year={}",
    "/clusters?after={}",
    "/archive/articles?_search={}",
    "/archive/articles?source={}",
    "/?lang={}",
    "/{}",
    "/api/search?q={}",
    "/api/article?url={}",
    "/api/changes?cursor={}",
]
SHOWING = [
    "/",
    "/outlets",
    "/outlet/kuaixun",
    "/search?order=date",
    "/search?outlet=kuaixun",
    "/search?q=script",
    "/repairs",
    "/changes",
    "/coverage",
    "/health",
    "/regions",
    "/article/{}",
    "/article/{}?repairs=1",
    "/article/{}?script=zh-Hant",
    "/article/{}/versions",
    "/article/{}/capture",
    "/archive/articles",
    "/archive/articles/{}",
    "/archive/repairs",
    "/archive/trimmed",
    "/archive/documents",
]


def assert_inert(page: str) -> None:
    tree = html.fromstring(page)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            if name in {"href", "src", "action"}:
                assert not value.strip().lower().startswith(("javascript:", "data:", "vbscript:")), value
    scripts = [script.text_content() for script in tree.iter("script")]
    assert not any("hacked" in script for script in scripts)
    assert not any("hacked" in (image.get("onerror") or "") for image in tree.iter("img"))
    assert not [image for image in tree.iter("img") if image.get("src") == "x"]


async def test_a_hostile_article_is_inert_wherever_it_is_shown(served, ids):
    for path in (page.format(ids["evil"]) for page in SHOWING):
        response = await served.client.get(path)
        assert response.status_code == 200, path
        assert_inert(response.text)
        if not path.startswith("/archive"):
            assert OVERRIDE not in response.text, path


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
@pytest.mark.parametrize("page", PAGES)
async def test_a_hostile_address_is_answered_and_inert(served, page, payload):
    response = await served.client.get(page.format(quote(payload, safe="")), follow_redirects=True)

    assert response.status_code in {200, 400, 404}, response.text[:500]
    if response.headers["content-type"].startswith("text/html"):
        assert_inert(response.text)
    assert "62615533" not in response.text  # the template payload, had it been worked out


@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=a", "/archive/articles", "/api/search", "/archive.json", "/nothing", "/-/fangzhi/pages.css"],
)
async def test_every_answer_carries_the_protective_headers(served, path):
    headers = (await served.client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "http" not in policy


async def test_no_page_of_ours_asks_for_anything_from_elsewhere(served, ids):
    for path in ("/", "/search?q=a", f"/article/{ids['notice']}", "/coverage", "/outlet/kuaixun", "/api"):
        tree = html.fromstring((await served.client.get(path)).text)
        asked = [
            *tree.xpath("//script/@src"),
            *tree.xpath("//img/@src"),
            *tree.xpath("//link[@rel!='alternate']/@href"),
        ]
        asked += tree.xpath("//iframe/@src")
        assert asked
        assert all(address.startswith("/") and not address.startswith("//") for address in asked), path


async def test_the_raw_capture_is_a_download_without_a_type(served, ids):
    response = await served.client.get(f"/article/{ids['notice']}/capture/raw")

    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in response.headers["content-security-policy"]
    assert "督查组将采取不打招呼".encode() in response.content


async def test_the_replay_has_no_script_and_no_origin(served, ids):
    page = await served.client.get(f"/article/{ids['notice']}/capture")
    replay = await served.client.get(f"/article/{ids['notice']}/capture/replay")

    assert "<iframe" in page.text
    assert 'sandbox title="' in page.text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page.text
    assert replay.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "hacked" not in replay.text
    assert "href" not in replay.text
    assert "督查组将采取不打招呼" in replay.text


@pytest.mark.parametrize("end", ["", "/raw", "/replay"])
async def test_a_capture_of_another_article_is_not_handed_out(served, ids, end):
    response = await served.client.get(f"/article/{ids['notice']}/capture{end}?capture=../../secret:0")

    assert response.status_code == 404


async def test_csv_cells_do_not_run_in_a_spreadsheet(served):
    response = await served.client.get("/search.csv?q=script")
    rows = list(csv.reader(io.StringIO(response.text.lstrip("\ufeff"))))

    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


async def test_feed_of_a_search_is_well_formed_and_follows_it(served, ids):
    atom = "{http://www.w3.org/2005/Atom}"
    response = await served.client.get("/search.atom")
    feed = ET.fromstring(response.content)
    found = await served.client.get("/search.atom?q=" + quote("診所"))

    assert response.headers["content-type"].startswith("application/atom+xml")
    assert len(feed.findall(f"{atom}entry")) == 37
    addresses = [entry.findtext(f"{atom}id") for entry in ET.fromstring(found.content).findall(f"{atom}entry")]
    wanted = {ids[name] for name in ("notice", "copy", "copy_hant", "edited", "gone")}
    assert {address.rpartition("/")[2] for address in addresses} == wanted


async def test_exports_hold_every_article_that_was_found(served, monkeypatch):
    whole = (await served.client.get("/search.jsonl")).text.splitlines()
    monkeypatch.setattr(exports, "BLOCK", 5)  # so that the export has to go on from where ranking stops
    in_parts = (await served.client.get("/search.jsonl")).text.splitlines()

    assert len(whole) == 37
    assert in_parts == whole
    assert json.loads(whole[0])["authors"] == []
