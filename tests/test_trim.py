"""Trimming: every rule cuts its own furniture and leaves the lines that look like it."""

import pytest

from crawler.capture import Capture
from pipelines.extract.prune import PRUNES, clutter_rule
from pipelines.records import Draft, Page
from pipelines.trim import trim
from pipelines.trim.rules import RULES
from tests.golden_pages import FETCHED
from tests.tables import table

FIRST = "云岭市四条社区公交线路昨日开通，票价一元，六十五岁以上老人凭卡免费乘坐，沿途停靠卫生服务中心和菜市场。"
SECOND = "市公交公司表示，线路试运行三个月，其间将根据刷卡数据和居民意见调整站点，居民可以拨打热线提出自己的建议。"


def rows(name):
    found = table(f"trim/{name}")
    return [pytest.param(row, id=f"{row['rule']}-{row.get('line') or row['attrs']}"[:60]) for row in found]


def draft(lines, title=None, head=()):
    capture = Capture(
        url="http://a.example/1.html", fetched_at=FETCHED, status=200, headers=(), body=b"", sha256="", warc_file="a",
        warc_offset=0,
    )  # fmt: skip
    page = Page(capture=capture, outlet=None, media="text/html", text="", charset="utf-8")
    return Draft(page=page, title=title, lines=tuple(lines), head=tuple(head))


def around(row):
    """Return the two paragraphs with the row's line where it says, and what it says follows."""
    lines = {"head": [row["line"], FIRST, SECOND], "middle": [FIRST, row["line"], SECOND]}
    return [*lines.get(row["at"], [FIRST, SECOND, row["line"]]), *([row["then"]] if "then" in row else [])]


@pytest.mark.parametrize("row", rows("lines"))
def test_each_rule_cuts_its_furniture_and_nothing_else(row):
    result = trim(draft(around(row)))
    gone = [item.line for item in result.trimmed if item.rule == row["rule"]]

    if row["gone"]:
        assert row["line"] in gone
        assert result.lines == (FIRST, SECOND)
    else:
        assert row.get("left", row["line"]) in result.lines


@pytest.mark.parametrize("row", rows("names"))
def test_elements_are_known_by_their_names(row):
    assert clutter_rule(row["attrs"]) == row["rule"]


def test_every_rule_has_rows_for_and_against():
    lines = table("trim/lines")
    cut = {row["rule"] for row in lines if row["gone"] or row.get("left", row["line"]) != row["line"]}
    kept = {row["rule"] for row in lines if not row["gone"] and row.get("left", row["line"]) == row["line"]}
    names = {rule.name for rule in RULES}

    assert names - cut == set()
    assert names - kept == set()


def test_every_pruning_rule_has_rows_for_and_against():
    rows = table("trim/names")
    names = {rule.name for rule in PRUNES}

    assert names - {row["rule"] for row in rows} == set()
    assert names - {row.get("against") for row in rows if row["rule"] is None} == set()


def test_headline_said_again_and_what_stands_above_it_go():
    result = trim(draft(["云岭在线", "四条社区公交线路开通", FIRST, SECOND], title="四条社区公交线路开通"))

    assert result.lines == (FIRST, SECOND)
    assert [item.rule for item in result.trimmed] == ["above-headline", "headline"]


def test_essayist_named_alone_under_the_headline_goes_and_is_kept_on_record():
    result = trim(draft(["樊知秋", FIRST], title="春分时节", head=["春分时节"]))

    assert result.lines == (FIRST,)
    assert [(item.rule, item.line) for item in result.trimmed] == [("names-only", "樊知秋")]


def test_box_amid_the_text_goes_and_the_text_goes_on():
    result = trim(
        draft([FIRST, "推荐阅读", "地铁开始铺轨", SECOND, FIRST.replace("昨日", "今日"), SECOND[:-1] + "，并可写信。"])
    )

    assert result.lines[1] == SECOND
    assert len(result.lines) == 4


def test_trimming_twice_is_trimming_once():
    once = trim(draft([FIRST, "分享到：", SECOND, "责任编辑：甘露白", "猜你喜欢", "地铁开始铺轨"]))

    assert trim(once).lines == once.lines


def test_no_line_is_lost():
    lines = ["首页 > 民生 > 正文", FIRST, "【打印】", SECOND, "责任编辑：甘露白", "猜你喜欢", "地铁开始铺轨"]
    result = trim(draft(lines))

    assert sorted([*result.lines, *(item.line for item in result.trimmed)]) == sorted(lines)


def test_second_line_of_a_headline_goes_with_the_line_of_the_date_below_it():
    result = trim(draft(["票价一元", "发布时间：2022-04-13 20:27", FIRST, SECOND]))

    assert result.lines == (FIRST, SECOND)
    assert [item.rule for item in result.trimmed] == ["above-dateline", "buttons"]


def test_text_above_a_date_stays():
    assert trim(draft([FIRST, "发布时间：2022-04-13 20:27", SECOND])).lines[0] == FIRST
