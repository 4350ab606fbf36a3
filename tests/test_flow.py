"""As many captures as go in come out: as articles, skips or failures, each with its reason."""

from datetime import UTC, datetime

import pytest

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.flow import Reader, read
from pipelines.outcome import Kind
from pipelines.records import Reason, Skip
from pipelines.url import article_id

BODY = "".join(
    f"<p>云岭县卫生健康局第{n}次会议部署春季传染病防控工作，要求各乡镇卫生院做好疫苗接种和督查，按时报送情况。</p>"
    for n in range(1, 6)
)
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>云岭县召开防控会议_云岭日报</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/list/">要闻</a></div><h1>云岭县召开防控会议</h1>
<div class="info">2026-03-01 09:30　来源：云岭日报　作者：李明</div><div class="article">{BODY}</div>
<div class="share">分享到：微信 微博</div></body></html>"""
CHALLENGE = "<script>document.cookie='__jsl_clearance=1';location.reload()</script>"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
OUTLET = Outlet(
    slug="daily", name="云岭日报", home="http://daily.example/", kind="paper",
    sources=[{"type": "column", "url": "http://daily.example/list/"}],
    urls={"article": [r"/\d+\.html$"], "list": ["/list/"], "never": ["/login"]},
)  # fmt: skip


def capture(body=PAGE, *, url="http://daily.example/20260301.html", **more) -> Capture:
    fields = {"status": 200, "headers": HTML, "sha256": "0" * 64, "warc_file": "a.warc.gz", "warc_offset": 7} | more
    data = body if isinstance(body, bytes) else body.encode()
    return Capture(url=url, fetched_at=datetime(2026, 3, 2, tzinfo=UTC), body=data, **fields)


def test_all_stages_make_an_article_of_a_page():
    article = read(capture(), OUTLET)

    assert article.title == "云岭县召开防控会议"
    assert len(article.paragraphs) == 5
    assert article.source == "云岭日报"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-03-01T09:30:00+08:00"


def test_repairs_are_told_where_they_stand_in_the_article():
    article = read(capture(PAGE.replace("防控工作", "防\u200b控工作").replace("召开防控", "召开\u200b防控")))

    assert {repair.part for repair in article.repairs} == {"title", "text"}
    assert sum(repair.part == "text" for repair in article.repairs) == 5
    for repair in article.repairs:
        whole = article.text if repair.part == "text" else article.title
        assert whole[repair.start : repair.end] == repair.after


@pytest.mark.parametrize(("given", "reason", "kind", "stage"), [
    (capture(status=404), Reason.STATUS, Kind.GONE, "admit"),
    (capture(status=410), Reason.STATUS, Kind.GONE, "admit"),
    (capture(status=500), Reason.STATUS, Kind.SKIP, "admit"),
    (capture(b"", status=302, headers=(("Location", "/b.html"),)), Reason.REDIRECT, Kind.SKIP, "admit"),
    (capture(b"", status=302, headers=(("Location", "/"),)), Reason.SOFT_404, Kind.GONE, "admit"),
    (capture(b"", status=304, not_modified=True, revisit_of="x"), Reason.NOT_MODIFIED, Kind.SEEN, "admit"),
    (capture(b"", revisit_of="http://a.example/"), Reason.UNREADABLE, Kind.SKIP, "admit"),
    (capture(url="http://daily.example/list/"), Reason.LISTING, Kind.SKIP, "admit"),
    (capture(kind="edition"), Reason.LISTING, Kind.SKIP, "admit"),
    (capture(url="http://daily.example/a.pdf"), Reason.UNSUPPORTED, Kind.SKIP, "attachment"),
    (capture(url="http://daily.example/login"), Reason.NOT_ARTICLE, Kind.SKIP, "admit"),
    (capture(url="http://daily.example/robots.txt"), Reason.NOT_ARTICLE, Kind.SKIP, "admit"),
    (capture("<p>对不起，您访问的页面不存在</p>"), Reason.SOFT_404, Kind.GONE, "admit"),
    (capture(CHALLENGE), Reason.BLOCKED, Kind.SKIP, "admit"),
    (capture(b"\x89PNG\r\n\x1a\n\0\0", headers=(("Content-Type", "image/png"),)), Reason.NOT_TEXT, Kind.SKIP, "decode"),
    (capture("<html><body><a href='/1.html'>首页</a></body></html>"), Reason.EMPTY, Kind.SKIP, "extract"),
])  # fmt: skip
def test_refused_capture_is_told_by_reason_and_stage(given, reason, kind, stage):
    outcome = Reader({"daily": OUTLET}).outcome(given)

    assert outcome.refusal is not None
    assert (outcome.refusal.reason, outcome.kind, outcome.refusal.stage) == (reason, kind, stage)
    assert outcome.outlet == "daily"
    with pytest.raises(Skip):
        read(given, OUTLET)


def test_bug_becomes_a_failure_with_its_traceback(monkeypatch):
    monkeypatch.setattr("pipelines.stages.trim", lambda draft: 1 / 0)
    outcome = Reader({}).outcome(capture())

    assert outcome.kind is Kind.FAILURE
    assert outcome.failure is not None
    assert (outcome.failure.stage, outcome.failure.error) == ("trim", "ZeroDivisionError: division by zero")
    assert 'File "' in outcome.failure.traceback
    assert outcome.capture.body == b""
    assert outcome.size == len(PAGE.encode())


def test_outlet_is_the_one_that_fetched_else_the_one_that_owns_the_host():
    other = OUTLET.model_copy(update={"slug": "other"})
    reader = Reader({"daily": OUTLET, "other": other})

    assert reader.outcome(capture(outlet="other")).outlet == "other"
    assert reader.outcome(capture(outlet="unknown")).outlet == "daily"
    assert reader.outcome(capture(url="http://b.example/1.html")).outlet is None


def test_addresses_that_lead_to_one_article_have_one_id():
    ids = {
        Reader({}).outcome(capture(url=url)).page
        for url in ("http://daily.example/1.html", "https://daily.example:443/1.html?utm_source=wx#top")
    }

    assert ids == {article_id("http://daily.example/1.html")}


def test_the_same_page_gives_the_same_outcome_every_time():
    reader = Reader({"daily": OUTLET})

    assert len({repr(reader.outcome(capture())) for _ in range(6)}) == 1
