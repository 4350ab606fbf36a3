"""The articles of an invented prefecture: a notice with copies, an edited report, a vanished one, a hostile one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.outlet import Outlet
from pipelines.outcome import Kind
from pipelines.places import Match, Place
from pipelines.records import Document, Precision, Reason, Repair, Trimmed

from .archivist import Archivist

CHINA = ZoneInfo("Asia/Shanghai")
FIRST, SECOND = datetime(2026, 3, 20, 1, 0, tzinfo=UTC), datetime(2026, 3, 25, 1, 0, tzinfo=UTC)

WHO = (
    ("yunpu-ribao", "云浦日报", "paper", "411700", "zh-Hans"),
    ("yunpu-weijian", "云浦市卫生健康委员会", "commission", "411700", "zh-Hans"),
    ("suxi-shizheng", "溯溪县人民政府", "government", "411722", "zh-Hans"),
    ("kuaixun", "快讯天天看", "farm", None, "zh-Hans"),
    ("qiaoyin", "雲浦僑音", "portal", None, "zh-Hant"),
)
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
BEFORE_EDIT = ("开头一段不变。", "全市共检查诊所86家，发现问题17个，已全部完成整改，其余事项由县区跟进。")
AFTER_EDIT = ("开头一段不变。", "全市共检查诊所82家，发现问题9个，已全部完成整改，其余事项由县区跟进。", "（本报记者）")
HACK = "document.documentElement.dataset.hacked=1"
EVIL = f'"><script>{HACK}</script><img src=x onerror="{HACK}">'
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


def outlets() -> dict[str, Outlet]:
    return {slug: outlet(slug, name, kind, region, script) for slug, name, kind, region, script in WHO}


def outlet(slug: str, name: str, kind: str, region: str | None = None, script: str = "zh-Hans") -> Outlet:
    home = f"http://{slug}.example/"
    sources = ({"type": "feed", "url": home + "feed.xml"},)
    return Outlet(slug=slug, name=name, home=home, kind=kind, region=region, script=script, sources=sources)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def fill(archivist: Archivist) -> dict[str, str]:
    """Add every article; return their ids by a short name."""
    return {
        "notice": notice(archivist),
        **copies(archivist),
        "edited": edited(archivist),
        "gone": gone(archivist),
        "evil": evil(archivist),
        "undated": archivist.article(
            "http://yunpu-ribao.example/photo.html",
            "yunpu-ribao",
            None,
            ("图为柳汀渡口的早春，疫苗接种车停在岸边。",),
            FIRST,
        ),
        "skipped": archivist.refused(
            "http://yunpu-ribao.example/list.html", "yunpu-ribao", Kind.SKIP, Reason.LISTING, FIRST, status=200
        ),
        **{f"daily{n}": daily(archivist, n) for n in range(30)},
    }


def notice(archivist: Archivist) -> str:
    home = "http://yunpu-weijian.example/"
    spread, city = NOTICE[0].index("疫情"), NOTICE[0].index("市卫")
    return archivist.article(
        home + "2026/03/09/1.html",
        "yunpu-weijian",
        "云浦市卫生健康委关于开展诊所疫情防控专项督查的通知",
        NOTICE,
        FIRST,
        published_at=at(3, 9, 9, 30),
        precision=Precision.MINUTE,
        source="云浦市卫生健康委员会",
        section="通知公告",
        editors=("林晚舟",),
        lead="市卫生健康委对基层诊所开展专项督查。",
        document=Document(
            number="云卫办〔2026〕7号",
            index="YP-2026-0007",
            issuer="云浦市卫生健康委员会",
            dated="2026-03-08",
            released="2024-03-06",
            topic="水利、水务",
            validity="有效",
            attachments=(("督查表.pdf", home + "1.pdf"), ("bad", "javascript:alert(1)")),
        ),
        repairs=(
            Repair(rule="undo_pinyin", before="疫(yì)情", after="疫情", start=spread, end=spread + 2),
            Repair(rule="undo_mojibake", before="¤å", after="市", start=city, end=city + 1, certain=False),
        ),
        trimmed=(
            Trimmed(rule="share_bar", line="分享到：微信 微博"),
            Trimmed(rule="related", line="相关阅读：春耕备耕"),
        ),
    )


def copies(archivist: Archivist) -> dict[str, str]:
    source = "云浦市卫生健康委员会"
    farm, abroad = ("http://kuaixun.example/a/7788.html", "kuaixun"), ("http://qiaoyin.example/n/31", "qiaoyin")
    day, minute = {"precision": Precision.DAY}, {"precision": Precision.MINUTE, "script": "zh-Hant"}
    return {
        "copy": archivist.article(
            *farm, "突发！这里的诊所要被查了", NOTICE, FIRST, published_at=at(3, 11), source=source, **day
        ),
        "copy_hant": archivist.article(
            *abroad, "雲浦市開展診所專項督查", NOTICE_HANT, FIRST, published_at=at(3, 12, 8), source=source, **minute
        ),
    }


def edited(archivist: Archivist) -> str:
    where = ("http://yunpu-ribao.example/2026/0315/c1.html", "yunpu-ribao")
    report = {
        "published_at": at(3, 15, 7, 5),
        "precision": Precision.MINUTE,
        "source": "云浦日报",
        "authors": ("陈望舒",),
    }
    archivist.article(*where, "督查组检查诊所86家", BEFORE_EDIT, FIRST, **report)
    return archivist.article(*where, "督查组检查诊所82家", AFTER_EDIT, SECOND, **report)


def gone(archivist: Archivist) -> str:
    where = ("http://suxi-shizheng.example/zwgk/2026/3/14.shtml", "suxi-shizheng")
    about = Match(part="text", start=0, words="驻马店市", weight=1.0, why="full name")
    place = Place(code="411702", name="驿城区", level="county", score=1.0, matches=(about,))
    text = ("溯溪县卫生健康委通报三家诊所违规经营，责令停业整顿，相关责任人被约谈。",)
    report = {"published_at": at(3, 14), "precision": Precision.DAY, "source": "溯溪县人民政府"}
    name = archivist.article(*where, "溯溪县通报三家诊所违规经营", text, FIRST, places=(place,), **report)
    for days in range(3):
        archivist.refused(*where, Kind.GONE, Reason.STATUS, SECOND + timedelta(days=days))
    return name


def evil(archivist: Archivist) -> str:
    """Put markup, script, a direction override and 10,000 characters in every field that a page may carry."""
    return archivist.article(
        "http://kuaixun.example/x?q=%22%3E%3Cscript%3E",
        "kuaixun",
        EVIL + OVERRIDE + "倒写的标题",
        (EVIL, f"{OVERRIDE}一段文字", "长" * 10_000),
        FIRST,
        published_at=at(3, 16, 3),
        precision=Precision.MINUTE,
        source=EVIL,
        section=EVIL,
        authors=(EVIL,),
        keywords=(EVIL,),
        lead=EVIL,
        captions=(EVIL,),
        flags=("hijacked", EVIL),
        trimmed=(Trimmed(rule="related", line=EVIL),),
        repairs=(Repair(rule="undo_mojibake", before=EVIL, after="<", start=2, end=3),),
        document=Document(number=EVIL, attachments=((EVIL, "javascript:" + HACK),)),
    )


def daily(archivist: Archivist, n: int) -> str:
    return archivist.article(
        f"http://yunpu-ribao.example/2026/02{n % 28 + 1:02}/d{n}.html",
        "yunpu-ribao",
        f"春耕备耕见闻之{n + 1}",
        (f"第{n + 1}天，记者来到溯溪县第{n + 1}个村，看见麦苗返青，农技员正在查看墒情，村民忙着追肥浇水。",),
        FIRST,
        published_at=at(2, n % 28 + 1, 8, n),
        precision=Precision.MINUTE,
        source="云浦日报",
        section="县区",
    )
