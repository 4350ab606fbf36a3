"""Firewalls and "not found" pages are recognised; pages that merely speak of such things are not."""

from datetime import UTC, datetime

import pytest

from crawler.capture import Capture
from crawler.outlet import Outlet
from crawler.verdict import RULES, judge

URL = "http://wjw.hewan.example/zwgk/t20260302_1.html"
OUTLET = Outlet.model_validate(
    {
        "slug": "hewan-wjw",
        "name": "河湾县卫生健康委员会",
        "home": "http://wjw.hewan.example/",
        "kind": "commission",
        "sources": [{"type": "column", "url": "http://wjw.hewan.example/zwgk/"}],
        "urls": {"article": [r"/t\d{8}_\d+\.html$"]},
    }
)
PARAGRAPH = "三月二日上午，河湾县召开基层卫生工作会议，总结去年工作，部署今年任务，各乡镇卫生院院长参加会议。"
FRAME = (
    "<html><head><title>{title}</title></head><body><div class=nav><a href=/>首页</a> <a href=/zwgk/>政务公开</a> "
    "<a href=/bsfw/>办事服务</a></div>{main}<div class=foot>主办：河湾县卫生健康委员会 承办：河湾县卫生健康信息中心 "
    "地址：河湾县城关镇人民路二百六十八号 电话：0999-7000111 豫ICP备09900002号</div></body></html>"
)


def page(main: str, title: str = "河湾县卫生健康委员会", charset: str = "utf-8") -> bytes:
    return FRAME.format(title=title, main=main).encode(charset)


def capture(body: bytes, status: int = 200, url: str = URL, **headers: str) -> Capture:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(
        url=url, fetched_at=datetime(2026, 3, 4, tzinfo=UTC), status=status, headers=named, body=body, sha256="",
        warc_file="a.warc.gz", warc_offset=0,
    )  # fmt: skip


# label, rule (None: a page of the site), capture
ROWS = [
    (
        "cookie set by script on 521",
        "cookie_challenge",
        capture(
            b"<script>document.cookie=('_')+('_')+('jsluid')+'=9a1|0|x;path=/';location.href=location.pathname</script>",
            521,
        ),
    ),
    (
        "cookie challenge that names itself, on 200",
        "cookie_challenge",
        capture(b"<html><script>var arg1='3E1F';function reload(x){document.cookie='acw_sc__v2='+x}</script></html>"),
    ),
    (
        "nothing but scripts on 412",
        "bare_script_status",
        capture(b"<html><script src='/x8d/ab.js'></script><script>_q1();</script><body></body></html>", 412),
    ),
    (
        "script challenge on 202",
        "cookie_challenge",
        capture(b"<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=7</script>", 202),
    ),
    (
        "article with a counter script that sets a cookie",
        None,
        capture(
            page(f"<p>{PARAGRAPH}</p><p>{PARAGRAPH}</p><script>document.cookie='seen=1';x.location.reload</script>")
        ),
    ),
    ("empty answer", None, capture(b"", 200)),
    ("home page that jumps by script", None, capture(b"<script>location.href='/portal/index.html'</script>")),
    (
        "403 for readers abroad",
        "regional_block",
        capture(page("<h2>抱歉，您所在的地区暂时无法访问本网站</h2>"), 403),
    ),
    (
        "403 for readers abroad, GBK",
        "regional_block",
        capture("<h2>本站仅限中国大陆用户访问</h2>".encode("gb18030"), 403),
    ),
    (
        "notice about travellers from abroad",
        None,
        capture(page(f"<p>境外来返人员须提前报备，禁止隐瞒行程。{PARAGRAPH}</p><p>{PARAGRAPH}</p>")),
    ),
    ("plain 403", None, capture(b"<html><h1>403 Forbidden</h1><hr>nginx</html>", 403)),
    (
        "firewall names itself on 403",
        "firewall_page",
        capture("<h1>您的请求带有不合法参数，已被网站管理员设置拦截！</h1>".encode("gb18030"), 403),
    ),
    (
        "firewall page on 200",
        "firewall_page",
        capture("<title>网站防火墙</title><p>您的访问请求已被拦截，事件编号 7f31</p>".encode()),
    ),
    (
        "list with a place that is named like a firewall",
        None,
        capture(page("".join(f"<li><a href=/{n}>长亭街道第{n}卫生服务站公示</a></li>" for n in range(30)))),
    ),
    (
        "article about an attack on a web site",
        None,
        capture(page(f"<p>某单位网站访问请求被拦截。{PARAGRAPH}</p><p>{PARAGRAPH}</p>")),
    ),
    (
        "captcha on 200",
        "captcha",
        capture("<title>安全验证</title><p>请完成以下验证后继续访问</p><input name=code>".encode()),
    ),
    ("slider in Big5", "captcha", capture("<p>請拖动滑块</p>".encode("gb18030"))),
    (
        "comment box below an article asks for a code",
        None,
        capture(page(f"<p>{PARAGRAPH}</p><p>{PARAGRAPH}</p><form>请输入验证码 <input name=yzm></form>")),
    ),
    ("not found on 200", "says_missing", capture(page("<h3>对不起，您访问的页面不存在或已被删除！</h3>"))),
    (
        "not found on 200, GBK",
        "says_missing",
        capture(page("<h3>您要查看的文章已被删除</h3>", title="提示信息", charset="gb18030")),
    ),
    ("not found on 200, Big5", "says_missing", capture("<p>找不到該網頁</p><a>回首頁</a>".encode("big5hkscs"))),
    ("not found in the title alone", "says_missing", capture(page("<p>返回首页</p>", title="404 错误"))),
    (
        "article about deleted files",
        None,
        capture(page(f"<h1>一批虚假信息已被删除</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p>")),
    ),
    ("short notice", None, capture(page("<h1>停诊通知</h1><p>本周六门诊停诊一天。</p>"))),
    ("true 404 is told by its status", None, capture(page("<h3>页面不存在</h3>"), 404)),
    ("article leads to the home page", "leads_home", capture(b"", 302, Location="/")),
    ("article leads to an error page", "leads_home", capture(b"", 302, Location="http://wjw.hewan.example/404.html")),
    ("article has moved", None, capture(b"", 301, Location="/zwgk/202603/t20260302_1.html")),
    ("a column leads to the home page", None, capture(b"", 302, url="http://wjw.hewan.example/old/", Location="/")),
    (
        "article jumps to the home page",
        "refreshes_home",
        capture(b'<html><meta http-equiv="refresh" content="0;url=/index.html"></html>'),
    ),
    (
        "article that reloads itself",
        None,
        capture(page(f'<meta http-equiv="refresh" content="600;url=/"><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p>')),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("label", "rule", "given"), ROWS, ids=[row[0] for row in ROWS])
def test_what_stands_in_for_a_page_is_told_from_pages(label, rule, given):
    verdict = judge(given, OUTLET)

    assert (verdict.rule if verdict else None) == rule


def test_every_rule_has_a_row_that_it_decides():
    assert {rule.__name__ for _, rule in RULES} == {rule for _, rule, _ in ROWS if rule}


def test_a_verdict_says_what_gave_it_away():
    verdict = judge(capture(page("<h3>对不起，您访问的页面不存在或已被删除！</h3>")), OUTLET)

    assert verdict is not None
    assert (verdict.kind, verdict.rule, verdict.detail) == ("soft-404", "says_missing", "您访问的页面不存在或已被删除")
