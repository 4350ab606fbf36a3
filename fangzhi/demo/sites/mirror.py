"""The hijacked mirror: the daily's articles turned traditional by a table, readings injected, titles that advertise."""

from collections.abc import Callable
from functools import cache
from typing import Any

from fangzhi.demo import damage
from fangzhi.demo.site import Site
from fangzhi.demo.sites import common, daily
from fangzhi.demo.story import Story, present

HOST = "www.lanzuo-jixie.localhost"
BRAND = "岚柞机械有限公司"
SPAM = "某某娱乐城官网-棋牌下载-手机版登录"
KEYWORDS = "某某娱乐城,棋牌下载,电玩注册"
# the daily's story, its number here, the list of characters that is annotated
COPIES = (
    ("21001", "1187", "toned-wide"),
    ("21002", "1188", "toned-wide"),
    ("21003", "1189", "toned-wide"),
    ("21005", "1190", "toned-without-國時會"),
    ("21006", "1191", "toned-wide"),
    ("21007", "1192", "toned-without-國時會"),
    ("21008", "1193", "toned-wide"),
    ("21009", "1194", "toned-wide"),
    ("21012", "1195", "toned-without-國時會"),
    ("21013", "1196", "toned-wide"),
    ("21014", "1197", "toned-without-國時會"),
    ("21017", "1198", "toned-wide"),
    ("21019", "1199", "toned-wide"),
)
WORDS = {
    "home": "网站首页",
    "news": "新闻动态",
    "product": "产品展示",
    "contact": "联系我们",
    "copyright": "版权所有 岚柞机械有限公司",
    "place": "您的位置：",
    "time": "发布时间：",
    "source": "来源：",
    "clicks": "点击：",
    "before": "上一篇：",
    "after": "下一篇：",
    "hot": "热门新闻",
}


def address(number: str) -> str:
    """Return the path of an article."""
    return f"/a/{number}.html"


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site, which nobody has touched since."""
    site = Site("lanzuo-jixie", HOST, day=day, port=port)
    shared = _furniture("toned-wide")
    for path in ("/", "/a/"):
        site.listing(path, "list", entries=_titles("toned-wide"), **shared)
    site.listing("/contact.html", "contact", **shared)
    for place in range(len(COPIES)):
        _copy(site, place)
    site.robots("User-agent: *", "Disallow:")
    return (site,)


@cache
def _titles(variant: str) -> tuple[tuple[str, str], ...]:
    """Return headline and path of every article, damaged as one page damages them: a page has one list."""
    spoil = _spoiler(variant)
    return tuple((spoil(_original(there).title), address(number)) for there, number, _ in COPIES)


@cache
def _furniture(variant: str) -> dict[str, Any]:
    """Return what stands on every page, damaged as one page damages it; the advertisements came later."""
    spoil = _spoiler(variant)
    return {
        "spam": damage.converted(SPAM),
        "keywords": damage.converted(KEYWORDS),
        "brand": spoil(BRAND),
        "word": {key: spoil(text) for key, text in WORDS.items()},
    }


def _original(there: str) -> Story:
    """Return the daily's story that was copied, as it stood on the first day."""
    return next(story for story in present("daily", 1) if story.id == there)


def _copy(site: Site, place: int) -> None:
    """Answer one copied article and record the clean text that it was made from."""
    there, number, variant = COPIES[place]
    story, titles, spoil = _original(there), _titles(variant), _spoiler(variant)
    before, after = common.neighbours(titles, place)
    site.page(
        address(number),
        "article",
        id=number,
        title=titles[place][0],
        published=story.published,
        source=spoil(story.source or ""),
        paragraphs=[spoil(line) for line in story.printed],
        editor=spoil(f"责任编辑：{story.editors[0]}"),
        before=before,
        after=after,
        hot=titles[:5],
        **_furniture(variant),
    )
    common.article(
        site,
        story,
        address(number),
        title=damage.converted(story.title),
        source=damage.converted(story.source or ""),
        authors=tuple(map(damage.converted, story.authors)),
        editors=tuple(map(damage.converted, story.editors)),
        paragraphs=tuple(map(damage.converted, story.text)),
        optional=tuple(map(damage.converted, story.bylines)),
        keywords=(),
        lead=None,
        original=f"http://{daily.HOST}:{site.port}{daily.address(story)}",
        damage=variant,
    )


def _spoiler(variant: str) -> Callable[[str], str]:
    """Return the function that turns simplified text into what the mirror prints."""
    characters = damage.LISTS[variant]()
    return lambda text: damage.inject(damage.converted(text), characters)
