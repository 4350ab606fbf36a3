"""Extraction: the body of every family of pages, verdicts on pages that are none."""

from hashlib import sha256

import pytest

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.extract import extract
from pipelines.extract.blocks import flatten
from pipelines.extract.prune import clutter_rule
from pipelines.extract.titles import fold
from pipelines.flow import read
from pipelines.parse import parse
from pipelines.records import Page, Reason, Skip
from tests.golden_pages import FETCHED
from tests.hostile_pages import BOMB

HEADLINE = "云岭四条社区公交线路开通"
PARAGRAPHS = (
    "四条社区公交线路昨日开通，票价一元，六十五岁以上老人凭卡免费乘坐，沿途停靠卫生服务中心和菜市场。",
    "线路试运行三个月，其间将根据刷卡数据和居民意见调整站点。首班车六点半发出，末班车晚上九点收车。",
    "市民可以拨打热线提出建议，公交公司将逐一回复，并在每月底公布采纳的情况。",
)
TEXT = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
LINKS = "".join(f'<li><a href="/{n}.html">第{n}期云岭民生热线回访记录整理发布</a></li>' for n in range(30))


def capture(body, *, mime="text/html", url="http://a.example/1.html"):
    data = body.encode() if isinstance(body, str) else body
    return Capture(
        url=url, fetched_at=FETCHED, status=200, headers=(("Content-Type", mime),), body=data,
        sha256=sha256(data).hexdigest(), warc_file="a.warc.gz", warc_offset=0,
    )  # fmt: skip


def page(body, outlet=None):
    blank = Page(capture=capture(body), outlet=outlet, media="text/html", text=body, charset="utf-8")
    return parse(blank)


def web(body, title=HEADLINE):
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<h1>{HEADLINE}</h1>{TEXT}", id="paragraphs in the body"),
        pytest.param(f"<h1>{HEADLINE}</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div>", id="breaks"),
        pytest.param(f"<h1>{HEADLINE}</h1><table><tr><td>{'<br>'.join(PARAGRAPHS)}</td></tr></table>", id="cell"),
        pytest.param(
            f"<h1>{HEADLINE}</h1>{''.join(f'<div>{line}</div>' for line in PARAGRAPHS)}", id="text straight in div"
        ),
        pytest.param(
            f"<h1>{HEADLINE}</h1><table><tr><td><ul>{LINKS}</ul></td><td>{TEXT}</td></tr></table>", id="layout table"
        ),
        pytest.param(f"<form><h1>{HEADLINE}</h1>{TEXT}</form>", id="all in a form"),
        pytest.param(f'<div class="nav-main"><h1>{HEADLINE}</h1>{TEXT}</div>', id="misleading name"),
        pytest.param(f"<ul>{LINKS}</ul><h1>{HEADLINE}</h1>{TEXT}<ul>{LINKS}</ul>", id="between lists"),
        pytest.param(f"<h1>{HEADLINE}</h1>{TEXT}<div style='display: none'>{TEXT}</div>", id="said twice, once hidden"),
    ],
)
def test_body_is_found_in_every_layout(body):
    assert extract(page(web(body))).lines[-3:] == PARAGRAPHS


def test_rows_of_figures_stay_rows():
    table = "<table><tr><td>乡镇</td><td>户数</td></tr><tr><td>石埠镇</td><td>3180</td></tr></table>"
    lines = extract(page(web(f"<h1>{HEADLINE}</h1><div>{TEXT}{table}</div>"))).lines

    assert lines[-2:] == ("乡镇 户数", "石埠镇 3180")


def test_caption_stands_apart_from_the_text():
    picture = (
        '<p style="text-align:center"><img src="1.jpg"></p><p style="text-align:center">站台上的乘客。宗一鸣 摄</p>'
    )
    draft = extract(page(web(f"<h1>{HEADLINE}</h1><div>{picture}{TEXT}</div>")))

    assert draft.lines[-3:] == PARAGRAPHS
    assert draft.captions == ("站台上的乘客。宗一鸣 摄",)


def test_pruned_lines_are_recorded_with_their_rule():
    share = '<div class="share">分享到 微信</div>'
    draft = extract(page(web(f'<h1>{HEADLINE}</h1><div class="article-content">{TEXT}{share}</div>')))

    assert [(item.rule, item.line) for item in draft.trimmed] == [("share-bar", "分享到 微信")]
    assert draft.evidence[0].rule == "named"


def test_blocks_that_are_left_out_whole_are_named():
    draft = extract(page(web(f'<div class="top-nav"><a>首页</a></div><h1>{HEADLINE}</h1><div>{TEXT}</div>')))

    assert [(item.rule, item.line) for item in draft.pruned] == [("navigation", "<div top-nav> 1 lines: 首页")]


def test_attached_documents_are_collected_with_their_address():
    link = '<p>附件：<a href="../f/1.pdf">分解表.pdf</a></p>'
    draft = extract(page(web(f"<h1>{HEADLINE}</h1><div>{TEXT}{link}</div>")))

    assert draft.attachments == (("分解表.pdf", "http://a.example/f/1.pdf"),)
    assert draft.lines[-1] == "附件：分解表.pdf"


def test_outlet_may_say_where_the_body_is():
    outlet = Outlet(
        slug="a", name="云岭网", home="http://a.example/", kind="portal",
        sources=[{"type": "column", "url": "http://a.example/"}], overrides=[{"body": "//div[@id='b']"}],
    )  # fmt: skip
    draft = extract(page(web(f"<h1>{HEADLINE}</h1><div>{TEXT}</div><div id='b'><p>{PARAGRAPHS[0]}</p></div>"), outlet))

    assert draft.lines == PARAGRAPHS[:1]
    assert draft.evidence[0].rule == "outlet-override"


def test_data_of_other_articles_is_not_taken_for_the_text():
    other = "地铁二号线北延段昨日开始铺轨，施工单位分三个作业面同时推进，预计年底具备试运行条件。" * 12
    draft = extract(page(web(f'<h1>{HEADLINE}</h1>{TEXT}<script>var more = {{"content": "{other}"}};</script>')))

    assert draft.lines[-3:] == PARAGRAPHS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(web(f"<h2>民生</h2><ul>{LINKS}</ul>", "民生_云岭网"), Reason.LISTING, id="list"),
        pytest.param(web(f"<p>主办：云岭网</p><ul>{LINKS}</ul><p>岭ICP备1号</p>", "云岭网"), Reason.LISTING, id="home"),
        pytest.param(web(f"<p>共找到 30 条结果</p><ul>{LINKS}</ul>", "搜索"), Reason.NOT_ARTICLE, id="search"),
        pytest.param(web('<video src="1.mp4"></video>', "视频"), Reason.EMPTY, id="media alone"),
        pytest.param("<html><head><title>x</title></head></html>", Reason.EMPTY, id="no body"),
        pytest.param("<html><body>" + "<div>" * 100_000 + TEXT, Reason.TOO_DEEP, id="100,000 nested tags"),
        pytest.param(web(TEXT * 60_000), Reason.TOO_LARGE, id="20 MB"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400, Reason.NOT_TEXT, id="picture as HTML"),
        pytest.param(b"\0" * 100_000, Reason.NOT_TEXT, id="nothing but NUL"),
        pytest.param("<html><body>" + "<span><p>" * 50_000, Reason.TOO_DEEP, id="100,000 spans and paragraphs"),
        pytest.param(BOMB, Reason.NOT_ARTICLE, id="entity bomb"),
        pytest.param('<html><body><div class="' + "a" * 5_000_000, Reason.EMPTY, id="attribute without end"),
        pytest.param("<html><body><div " + 'a="1" ' * 500_000, Reason.EMPTY, id="attributes without end"),
    ],
)
def test_page_that_is_no_article_is_skipped_with_its_reason(body, reason):
    with pytest.raises(Skip) as skip:
        read(capture(body))

    assert skip.value.reason == reason


def test_bytes_of_two_encodings_cost_themselves_alone():
    whole = web(f"<h1>{HEADLINE}</h1>{TEXT}<div class='footer'>@@</div>").encode()
    body = whole.replace(b"@@", "云岭网".encode("gb18030"))

    assert read(capture(body)).paragraphs == PARAGRAPHS


def test_nul_bytes_within_a_page_cost_nothing():
    body = web(f"<h1>{HEADLINE}</h1>{TEXT}").replace("<p>", "<p>\0\0")

    assert read(capture(body)).paragraphs == PARAGRAPHS


def test_flattening_loses_no_character():
    tree = page(web(f"<h1>{HEADLINE}</h1><div>a<b>b</b><ul><li>c</li><li>d<br>e</li></ul>f</div>{TEXT}")).tree
    lines = flatten(tree, clutter_rule).lines

    assert fold("".join(line.text for line in lines)) == fold("".join(tree.find("body").itertext()))


def test_greeting_alone_is_no_article():
    with pytest.raises(Skip) as skip:
        extract(page(web("<p>云岭网欢迎您。</p>", "云岭网")))

    assert skip.value.reason == Reason.NOT_ARTICLE
