"""The city portal: UTF-8, a feed, a sitemap of sitemaps, reprints of the daily, a disclaimer under every article."""

from dataclasses import replace

from fangzhi.demo.site import Site, http_date, render
from fangzhi.demo.sites import common, daily
from fangzhi.demo.story import Story, present

HOST = "news.huaize.localhost"
COLUMNS = {"szxw": "时政新闻", "jjkj": "经济", "mssh": "民生社会", "jkht": "健康槐泽"}
CHIEF = "束长青"  # signs the third reading of every article
VANISHED = "/2026/02/28/c_100199.html"
BLOCKED = "100234"  # the article whose page the firewall keeps to itself
BLOCKED_ONCE = ("100239", 3)  # an article that it keeps to itself on one day, and the day
SEARCH = "/search/?q=%E7%96%AB%E6%83%85"  # linked in the navigation, disallowed by robots.txt
SHORT = "/t/100232"  # a short address, redirected
# the daily's stories that the portal reprints: id there, id here, minute here, column here
REPRINTS = (
    ("21001", "100301", "2026-03-02 14:02", "szxw"),
    ("21003", "100302", "2026-03-03 10:30", "jkht"),
    ("21005", "100303", "2026-03-04 09:15", "jjkj"),
    ("21007", "100304", "2026-03-05 11:20", "szxw"),
    ("21008", "100305", "2026-03-05 17:45", "mssh"),
    ("21013", "100306", "2026-03-08 15:02", "jkht"),
    ("21015", "100307", "2026-03-09 16:10", "jjkj"),
    ("21017", "100308", "2026-03-10 09:00", "szxw"),
    ("21021", "100309", "2026-03-12 10:05", "szxw"),
)


def address(story: Story) -> str:
    """Return the path of an article."""
    return f"/{story.dated.replace('-', '/')}/c_{story.id}.html"


def published(day: int) -> tuple[tuple[Story, Story | None], ...]:
    """Return the portal's stories of a day, newest first, each with the daily's story that it reprints or None."""
    originals = {story.id: story for story in present("daily", day)}
    own: list[tuple[Story, Story | None]] = [(story, None) for story in present("portal", day)]
    copies: list[tuple[Story, Story | None]] = [
        (replace(originals[there], id=here, published=minute, column=column, editors=("亓小满",)), originals[there])
        for there, here, minute, column in REPRINTS
        if there in originals
    ]
    return tuple(sorted(own + copies, key=lambda pair: pair[0].published, reverse=True))


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site as it stands on a day."""
    site = Site("huaize-news", HOST, day=day, port=port, validators=True)
    pairs = published(day)
    found = tuple(story for story, _ in pairs)
    linked = [(story, address(story)) for story in found]
    lost = Story(
        id="100199", title="市民热线二月受理情况通报", published="2026-02-28 16:10", paragraphs=("",), column="mssh"
    )
    short = replace(lost, title="【专题】招商引资进行时", published="2026-02-27 10:00")
    site.listing("/", "home", entries=linked[:12], columns=COLUMNS)
    site.listing("/about/", "about", columns=COLUMNS)
    for column in COLUMNS:
        entries = [pair for pair in linked if pair[0].column == column]
        entries += [(lost, VANISHED), (short, SHORT)] if column == "mssh" else []
        names = lambda number, column=column: f"/{column}/{'' if number == 1 else f'index_{number}.html'}"  # noqa: E731
        common.listings(site, entries, names, size=6, column=column, columns=COLUMNS)
    for story, original in pairs:
        _article(site, story, original, linked)
    site.page(VANISHED, "missing", columns=COLUMNS)
    site.truth(VANISHED, "soft-404")
    site.page(SEARCH, "list", entries=linked[:5], number=1, pages=1, names=[SEARCH], column="szxw", columns=COLUMNS)
    site.truth(SEARCH, "disallowed")
    site.redirect(SHORT, address(next(story for story in found if story.id == "100232")), 302)
    feed = render("huaize-news/feed.xml.html", site=site, entries=linked[:20], columns=COLUMNS, http_date=http_date)
    site.put("/rss/news.xml", feed.encode(), "feed", content_type="application/rss+xml; charset=utf-8")
    index = render("huaize-news/sitemapindex.html", site=site)
    site.put("/sitemap.xml", index.encode(), "sitemap", content_type="application/xml")
    child = render("huaize-news/sitemap.html", site=site, entries=linked)
    site.put("/sitemap/2026-03.xml", child.encode(), "sitemap", content_type="application/xml")
    site.robots("User-agent: *", "Disallow: /search/", "Disallow: /print/", f"Sitemap: {site.url('/sitemap.xml')}")
    return (site,)


def _article(site: Site, story: Story, original: Story | None, linked: list[common.Linked]) -> None:
    """Answer one article and its print version."""
    path = address(story)
    if story.id == BLOCKED or (story.id, site.day) == BLOCKED_ONCE:
        token = f"{site.count('guard', 10**9):09d}"
        site.page(path, "blocked", status=412, token=token)
        site.truth(path, "blocked", title=story.title)
        return
    related = [pair for pair in linked if pair[0].column == story.column and pair[0] != story][:5]
    hot = [(other, address(other)) for other in site.hot(tuple(other for other, _ in linked), 10)]
    photo = original is None and int(story.id) % 3 == 0
    site.page(path, "article", story=story, related=related, hot=hot, columns=COLUMNS, chief=CHIEF, photo=photo)
    site.page(f"/print/{story.id}.html", "print", story=story)
    site.truth(f"/print/{story.id}.html", "disallowed")
    origin = f"http://{daily.HOST}:{site.port}{daily.address(original)}" if original else None
    editors = tuple(dict.fromkeys((story.editors[0], story.editors[-1], CHIEF)))
    common.article(site, story, path, original=origin, editors=editors)
