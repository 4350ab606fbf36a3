"""An archive of an invented prefecture, made by the real WARC writer and the real Store, and Datasette over it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from datasette.app import Datasette

from browse import plugin
from crawler.outlet import Outlet
from crawler.reader import read_capture
from crawler.writer import Exchange, WarcWriter
from pipelines.outcome import Charset, Kind, Outcome, Reading, Refusal
from pipelines.records import Article, Document, Evidence, Precision, Reason, Repair, Trimmed
from pipelines.relate import content_digest, fingerprint
from pipelines.segment import cut
from pipelines.store import Store
from pipelines.url import article_id

CHINA = ZoneInfo("Asia/Shanghai")
METADATA = Path(__file__).parents[2] / "datasette_metadata.json"
SETTINGS = {"suggest_facets": False, "sql_time_limit_ms": 3000, "num_sql_threads": 1}

OUTLETS = {
    slug: Outlet(
        slug=slug,
        name=name,
        home=f"http://{slug}.example/",
        kind=kind,
        region=region,
        script=script,
        sources=({"type": "feed", "url": f"http://{slug}.example/feed.xml"},),
    )  # fmt: skip
    for slug, name, kind, region, script in (
        ("yunpu-ribao", "云浦日报", "paper", "411700", "zh-Hans"),
        ("yunpu-weijian", "云浦市卫生健康委员会", "commission", "411700", "zh-Hans"),
        ("suxi-shizheng", "溯溪县人民政府", "government", "411722", "zh-Hans"),
        ("kuaixun", "快讯天天看", "farm", None, "zh-Hans"),
        ("qiaoyin", "雲浦僑音", "portal", None, "zh-Hant"),
    )
}
NOTICE = (
    "各县区卫生健康委：为做好全市基层诊所疫情防控工作，市卫生健康委决定自3月10日起开展专项督查。",
    "督查组将采取不打招呼、直奔现场的方式，重点检查预检分诊、发热患者登记报告和药品购销台账。",
    "对发现的问题，现场交办、限期整改，并于3月31日前书面反馈整改情况。",
)
NOTICE_HANT = (
    "各縣區衛生健康委：為做好全市基層診所疫情防控工作，市衛生健康委決定自3月10日起開展專項督查。",
    "督查組將採取不打招呼、直奔現場的方式，重點檢查預檢分診、發熱患者登記報告和藥品購銷臺賬。",
    "對發現的問題，現場交辦、限期整改，並於3月31日前書面反饋整改情況。",
)
EDITED = "全市共检查诊所{n}家，发现问题{m}个，已全部完成整改，其余事项由县区卫生健康委继续跟进落实。"
EVIL = '"><script>document.documentElement.dataset.hacked=1</script><img src=x onerror="document.documentElement.dataset.hacked=1">'


class Archivist:
    """Write captures to a WARC file and what was read from them to an archive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.captures = folder / "captures"
        self.captures.mkdir(parents=True)
        self.path = folder / "archive.db"
        self.outcomes: list[Outcome] = []
        self.clock = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)

    def capture(self, url: str, outlet: str, page: bytes, at: datetime, *, status: int = 200, media: str = "text/html"):
        with WarcWriter(self.captures, clock=lambda: self.clock) as writer:
            self.clock += timedelta(seconds=1)
            head = f"HTTP/1.1 {status} OK\r\nContent-Type: {media}; charset=utf-8\r\nX-Evil: <b>\r\n\r\n".encode()
            request = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
            stored = writer.write(
                Exchange(url=url, fetched_at=at, request_head=request, response_head=head, body=page, outlet=outlet)
            )
        return read_capture(self.captures / stored.warc_file, stored.offset)

    def article(
        self, url: str, outlet: str, title: str | None, paragraphs, *, seen: datetime, page=None, **fields
    ) -> str:
        text = "\n".join(paragraphs)
        body = page or f"<html><h1>{title}</h1><p>{text}</p><script>alert(1)</script></html>".encode()
        capture = self.capture(url, outlet, body, seen)
        article = Article(url=url, capture=capture, outlet=outlet, title=title, paragraphs=tuple(paragraphs), **fields)
        self.outcomes.append(
            Outcome(
                capture=replace(capture, body=b""),
                size=len(body),
                page=article_id(url),
                outlet=outlet,
                kind=Kind.ARTICLE,
                charset=Charset(name="utf-8", evidence=(Evidence(field="charset", rule="header", value="utf-8", won=True),), bad_bytes=0),
                reading=Reading(
                    article=article,
                    content=content_digest(title, text),
                    fingerprint=fingerprint(text),
                    terms=(cut(title or ""), cut(text)),
                ),
            )
        )  # fmt: skip
        return article_id(url)

    def refused(self, url: str, outlet: str, kind: Kind, reason: Reason, seen: datetime, status: int = 404) -> str:
        capture = self.capture(url, outlet, b"<html>nothing</html>", seen, status=status)
        refusal = Refusal(stage="verdict", reason=reason, detail="the page says that it is not there")
        self.outcomes.append(
            Outcome(capture=replace(capture, body=b""), size=20, page=article_id(url), outlet=outlet, kind=kind, refusal=refusal)
        )  # fmt: skip
        return article_id(url)

    def save(self, outlets=OUTLETS) -> Path:
        with Store(self.path) as store:
            number = store.start_build()
            store.set_outlets(outlets)
            store.add(self.outcomes)
            store.finish_build(number, {"articles": len(self.outcomes)})
        return self.path


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def fill(archivist: Archivist) -> dict[str, str]:
    """Write the articles; return their ids by a short name."""
    first, second = datetime(2026, 3, 20, 1, 0, tzinfo=UTC), datetime(2026, 3, 25, 1, 0, tzinfo=UTC)
    ids = {}
    ids["notice"] = archivist.article(
        "http://yunpu-weijian.example/2026/03/09/1.html", "yunpu-weijian",
        "云浦市卫生健康委关于开展诊所疫情防控专项督查的通知", NOTICE, seen=first,
        published_at=china(3, 9, 9, 30), precision=Precision.MINUTE, source="云浦市卫生健康委员会", section="通知公告",
        editors=("林晚舟",), lead="市卫生健康委对基层诊所开展专项督查。",
        document=Document(number="云卫办〔2026〕7号", index="HZ-2026-0007", issuer="云浦市卫生健康委员会", dated="2026-03-08",
                          validity="有效", attachments=(("督查表.pdf", "http://yunpu-weijian.example/1.pdf"), ("bad", "javascript:alert(1)"))),
        repairs=(Repair(rule="undo_pinyin", before="疫(yì)情", after="疫情", start=NOTICE[0].index("疫情"), end=NOTICE[0].index("疫情") + 2),
                 Repair(rule="undo_mojibake", before="¤å", after="市", start=NOTICE[0].index("市卫"), end=NOTICE[0].index("市卫") + 1, certain=False)),
        trimmed=(Trimmed(rule="share_bar", line="分享到：微信 微博"), Trimmed(rule="related", line="相关阅读：春耕备耕")),
    )  # fmt: skip
    ids["copy"] = archivist.article(
        "http://kuaixun.example/a/7788.html", "kuaixun", "突发！这里的诊所要被查了", NOTICE, seen=first,
        published_at=china(3, 11), precision=Precision.DAY, source="云浦市卫生健康委员会",
    )  # fmt: skip
    ids["copy_hant"] = archivist.article(
        "http://qiaoyin.example/n/31", "qiaoyin", "雲浦市開展診所專項督查", NOTICE_HANT, seen=first,
        published_at=china(3, 12, 8), precision=Precision.MINUTE, source="云浦市卫生健康委员会", script="zh-Hant",
    )  # fmt: skip
    url = "http://yunpu-ribao.example/2026/0315/c1.html"
    report = dict(published_at=china(3, 15, 7, 5), precision=Precision.MINUTE, source="云浦日报", authors=("陈望舒",))
    archivist.article(
        url, "yunpu-ribao", "督查组检查诊所86家", ("开头一段不变。", EDITED.format(n=86, m=17)), seen=first, **report
    )
    ids["edited"] = archivist.article(
        url,
        "yunpu-ribao",
        "督查组检查诊所82家",
        ("开头一段不变。", EDITED.format(n=82, m=9), "（本报记者）"),
        seen=second,
        **report,
    )
    url = "http://suxi-shizheng.example/zwgk/2026/3/14.shtml"
    ids["gone"] = archivist.article(
        url, "suxi-shizheng", "溯溪县通报三家诊所违规经营", ("溯溪县卫生健康委通报三家诊所违规经营，责令停业整顿，相关责任人被约谈。",), seen=first,
        published_at=china(3, 14), precision=Precision.DAY, source="溯溪县人民政府",
    )  # fmt: skip
    archivist.refused(url, "suxi-shizheng", Kind.GONE, Reason.STATUS, second)
    ids["skipped"] = archivist.refused(
        "http://yunpu-ribao.example/list.html", "yunpu-ribao", Kind.SKIP, Reason.LISTING, first, 200
    )
    ids["undated"] = archivist.article(
        "http://yunpu-ribao.example/photo.html",
        "yunpu-ribao",
        None,
        ("图为柳汀渡口的早春，渡船往来，疫苗接种车停在岸边。",),
        seen=first,
    )
    ids["evil"] = archivist.article(
        "http://kuaixun.example/x?q=" + "%22%3E%3Cscript%3E", "kuaixun", EVIL + "\u202e倒写的标题", (EVIL, "\u202e一段‮文字", "长" * 10_000),
        seen=first, published_at=china(3, 16, 3), precision=Precision.MINUTE, source=EVIL, authors=(EVIL,), flags=("hijacked",),
        trimmed=(Trimmed(rule="related", line=EVIL),),
        repairs=(Repair(rule="undo_mojibake", before=EVIL, after="<", start=2, end=3),),
    )  # fmt: skip
    for n in range(30):
        ids[f"daily{n}"] = archivist.article(
            f"http://yunpu-ribao.example/2026/02{n % 28 + 1:02}/d{n}.html", "yunpu-ribao", f"春耕备耕见闻之{n + 1}",
            (f"第{n + 1}天，记者来到溯溪县第{n + 1}个村，看见田里的麦苗返青，农技员正在查看墒情，村民忙着追肥浇水。",), seen=first,
            published_at=china(2, n % 28 + 1, 8, n), precision=Precision.MINUTE, source="云浦日报", section="县区",
        )  # fmt: skip
    return ids


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The path of the archive, and the ids of its articles by a short name."""
    archivist = Archivist(tmp_path_factory.mktemp("sample"))
    ids = fill(archivist)
    yield archivist.save(), ids


@pytest.fixture
def ids(sample) -> dict[str, str]:
    return sample[1]


@pytest.fixture
async def served(sample) -> Datasette:
    """Datasette over the sample, as `fangzhi serve` configures it, without a socket."""
    return await serve(sample[0])


async def serve(path: Path) -> Datasette:
    from datasette.plugins import pm

    if not pm.is_registered(plugin):
        pm.register(plugin, "fangzhi")
    datasette = Datasette([str(path)], metadata=json.loads(METADATA.read_text("utf-8")), settings=SETTINGS, cors=True)
    await datasette.invoke_startup()
    return datasette


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
