"""The content farm: the daily's articles again, hours later, under headlines that shout."""

from dataclasses import dataclass, replace

from fangzhi.demo.site import Site
from fangzhi.demo.sites import common, daily, portal
from fangzhi.demo.story import Story, stories

HOST = "www.chenyu-kuaixun.localhost"
# the daily's story, the minute at which it reappears, what is put before its headline
COPIES = (
    ("21001", "2026-03-02 10:41", "今日热闻："),
    ("21002", "2026-03-02 13:07", "环球速讯丨"),
    ("21003", "2026-03-03 09:58", "【全网快看点】"),
    ("21004", "2026-03-03 12:16", "天天关注："),
    ("21005", "2026-03-04 11:33", "当前消息！"),
    ("21006", "2026-03-04 18:20", "每日资讯丨"),
    ("21007", "2026-03-05 10:02", "世界播报："),
    ("21008", "2026-03-05 16:49", "今日热闻："),
    ("21009", "2026-03-06 10:55", "世界今日报丨"),
    ("21010", "2026-03-06 19:03", "环球观察："),
    ("21011", "2026-03-07 11:30", "【环球时快讯】"),
    ("21013", "2026-03-08 14:21", "全球热头条丨"),
    ("21014", "2026-03-09 10:44", "焦点速看："),
    ("21015", "2026-03-09 17:12", "天天新动态！"),
    ("21016", "2026-03-10 10:08", "快看点丨"),
    ("21017", "2026-03-10 11:39", "今日关注："),
    ("21019", "2026-03-11 13:26", "环球速讯丨"),
    ("21020", "2026-03-11 14:57", "当前消息！"),
    ("21021", "2026-03-12 09:33", "今日热闻："),
    ("21022", "2026-03-12 14:18", "世界播报："),
    ("21023", "2026-03-13 09:40", "焦点速看："),
)
EARLY = {"21023": 3}  # what it brings on a day before the daily's own page can be found
SECOND_HAND = {"21021": "槐泽新闻网"}  # what it took from another one's reprint, whom it names
LINKED = {"21003": portal, "21007": daily, "21021": portal}  # under what it gives the address of the page it copied
NAMED = "21009"  # where the name of its source is a link to the daily's home page


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One reposted article: the story, the headline it has here, when and where it appears."""

    story: Story
    title: str
    published: str
    path: str


def copies(day: int) -> list[Copy]:
    """Return the farm's articles of a day, newest first."""
    originals = {story.id: story for story in stories("daily")}
    found = [
        Copy(
            story=replace(originals[there], source=SECOND_HAND.get(there, originals[there].source)),
            title=f"{prefix}{originals[there].title}",
            published=minute,
            path=f"/kx/{minute[:10].replace('-', '')}/8{there}.html",
        )
        for there, minute, prefix in COPIES
        if EARLY.get(there, originals[there].day) <= day
    ]
    return sorted(found, key=lambda copy: copy.published, reverse=True)


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site as it stands on a day."""
    site = Site("chenyu-kuaixun", HOST, day=day, port=port, compressed=True)
    found = copies(day)
    common.listings(site, found, lambda number: "/kx/" if number == 1 else f"/kx/index_{number}.html", size=8)
    site.listing("/", "list", entries=found[:8], number=1, pages=1, names=["/"])
    for place, copy in enumerate(found):
        before, after = ((near.title, near.path) if near else None for near in common.neighbours(found, place))
        others = sorted(
            (other for other in found if other != copy), key=lambda other: site.count(other.path + copy.path, 10**6)
        )
        hot = sorted(found, key=lambda other: site.count(other.path, 10**6))[:6]
        site.page(
            copy.path,
            "article",
            story=copy.story,
            title=copy.title,
            published=copy.published,
            before=before,
            after=after,
            others=others[:6],
            hot=hot,
            link=_link(copy.story, site.port),
            home=f"http://{daily.HOST}:{site.port}/" if copy.story.id == NAMED else None,
        )
        origin = f"http://{daily.HOST}:{site.port}{daily.address(copy.story)}"
        common.article(
            site,
            copy.story,
            copy.path,
            title=copy.story.title,
            date=copy.published,
            editors=(),
            original=origin,
            lead=None,
        )
    site.robots("User-agent: *", "Disallow: /tag/")
    return (site,)


def _link(story: Story, port: int) -> str | None:
    """Return the address that the farm prints under a copy as that of the original."""
    there = LINKED.get(story.id)
    if there is portal:
        own, minute = next((here, minute) for number, here, minute, _ in portal.REPRINTS if number == story.id)
        return f"http://{portal.HOST}:{port}{portal.address(replace(story, id=own, published=minute))}"
    return f"http://{daily.HOST}:{port}{daily.address(story)}" if there else None
