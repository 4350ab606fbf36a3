"""The document mill: model reports with lines broken in mid-sentence and a section that stands there twice."""

from fangzhi.demo import damage
from fangzhi.demo.site import Site
from fangzhi.demo.sites import common
from fangzhi.demo.story import Story, present, stories

HOST = "www.wensun-fanwen.localhost"
COLUMNS = {"gongzuohuibao": "工作汇报", "gongzuozongjie": "工作总结"}
WIDTH = 37  # characters after which this mill breaks a line


def address(story: Story) -> str:
    """Return the path of a document."""
    return f"/{story.column}/{story.id}.html"


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site as it stands on a day."""
    site = Site(
        "wensun-fanwen",
        HOST,
        day=day,
        port=port,
        charset="gb18030",
        content_type="text/html",
        software="Microsoft-IIS/7.5",
    )
    found = present("mill", day)
    linked = [(story, address(story)) for story in found]
    site.listing("/", "home", entries=linked, columns=COLUMNS)
    for column in COLUMNS:
        entries = [pair for pair in linked if pair[0].column == column]
        site.listing(f"/{column}/", "list", entries=entries, column=column, columns=COLUMNS)
    for story, path in linked:
        broken = damage.wrapped(damage.repeated(story.text), WIDTH)
        hot = [(other, address(other)) for other in site.hot(found, 5)]
        site.page(path, "article", story=story, broken=broken, hot=hot, columns=COLUMNS)
        common.article(site, story, path, keywords=(), damage="hard-wrapped")
    here = {story.id for story in found}
    for story in stories("mill"):
        if story.day < day and story.id not in here:  # the site was made anew, and leads all it had to its front
            site.redirect(address(story), "/", 302, "gone")
    site.robots("User-agent: *", "Crawl-delay: 0.5", "Disallow: /plus/")
    return (site,)
