"""Describing: each field is read where pages print it, and not where they print something else."""

from hashlib import sha256

import pytest

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.describe.people import EDITOR_RULES as OF_EDITORS
from pipelines.describe.people import RULES as OF_PEOPLE
from pipelines.describe.source import LABELS, OTHERS
from pipelines.describe.when import RULES as OF_DATES
from pipelines.extract.headings import POINTS
from pipelines.extract.headline import HEAD
from pipelines.extract.headline import RULES as OF_HEADLINES
from pipelines.extract.titles import TITLE_RULES
from pipelines.flow import read
from pipelines.names import is_name
from pipelines.records import Skip
from tests.golden_pages import FETCHED
from tests.tables import cases, table

HEADLINE = "云岭四条社区公交线路开通"
BOX = ("index", "number", "issuer", "dated", "released", "topic", "validity")
FIRST = "四条社区公交线路昨日开通，票价一元，六十五岁以上老人凭卡免费乘坐，沿途停靠卫生服务中心和菜市场。"
MIDDLE = "线路试运行三个月，其间将根据刷卡数据和居民意见调整站点。首班车六点半发出，末班车晚上九点收车。"
LAST = "市民可以拨打热线提出建议，公交公司将逐一回复，并在每月底公布采纳的情况。"


def lines(text, tag="div"):
    return "".join(f"<{tag}>{line}</{tag}>" for line in text.split("|") if line)


def article(row):
    """Return what the pipelines read from a page that has the row's words where it says."""
    metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in row.get("meta", {}).items())
    heading = row.get("h1", HEADLINE)
    body = f"""<html><head><meta charset="utf-8"><title>{row.get("head", HEADLINE)}</title>{metas}
<script>{row.get("script", "")}</script></head><body>{lines(row.get("above", ""))}{row.get("raw", "")}
{f"<h1>{heading}</h1>" if heading else ""}{lines(row.get("info", ""))}
<div class="text">{lines("|".join((row.get("first", FIRST), MIDDLE, row.get("last", LAST))), "p")}</div>
{lines(row.get("after", ""))}{row.get("below", "")}</body></html>""".encode()
    outlet = None
    if "outlet" in row:
        source = {"type": "column", "url": "http://a.example/"}
        outlet = Outlet(slug="a", name=row["outlet"], home="http://a.example/", kind="portal", sources=[source])
    return read(
        Capture(
            url=row.get("url", "http://a.example/1.html"), fetched_at=FETCHED, status=200, body=body,
            headers=(("Content-Type", "text/html"),), sha256=sha256(body).hexdigest(), warc_file="a", warc_offset=0,
        ),
        outlet,
    )  # fmt: skip


def read_fields(found):
    box = found.document
    return {
        "title": found.title,
        "date": found.published_at.isoformat() if found.published_at else None,
        "precision": found.precision,
        "source": found.source,
        "authors": list(found.authors),
        "editors": list(found.editors),
        "section": found.section,
        "keywords": list(found.keywords),
        "lead": found.lead,
        "flags": list(found.flags),
        **{name: getattr(box, name) if box else None for name in BOX},
    }


@pytest.mark.parametrize("row", cases("fields/dates"))
def test_date_is_the_articles_own(row):
    check(row)


@pytest.mark.parametrize("row", cases("fields/sources"))
def test_source_is_the_outlet_that_the_page_names(row):
    check(row)


@pytest.mark.parametrize("row", cases("fields/people"))
def test_people_are_those_who_wrote_and_edited(row):
    check(row)


@pytest.mark.parametrize("row", cases("fields/titles"))
def test_title_is_the_headline_and_nothing_around_it(row):
    check(row)


@pytest.mark.parametrize("row", cases("fields/about"))
def test_column_keywords_summary_and_document_box(row):
    check(row)


def check(row):
    found = read_fields(article(row))

    assert {name: found[name] for name in row["expect"]} == row["expect"]


def of_people(word):
    return word if word in OF_PEOPLE else word.rpartition("-")[2]


# file of rows, the field, the rules that read it, and how the evidence's word for a rule becomes the rule
RULES = (
    ("titles", "title", {rule.name for rule in TITLE_RULES}, str),
    ("titles", "title", set(OF_HEADLINES), str),
    ("sources", "source", {*LABELS, *(rule for rule, _, _ in OTHERS)}, str),
    ("people", "authors", set(OF_PEOPLE), of_people),
    ("people", "editors", set(OF_EDITORS), str),
    ("dates", "date", set(OF_DATES), lambda word: word if word.startswith("near") else word.partition("-")[0]),
)


@pytest.mark.parametrize(("name", "field", "rules", "rule_of"), RULES, ids=["marks", *(row[1] for row in RULES[1:])])
def test_every_rule_of_a_field_has_rows_for_and_against(name, field, rules, rule_of):
    given = table(f"fields/{name}")
    found = [[one for one in article(row).evidence if one.field == field] for row in given]
    used = [{rule_of(one.rule) for one in evidence if one.won} for evidence in found]

    assert rules - {rule_of(one.rule) for evidence in found for one in evidence} == set()
    assert rules - {row.get("against") for row in given} == set()
    assert [row["label"] for row, seen in zip(given, used, strict=True) if row.get("against") in rules & seen] == []


def title_of(row):
    try:
        return article(row).title
    except Skip:
        return None


@pytest.mark.parametrize("point", [*POINTS, *HEAD])
def test_every_point_for_a_headline_decides_some_row(point, monkeypatch):
    turned = {name: (-value if name == point else value) for name, value in {**POINTS, **HEAD}.items()}
    monkeypatch.setattr("pipelines.extract.headings.POINTS", {name: turned[name] for name in POINTS})
    monkeypatch.setattr("pipelines.extract.headline.HEAD", {name: turned[name] for name in HEAD})

    assert any(title_of(row) != row["expect"]["title"] for row in table("fields/titles"))


def test_evidence_tells_what_won_and_what_lost():
    found = article({"info": "更新时间：2022-05-01 10:00 发布时间：2022-04-13 20:27 来源：云岭日报"})
    dates = [(item.rule, item.won) for item in found.evidence if item.field == "date"]

    assert dates[0] == ("near-label", True)
    assert ("near-other-label", False) in dates
    assert [(item.rule, item.value) for item in found.evidence if item.field == "source"] == [("label", "云岭日报")]


def test_time_has_the_offset_of_the_outlets_zone():
    source = {"type": "column", "url": "http://a.example/"}
    outlet = Outlet(
        slug="a", name="远方网", home="http://a.example/", kind="portal", sources=[source], timezone="Asia/Urumqi"
    )

    assert outlet.timezone == "Asia/Urumqi"
    assert article({"info": "2022-04-13 20:27"}).published_at.utcoffset().total_seconds() == 8 * 3600


def test_saved_page_has_the_address_that_it_tells_of_itself():
    page = '<html><head><link rel="canonical" href="https://a.example/9.html"><title>x</title></head><body>'
    body = (page + f"<h1>{HEADLINE}</h1><p>{FIRST}</p><p>{MIDDLE}</p></body></html>").encode()
    found = read(
        Capture(
            url="file:///tmp/9.html", fetched_at=FETCHED, status=0, headers=(), body=body, sha256="", warc_file="a",
            warc_offset=0,
        )
    )  # fmt: skip

    assert found.url == "https://a.example/9.html"


@pytest.mark.parametrize("word", ["房思远", "欧阳清秋", "涂青", "阿依努尔·买买提"])
def test_names_are_known(word):
    assert is_name(word)


@pytest.mark.parametrize("word", ["宣传部", "完", "综合", "张三李四王五", "县水利局", "abc"])
def test_words_that_are_no_names_are_known(word):
    assert not is_name(word)
