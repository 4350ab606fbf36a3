"""A look at a home page finds the ways in, and the outlet file it writes crawls the site."""

import json
import subprocess
import sys
import tomllib

import pytest

from crawler.discovery.links import Link
from crawler.discovery.patterns import article_shapes
from crawler.outlet import Outlet
from fangzhi.demo import serve, truth

SCRIPT = """
import json, sys
from dataclasses import asdict
from crawler.probe import probe
try:
    found = probe(sys.argv[1], resolve={"localhost": "127.0.0.1"}, private=sys.argv[2] == "private")
except ValueError as error:
    sys.exit(str(error))
print(json.dumps({**asdict(found), "toml": found.toml()}))
"""


TRS = r"/zwgk/[\w-]+/\d{6}/t\d{8}_\d+\.html$"


def look(url, private="private"):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, url, private], capture_output=True, text=True, timeout=60, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


@pytest.fixture(scope="module")
def web():
    with serve(0) as server:
        yield server


@pytest.mark.parametrize(
    ("host", "types"),
    [
        ("www.huaize-ribao", {"column", "epaper"}),
        ("news.huaize", {"feed", "sitemap", "column"}),
        ("wjw.shitang", {"column"}),
    ],
)
def test_outlet_file_of_a_look_crawls_the_site(loopback, web, host, types):
    home = f"http://{host}.localhost:{web.port}/"
    found = look(home)
    outlet = Outlet(slug="looked-at", **tomllib.loads(found["toml"]))
    outlet = outlet.model_copy(update={"private": True, "delay": 0.0})
    loopback.crawl(outlet, since="2026-03-01", until="2026-03-12")
    wanted = {one.url for one in truth(1, web.port) if one.url.startswith(home) and one.kind in ("article", "notice")}
    held = {one.url for one in loopback.captures() if one.status == 200}

    assert {finding["type"] for finding in found["findings"]} == types
    assert found["title"]
    assert len(wanted & held) >= 0.9 * len(wanted) > 8
    assert all(finding["why"] for finding in found["findings"])
    assert set(found["would_fetch"]) >= {finding["url"] for finding in found["findings"]}


def test_edition_address_is_found_with_its_day(web):
    found = look(f"http://www.huaize-ribao.localhost:{web.port}/")
    (paper,) = (finding for finding in found["findings"] if finding["type"] == "epaper")

    assert paper["url"] == f"http://szb.huaize-ribao.localhost:{web.port}/html/%Y-%m/%d/node_1.htm"


def test_look_keeps_to_robots_txt_and_to_open_addresses(loopback):
    loopback.put("/robots.txt", "User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    loopback.put("/", "<a href=/a/1.html>x</a>")

    assert "robots.txt, line 2: Disallow: /" in look(loopback.url("/"))
    assert loopback.paths() == ["/robots.txt"]
    assert "CannotResolveHostError" in look(loopback.url("/"), "open")


@pytest.mark.parametrize(
    ("paths", "rule"),
    [
        (
            ["/yaowen/2026/0310/21.html", "/minsheng/2026/0309/7.html", "/xw/2025/1231/9.html"],
            r"/[\w-]+/\d{4}/\d{4}/\d+\.html$",
        ),
        (
            ["/zwgk/tzgg/202603/t20260310_5.html", "/zwgk/gzdt/202603/t20260301_77.html"],
            r"/zwgk/[\w-]+/\d{6}/t\d{8}_\d+\.html$",
        ),
        (["/news_detail.asp?id=1029", "/news_detail.asp?id=7"], r"/news_detail\.asp\?id=\d+$"),
        (["/x/" + "a1" * 16 + ".shtml", "/x/" + "0f" * 16 + ".shtml"], r"/x/[0-9a-f]{32}\.shtml$"),
    ],
    ids=["dated", "trs", "query", "hex"],
)
def test_rule_is_written_from_addresses(paths, rule):
    links = [
        Link(f"http://a.example{path}", "河湾县召开全县防汛抗旱工作会议".encode().decode("latin-1")) for path in paths
    ]
    (shape,) = article_shapes(links, least=2)

    assert shape.rule == rule


def test_menus_are_no_articles():
    words = ["首页", "要闻", "联系我们", "关于我们"]
    links = [Link(f"http://a.example/n/{n}.html", word.encode().decode("latin-1")) for n, word in enumerate(words)]

    assert article_shapes(links) == []
