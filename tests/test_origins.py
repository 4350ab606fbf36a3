"""Pages that say where their text was taken from: what counts as such a link, and what comes of it for the original."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Capture
from crawler.reader import iter_captures
from crawler.withdrawal import Level, Withdrawal, write_journal
from fangzhi.__main__ import cli
from pipelines.build import build
from pipelines.chains import chain
from pipelines.describe.origins import RULES
from pipelines.digest import tables
from pipelines.flow import read
from pipelines.relate import Copy, rank
from pipelines.url import article_id
from pipelines.warcs import warc_files
from tests.asking import rows
from tests.golden_pages import FETCHED
from tests.tables import cases, table
from tests.two_days import exchange, outlet, write

LINES = (
    "云岭县四条社区公交线路昨日开通，票价一元，六十五岁以上老人凭卡免费乘坐，沿途停靠卫生服务中心和菜市场。",
    "线路试运行三个月，其间将根据刷卡数据和居民意见调整站点。首班车六点半发出，末班车晚上九点收车。",
    "市民可以拨打热线提出建议，公交公司将逐一回复，并在每月底公布采纳的情况，所有车辆配有无障碍踏板。",
)


def page(*, head="2026-03-02 10:41", foot="", meta="") -> bytes:
    text = "".join(f"<p>{line}</p>" for line in LINES)
    title = "云岭四条社区公交线路开通"
    return f"""<html><head><meta charset=utf-8><title>{title}</title>{meta}</head><body><h1>{title}</h1>
<div class=info>{head}</div><div class=content>{text}{foot}</div></body></html>""".encode()


@pytest.mark.parametrize("row", cases("origins"))
def test_page_names_its_original_by_a_link_or_it_does_not(row):
    body = page(**{name: row[name] for name in ("head", "foot", "meta") if name in row})
    found = read(
        Capture(
            url="http://farm.example/x.html", fetched_at=FETCHED, status=200, headers=(("Content-Type", "text/html"),),
            body=body, sha256=sha256(body).hexdigest(), warc_file="a", warc_offset=0,
        )
    )  # fmt: skip

    assert [(one.rule, one.url) for one in found.origins] == ([(row["rule"], row["url"])] if row["rule"] else [])
    assert found.paragraphs[:3] == LINES


def test_every_rule_has_rows_for_and_against():
    given = table("origins")
    names = {rule.__name__ for rule in RULES}

    assert (
        {row["rule"] for row in given if row["rule"]} == names == {row["against"] for row in given if not row["rule"]}
    )


PAPER = Copy(
    article="a", outlet="paper", names=("云岭日报",), kind="paper", source=None, published_at="2026-03-01T01:00:00Z",
    exact=True, first_seen="2026-03-02T00:00:00Z", repairs=0, site="daily.example",
)  # fmt: skip
OTHER = replace(PAPER, article="b", outlet="other", names=("河湾日报",), site="other.example")
FARM = replace(PAPER, article="c", outlet="farm", names=("快看",), kind="farm", site="farm.example")
MILL = replace(FARM, article="d", outlet="mill", names=("文海",), site="mill.example")
LATER = replace(PAPER, published_at="2026-03-03T01:00:00Z")


@pytest.mark.parametrize(("copies", "original", "rule"), [
    ([LATER, OTHER, FARM], "b", "printed_time"),  # no links
    ([LATER, OTHER, replace(FARM, links=("a",))], "a", "named_as_source"),
    ([LATER, OTHER, replace(FARM, sites=("daily.example",))], "a", "named_as_source"),  # its home page
    ([LATER, OTHER, replace(FARM, links=("b",)), replace(MILL, sites=("daily.example",))], "b", "linked_as_original"),
    ([LATER, OTHER, replace(FARM, links=("d",)), replace(MILL, links=("a",))], "a", "named_as_source"),  # by two steps
    ([LATER, OTHER, replace(FARM, links=("d",)), replace(MILL, source="云岭日报")], "a", "named_as_source"),  # a name
    ([LATER, OTHER, replace(FARM, links=("d",)), replace(MILL, links=("c",))], "b", "printed_time"),  # in a circle
    ([LATER, replace(OTHER, links=("b",)), replace(FARM, links=("zz",))], "b", "printed_time"),  # itself, none here
    ([LATER, OTHER, *(replace(one, source="云岭日报", links=("b",)) for one in (FARM, MILL))], "a", "named_as_source"),
])  # fmt: skip
def test_links_of_copies_speak_for_the_original(copies, original, rule):
    first = rank(copies)[0]

    assert (first.copy.article, first.rule) == (original, rule)


def unmeasured(one, other):
    """Say of no two copies what they share."""


def test_link_to_an_article_tells_whom_it_was_taken_from_before_any_name_does():
    farm = replace(FARM, source="云岭日报", links=("d",))
    copies = [one.copy for one in rank([PAPER, MILL, farm])]
    found = chain(copies, unmeasured)

    assert (copies[0].article, found["c"].article, found["c"].rule) == ("a", "d", "link_named")
    assert chain(copies, unmeasured)["d"].rule == "original"


ARTICLES = "abcdef"


@given(
    st.permutations(range(6)),
    st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), st.sampled_from(["", "甲报", "乙报"]),
             st.lists(st.sampled_from(ARTICLES), max_size=2), st.booleans()), min_size=6, max_size=6),
)  # fmt: skip
def test_links_and_names_say_the_same_in_whatever_order_copies_come(order, told):
    names = {"x": "甲报", "y": "乙报", "z": "丙报"}
    copies = [
        replace(PAPER, article=article, outlet=outlet, names=(names[outlet],), site=f"{outlet}.example", source=source,
                links=tuple(links), sites=("x.example",) if home else ())
        for article, (outlet, source, links, home) in zip(ARTICLES, told, strict=True)
    ]  # fmt: skip

    assert rank([copies[n] for n in order]) == rank(copies)


OUTLETS = {"daily": outlet(), "farm": outlet("farm"), "mill": outlet("mill")}
OWN, FIRST, SECOND = (f"http://{site}.example/bus.html" for site in ("daily", "farm", "mill"))


@pytest.fixture
def captures(tmp_path):
    """A farm's copy that links to the daily, printed before it, and a mill's that links to the farm."""
    shown = [
        exchange(
            SECOND, page(head="2026-03-02 09:00", foot=f'<p>原文链接：<a href="{FIRST}">点此</a></p>'), slug="mill"
        ),
        exchange(FIRST, page(head=f'2026-03-02 08:00 来源：<a href="{OWN}">日报</a>'), 1, slug="farm"),
        exchange(OWN, page(head="2026-03-02 10:00"), 2),
    ]
    return write(tmp_path / "captures", shown)


def test_chain_by_links_is_in_the_archive_whatever_comes_first(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    told = "SELECT url, taken_from, p.evidence FROM reprints p JOIN articles a ON a.id = p.article ORDER BY url"
    found = {url: (taken, json.loads(evidence)) for url, taken, evidence in rows(archive, told)}

    assert {url: taken for url, (taken, _) in found.items()} == {
        OWN: None, FIRST: article_id(OWN), SECOND: article_id(FIRST),
    }  # fmt: skip
    assert [found[url][1].get("taken_from") for url in (OWN, FIRST, SECOND)] == [None, "link_named", "link_named"]
    assert (found[OWN][1]["rule"], found[OWN][1]["linked_as_original"]) == ("named_as_source", 2)
    assert rows(archive, "SELECT rule, url FROM origins ORDER BY rule") == [
        ("original_link", FIRST), ("source_link", OWN),
    ]  # fmt: skip


def test_original_that_is_not_held_is_wanted_by_its_address(captures, tmp_path):
    archive = tmp_path / "archive.db"
    with warc_files(captures)[0].open("r+b") as file:  # its record is the last
        file.truncate(max(one.warc_offset for one in iter_captures(warc_files(captures)[0])))
    build(captures, archive, OUTLETS, workers=0)
    command = ["status", "--wanted", "--json", "--archive", str(archive), "--crawl-db", str(tmp_path / "none.db")]
    told = json.loads(CliRunner().invoke(cli, command).stdout)

    assert [(one["name"], one["sample"], one["original"]) for one in told] == [("日报", FIRST, OWN)]


def test_withdrawn_original_is_named_by_no_copy_until_it_is_lifted(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    before = tables(archive)
    decision = Withdrawal(
        at="2026-03-04T00:00:00.000000Z", article=article_id(OWN), level=Level.HIDE, url=OWN, by="x", reason="y",
        pages=(article_id(OWN),),
    )  # fmt: skip
    write_journal(captures, [decision])
    build(captures, archive, OUTLETS, workers=0)
    fresh = tmp_path / "fresh.db"
    build(captures, fresh, OUTLETS, workers=0)

    assert rows(archive, "SELECT rule, url FROM origins ORDER BY rule") == [
        ("original_link", FIRST),
        ("source_link", None),
    ]
    assert b"daily.example/bus.html" not in archive.read_bytes()
    assert tables(archive) == tables(fresh)

    write_journal(captures, [replace(decision, at="2026-03-05T00:00:00.000000Z", level=Level.LIFT)])
    build(captures, archive, OUTLETS, workers=0)

    assert tables(archive) == before
