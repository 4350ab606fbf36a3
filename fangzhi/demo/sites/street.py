"""The street office: pages that scripts make out of JSON, the same few bytes at every address."""

import json

from fangzhi.demo.site import Site, render
from fangzhi.demo.sites import common
from fangzhi.demo.story import Story, present

HOST = "tanghe.shitang.localhost"
JSON = "application/json; charset=utf-8"


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site as it stands on a day."""
    site = Site("tanghe-jiedao", HOST, day=day, port=port)
    found = present("street", day)
    for path in ("/", "/zwdt/"):
        site.listing(path, "list")
    site.put("/js/page.js", render("tanghe-jiedao/page.js.html").encode(), "part", content_type="text/javascript")
    rows = [{"title": story.title, "date": story.published, "url": address(story)} for story in found]
    site.put("/data/zwdt.json", _json(rows), "part", content_type=JSON)
    for story in found:
        site.page(address(story), "article")
        common.article(site, story, address(story))
        fields = {"title": story.title, "date": story.published, "source": story.source}
        text = {**fields, "paragraphs": story.printed}
        site.put(f"/data/{story.id}.json", _json(text), "part", content_type=JSON)
    site.put("/stat/hits.json", b"{}", "disallowed", content_type=JSON)
    site.robots("User-agent: *", "Disallow: /stat/")
    return (site,)


def address(story: Story) -> str:
    """Return the path of an article."""
    return f"/zwdt/{story.dated[:4]}/{story.id}.html"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
