"""Outlet files are right, and a wrong one is told what is wrong."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from crawler.address import day_of
from crawler.discovery.epaper import edition_url
from crawler.outlet import HERE, Outlet, OutletError, UrlClass, load_outlet, load_outlets

OUTLETS = load_outlets()
GUIDE = Path(__file__).parents[1] / "docs" / "adding-an-outlet.md"

# addresses as these outlets have used them, and what each leads to
ADDRESSES = [
    ("zhumadian-net", "http://www.zmdnews.cn/showinfo-48-520679-0.html", UrlClass.ARTICLE),
    ("zhumadian-net", "http://zmdrb.zmdnews.cn/zmdrb/20221203/html/page_01.htm", UrlClass.LIST),
    ("zhoukou-net", "http://www.zhld.com/content/2020-09/22/content_896570.html", UrlClass.ARTICLE),
    ("zhoukou-net", "http://www.zhld.com/szb/pc/col/202211/15/content_185872.html", UrlClass.ARTICLE),
    ("zhoukou-net", "http://www.zhld.com/szb/pc/layout/202211/15/node_01.html", UrlClass.LIST),
    ("zhanjiang-yunmei", "https://m.gdzjdaily.com.cn/p/2816813.html", UrlClass.ARTICLE),
    ("zhanjiang-yunmei", "http://szb.gdzjdaily.com.cn/zjrb/html/2015-05/06/node_181.htm", UrlClass.LIST),
    ("rednet-xiangtan", "https://xt.rednet.cn/content/2021/09/17/10153872.html", UrlClass.ARTICLE),
    ("rednet-xiangtan", "https://xt.rednet.cn/content/646042/68/16201808.html", UrlClass.ARTICLE),
    ("nhc", "https://www.nhc.gov.cn/wjw/c100175/201806/049e945e6c8044c5b4cb6b4aa19ad98e.shtml", UrlClass.ARTICLE),
    ("nhc", "http://www.nhc.gov.cn/xcs/yqtb/list_gzbd_2.shtml", UrlClass.LIST),
    ("nhc", "http://www.nhc.gov.cn/a/202201/26ea3c97e82d466f9aa2b4a9901ae187/files/b.pdf", UrlClass.ASSET),
]


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=str)
def test_outlet_owns_the_hosts_of_its_sources(outlet):
    for source in outlet.sources:
        assert outlet.owns(source.url)
        assert outlet.classify(source.url) in (UrlClass.LIST, None)


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=str)
def test_outlet_that_was_never_tried_says_so(outlet):
    assert outlet.checked or outlet.note


@pytest.mark.parametrize(("slug", "url", "kind"), ADDRESSES)
def test_addresses_are_told_apart(slug, url, kind):
    assert OUTLETS[slug].owns(url)
    assert OUTLETS[slug].classify(url) is kind


@pytest.mark.parametrize(
    ("slug", "source"),
    [(slug, source) for slug, outlet in OUTLETS.items() for source in outlet.sources if source.type == "epaper"],
)
def test_edition_address_carries_its_day(slug, source):

    url = edition_url(source, date(2026, 3, 9))

    assert day_of(url) == date(2026, 3, 9)
    assert OUTLETS[slug].classify(url) is UrlClass.LIST


def test_the_guide_shows_a_file_that_loads():
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    outlet = Outlet(slug="hewan-daily", **tomllib.loads(example))

    assert [source.type for source in outlet.sources] == ["feed", "column", "epaper"]
    assert outlet.classify("http://szb.hewan-daily.example/html/2026-03/11/content_5.htm") is UrlClass.ARTICLE


def test_the_guide_names_every_key():
    text = GUIDE.read_text("utf-8")
    keys = set(Outlet.model_fields) - {"slug", "sources", "urls", "overrides", "since"}

    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


GOOD = """
name = "河湾日报"
home = "http://hewan.example/"
kind = "paper"
[[sources]]
type = "feed"
url = "http://hewan.example/rss.xml"
"""


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (GOOD.replace('"paper"', '"newspaper"'), ["kind", "'newspaper'", "'paper'"]),
        (GOOD.replace('"feed"', '"rss"'), ["sources.0", "'rss'", "'feed'"]),
        (GOOD.replace('home = "http://hewan.example/"', ""), ["home", "required"]),
        (GOOD.replace('name = "河湾日报"', 'name = ""'), ["name", "at least 1 character"]),
        ("delay = -1\n" + GOOD, ["delay", "greater than or equal to 0", "-1"]),
        ('colour = "red"\n' + GOOD, ["colour", "not permitted", "'red'"]),
        ('region = "41"\n' + GOOD, ["region", "'41'"]),
        (GOOD + "[urls]\narticle = ['(']\n", ["urls.article.0", "not a regular expression", "'('"]),
        (GOOD.split("[[", maxsplit=1)[0], ["sources", "required"]),
        ("name = ", ["not valid TOML"]),
    ],
    ids=["kind", "type", "missing", "empty", "number", "unknown", "region", "pattern", "sources", "toml"],
)
def test_wrong_file_is_told_what_is_wrong(tmp_path, wrong, says):
    path = tmp_path / "hewan.toml"
    path.write_text(wrong, "utf-8")
    with pytest.raises(OutletError) as caught:
        load_outlet(path)
    message = str(caught.value)

    assert message.startswith(str(path))
    for part in says:
        assert part in message


def test_unreadable_file_and_missing_folder_are_named(tmp_path):
    with pytest.raises(OutletError, match="No such file"):
        load_outlet(tmp_path / "none.toml")
    with pytest.raises(OutletError, match="no such folder"):
        load_outlets(tmp_path / "none")
    assert len(OUTLETS) == len(list(HERE.glob("*.toml")))
