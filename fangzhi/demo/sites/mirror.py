"""The hijacked mirror: the daily's articles turned traditional by a table, readings injected, titles that advertise."""

from collections.abc import Callable
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


def build(day: int, port: int) -> Site:
    """Return the site, which nobody has touched since."""
    site = Site("lanzuo-jixie", HOST, day=day, port=port)
    originals = {story.id: story for story in present("daily", 1)}
    worst = _spoiler("toned-wide")
    shared: dict[str, Any] = {
        "spam": damage.converted(SPAM),
        "keywords": damage.converted(KEYWORDS),
        "brand": worst(BRAND),
        "word": {key: worst(text) for key, text in WORDS.items()},
    }
    titles = [(_spoiler(variant)(originals[there].title), address(number)) for there, number, variant in COPIES]
    for path in ("/", "/a/"):
        site.listing(path, "list", entries=titles, **shared)
    site.listing("/contact.html", "contact", **shared)
    for place, (there, number, variant) in enumerate(COPIES):
        around = common.neighbours(titles, place)
        _copy(site, originals[there], number, variant, around=around, hot=titles[:5], shared=shared)
    site.robots("User-agent: *", "Disallow:")
    return site


def _copy(  # noqa: PLR0913  (what a page of the mirror is made of)
    site: Site,
    story: Story,
    number: str,
    variant: str,
    *,
    around: tuple[tuple[str, str] | None, tuple[str, str] | None],
    hot: list[tuple[str, str]],
    shared: dict[str, Any],
) -> None:
    """Answer one copied article and record the clean text that it was made from."""
    spoil = _spoiler(variant)
    clean = tuple(map(damage.converted, story.text(1)))
    editor = damage.converted(f"责任编辑：{story.editors[0]}")
    site.page(
        address(number),
        "article",
        id=number,
        title=spoil(story.title),
        published=story.published,
        source=spoil(story.source or ""),
        paragraphs=[spoil(line) for line in story.text(1)],
        editor=damage.inject(editor, damage.LISTS[variant]()),
        before=around[0],
        after=around[1],
        hot=hot,
        **shared,
    )
    common.article(
        site,
        story,
        address(number),
        title=damage.converted(story.title),
        source=damage.converted(story.source or ""),
        authors=tuple(map(damage.converted, story.authors)),
        editors=tuple(map(damage.converted, story.editors)),
        paragraphs=clean,
        keywords=(),
        lead=None,
        original=f"http://{daily.HOST}:{site.port}{daily.address(story)}",
        damage=variant,
    )


def _spoiler(variant: str) -> Callable[[str], str]:
    """Return the function that turns simplified text into what the mirror prints."""
    characters = damage.LISTS[variant]()
    return lambda text: damage.inject(damage.converted(text), characters)
