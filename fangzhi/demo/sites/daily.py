"""The daily paper: GB18030 bytes that no header and no meta declares, tables for layout, numbered list pages."""

from fangzhi.demo.site import Site
from fangzhi.demo.sites import common
from fangzhi.demo.story import Story, present, stories

HOST = "www.huaize-ribao.localhost"
COLUMNS = {"yaowen": "要闻", "xianqu": "县区", "minsheng": "民生", "jiankang": "健康"}
VANISHED = "/minsheng/2026/0227/20988.html"  # linked, answered with status 200 and the words that it is not there
MOVED = "/news.asp?id=21004"  # the address of an older system, redirected


def address(story: Story) -> str:
    """Return the path of an article."""
    return f"/{story.column}/{story.published[:4]}/{story.published[5:7]}{story.published[8:10]}/{story.id}.html"


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site as it stands on a day."""
    site = Site("huaize-ribao", HOST, day=day, port=port, charset="gb18030", content_type="text/html")
    found = present("daily", day)
    linked = [(story, address(story)) for story in found]
    site.listing("/", "home", entries=linked, columns=COLUMNS)
    site.listing("/about.html", "about", columns=COLUMNS)
    for column in COLUMNS:
        entries = [pair for pair in linked if pair[0].column == column]
        if column == "minsheng":
            lost = Story(id="20988", title="市区公交线路临时调整公告", published="2026-02-27 09:00", paragraphs=())
            entries.append((lost, VANISHED))
            moved = Story(id="21004", title="旧文：棠河大桥施工通告", published="2026-02-26 09:00", paragraphs=())
            entries.append((moved, MOVED))
        names = lambda number, column=column: f"/{column}/index{'' if number == 1 else f'_{number}'}.html"  # noqa: E731
        common.listings(site, entries, names, size=5, column=column, columns=COLUMNS)
    for story, path in linked:
        related = [pair for pair in linked if pair[0].column == story.column and pair[0] != story][:4]
        hot = [(other, address(other)) for other in site.hot(found, 8)]
        site.page(path, "article", story=story, related=related, hot=hot, columns=COLUMNS)
        common.article(site, story, path, keywords=())
    site.page(VANISHED, "missing", columns=COLUMNS)
    site.truth(VANISHED, "soft-404")
    site.redirect(MOVED, site.url("/minsheng/2026/0303/21004.html"), 301)
    gone(site)
    site.robots("User-agent: *", "Disallow: /comment/", "Disallow: /admin/")
    return (site,)


def gone(site: Site) -> None:
    """Answer 404 where an article has been taken away, for ever or for some days."""
    here = {story.id for story in present("daily", site.day)}
    for story in stories("daily"):
        if story.day <= site.day and story.id not in here:
            site.page(address(story), "missing", status=404, columns=COLUMNS)
            site.truth(address(story), "gone")
