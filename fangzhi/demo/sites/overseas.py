"""The paper in traditional script: Big5 bytes under a declaration of gb2312, addresses with query strings."""

from fangzhi.demo.site import Site
from fangzhi.demo.sites import common
from fangzhi.demo.story import Story, present

HOST = "www.huaize-qiaosheng.localhost"
COLUMNS = {"1": "僑鄉新聞", "2": "經貿往來", "3": "鄉土風物"}


def address(story: Story) -> str:
    """Return the path of an article."""
    return f"/news_detail.asp?id={story.id}"


def build(day: int, port: int) -> Site:
    """Return the site as it stands on a day."""
    site = Site(
        "huaize-qiaosheng",
        HOST,
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
    return site
