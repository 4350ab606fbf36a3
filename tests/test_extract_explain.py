"""`fangzhi extract --explain`: the node that was taken, the blocks and lines left out by rule, what won and lost."""

import json
import re

import pytest
from click.testing import CliRunner

from fangzhi.commands.extract import extract
from tests.golden_pages import PAGES


@pytest.fixture(scope="module")
def told():
    page = str(PAGES / "portal-div" / "page.html")
    return json.loads(CliRunner().invoke(extract, [page, "--explain"]).stdout)


def test_node_that_was_taken_is_named_with_the_rule(told):
    won = [one for one in told["evidence"] if one["field"] == "text" and one["won"]]

    assert [(one["rule"], one["value"]) for one in won] == [("named", "div article-content")]


def test_node_that_came_second_is_named_with_its_weight_and_why_it_lost(told):
    lost = [one for one in told["evidence"] if one["field"] == "text" and not one["won"]]

    assert [one["rule"] for one in lost] == ["weight"]
    assert re.fullmatch(r"\S.*: weight \d+, taken \d+; (around it|within it|elsewhere)", lost[0]["value"])


def test_data_name_the_visible_text_that_they_beat():
    page = str(PAGES / "next-data" / "page.html")
    rows = json.loads(CliRunner().invoke(extract, [page, "--explain"]).stdout)["evidence"]

    assert [(one["rule"], one["value"], one["won"]) for one in rows if one["field"] == "text"] == [
        ("embedded-data", "script", True),
        ("weight", "p: 52 characters, less than half of what the data hold", False),
    ]


def test_blocks_and_lines_left_out_are_told_by_rule(told):
    assert {"navigation", "related-list", "comment-box", "footer"} <= {one["rule"] for one in told["pruned"]}
    assert any(one["block"].startswith("<div related> 4 lines: 猜你喜欢") for one in told["pruned"])
    assert {"rule": "advertisement", "line": "扫一扫下载云岭在线客户端，看更多本地新闻"} in told["trimmed"]


def test_every_field_tells_what_won_and_what_lost(told):
    fields = {field: [one["won"] for one in told["evidence"] if one["field"] == field] for field in ("title", "date")}

    assert all(wins.count(True) == 1 for wins in fields.values())
    assert False in fields["title"]
