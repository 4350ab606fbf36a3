"""The daily's e-paper: editions addressed by day, pages (版) as layouts, one day that was never put up."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from fangzhi.demo.site import Site
from fangzhi.demo.sites import common, daily
from fangzhi.demo.story import Story, present, stories

HOST = "szb.huaize-ribao.localhost"
FIRST, LAST = date(2026, 3, 6), date(2026, 3, 11)
MISSING = date(2026, 3, 9)
PLATES = {1: "要闻", 2: "综合", 3: "副刊"}
WEEK = "一二三四五六日"


def editions() -> list[date]:
    """Return the days that have an edition."""
    span = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return [day for day in span if day != MISSING]


def edition(day: date) -> dict[int, list[tuple[Story, Story | None]]]:
    """Return the stories of an edition by page, each with the daily's web story that it also is, or None.

    The paper of a morning holds what its web pages brought the day before.
    """
    found: dict[int, list[tuple[Story, Story | None]]] = {}
    for story in stories("epaper"):
        if story.dated == day.isoformat():
            found.setdefault(int(story.column), []).append((story, None))
    eve = (day - timedelta(days=1)).isoformat()
    for story in present("daily", 1):
        if story.dated == eve:
            plate = 1 if story.column in {"yaowen", "xianqu"} else 2
            printed = replace(story, published=day.isoformat(), id=f"3{story.id[2:]}")
            found.setdefault(plate, []).append((printed, story))
    return dict(sorted(found.items()))


def folder(day: date) -> str:
    """Return the folder of an edition."""
    return f"/html/{day:%Y-%m}/{day:%d}/"


def address(story: Story) -> str:
    """Return the path of an article."""
    return f"{folder(date.fromisoformat(story.dated))}content_310{story.id.zfill(4)}.htm"


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site, which is the same on every day of the demonstration."""
    site = Site("huaize-shuzibao", HOST, day=day, port=port)
    days = editions()
    site.listing("/", "home", newest=f"{folder(days[-1])}node_1.htm")
    absent = f"{folder(MISSING)}node_1.htm"
    site.page(absent, "missing", status=404)
    site.truth(absent, "missing")
    for place, printed in enumerate(days):
        _edition(site, printed, common.neighbours(days, place))
    site.robots("User-agent: *", "Disallow: /res/")
    return (site,)


def _edition(site: Site, printed: date, around: tuple[date | None, date | None]) -> None:
    """Answer the layouts and the articles of one day."""
    pages = edition(printed)
    shown = f"{printed.year}年{printed.month:02d}月{printed.day:02d}日　星期{WEEK[printed.weekday()]}"
    before, after = (f"{folder(other)}node_1.htm" if other else None for other in around)
    for number, pairs in pages.items():
        linked = [(story, address(story)) for story, _ in pairs]
        plate: dict[str, Any] = {"number": number, "name": PLATES[number], "printed": shown, "entries": linked}
        site.listing(
            f"{folder(printed)}node_{number}.htm",
            "node",
            **plate,
            day=printed.isoformat(),
            plates=[(other, PLATES[other]) for other in pages],
            before=before,
            after=after,
        )
        for place, (story, original) in enumerate(pairs):
            last, following = (other[1] if other else None for other in common.neighbours(linked, place))
            author = "" if original else " ".join(story.authors)
            path = address(story)
            site.page(path, "content", **plate, story=story, author=author, before=last, after=following)
            origin = f"http://{daily.HOST}:{site.port}{daily.address(original)}" if original else None
            common.article(site, story, path, source=None, editors=(), keywords=(), original=origin)
