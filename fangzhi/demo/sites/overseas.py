"""The paper in traditional script: Big5 bytes under a declaration of gb2312, addresses with query strings."""

from fangzhi.demo.site import Site
from fangzhi.demo.sites import common
from fangzhi.demo.story import Story, present

HOST = "www.huaize-qiaosheng.localhost"
MOVES, NEW_HOST = 3, "www.qiaosheng-wang.localhost"  # the day from which on the former host redirects to the new one
COLUMNS = {"1": "僑鄉新聞", "2": "經貿往來", "3": "鄉土風物"}


def address(story: Story) -> str:
    """Return the path of an article."""
    return f"/news_detail.asp?id={story.id}"


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site as it stands on a day, and its former host once it has moved."""
    site = Site(
        "huaize-qiaosheng",
        NEW_HOST if day >= MOVES else HOST,
        day=day,
        port=port,
        charset="big5hkscs",
        content_type="text/html",
        software="Microsoft-IIS/6.0",
    )
    found = present("overseas", day)
    linked = [(story, address(story)) for story in found]
    site.listing("/", "home", entries=linked, columns=COLUMNS)
    site.listing("/about.asp", "about", columns=COLUMNS)
    for column in COLUMNS:
        entries = [pair for pair in linked if pair[0].column == column]
        names = lambda number, column=column: f"/news_list.asp?class={column}" + f"&page={number}" * (number > 1)  # noqa: E731
        common.listings(site, entries, names, size=3, column=column, columns=COLUMNS)
    for story, path in linked:
        hot = [(other, address(other)) for other in site.hot(found, 5)]
        site.page(path, "article", story=story, hot=hot, columns=COLUMNS)
        common.article(site, story, path, date=story.dated, keywords=())
    site.robots("User-agent: *", "Disallow: /admin/")
    return (site, _former(site)) if day >= MOVES else (site,)


def _former(site: Site) -> Site:
    """Return the host that the site has left: each of its addresses redirects to the same address on the new one."""
    former = Site(site.slug, HOST, day=site.day, port=site.port, software=site.software)
    for path in site.resources:
        if path != "/robots.txt":
            former.redirect(path, site.url(path), 301)
    former.robots("User-agent: *", "Disallow: /admin/")
    return former
