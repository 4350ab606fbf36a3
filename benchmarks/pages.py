"""Pages to measure with: the labelled ones, those of the demonstration web, and generated ones of real size.

A generated page has the size and the make-up of the labelled ones (95 kB and 680 elements on average): an article,
and around it what its outlet prints on every page, lists that move on from page to page, styles and scripts.
"""

import gzip
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from texts import Writer

START = datetime(2020, 1, 1, 8, 0, tzinfo=UTC)
SECTIONS = tuple("要时社民教卫农经文体视图专评理法生交旅房")
COUNTIES = ("云溪", "石河", "柳湾", "东陵", "青浦岭", "白塔", "新渡", "梅山")


def corpus() -> list[tuple[str, bytes]]:
    """Return (site, bytes) of every labelled page of the folder that FANGZHI_SHARED names; none without it."""
    import json

    if not (shared := os.environ.get("FANGZHI_SHARED")):
        return []
    home = Path(shared, "corpus")
    rows = [json.loads(line) for line in (home / "gold.jsonl").read_text("utf-8").splitlines()]
    return [(row["site"], gzip.decompress((home / "html" / f"{row['file']}.gz").read_bytes())) for row in rows]


def demonstration() -> list[bytes]:
    """Return the articles of the demonstration web as they are served."""
    from fangzhi.demo import truth, web

    kinds = {record.url: record.kind for record in truth(1)}
    return [
        resource.body
        for site in web(1).values()
        for path, resource in site.resources.items()
        if kinds.get(site.url(path)) == "article"
    ]


class Outlet:
    """An outlet that prints pages without end; the same seed prints the same pages."""

    def __init__(self, seed: int = 1, *, size: int = 95_000) -> None:
        """Print pages of about `size` bytes; below 20,000 they carry little beside their article."""
        self.writer = Writer(seed)
        self.luck = random.Random(seed)
        self.county = COUNTIES[seed % len(COUNTIES)]
        self.big = size >= 20_000
        self.stock = [self.writer.article()[0] for _ in range(200)]
        links = "".join(
            f'<li class="item"><a href="/{n}/" title="{name}频道" target="_blank">{name}闻</a></li>'
            for n, name in enumerate(SECTIONS * (3 if self.big else 1))
        )
        self.head = (
            f'<div id="header"><div class="logo"><a href="/">{self.county}新闻网</a></div>'
            f'<ul class="nav">{links}</ul></div>'
        )
        self.foot = (
            f'<div id="footer"><p>主办：{self.county}市融媒体中心</p><p>版权所有 未经授权不得转载</p>'
            f"<p>豫ICP备{seed:08}号</p><ul>{links}</ul></div>"
        )
        # a third of a page is what no reader sees
        lines = (size - 40_000) // 60 if self.big else 10
        self.script = "\n".join(
            f"var opt_{n} = {{id: {n}, name: 'slot-{n % 37}', on: function (e) {{ return e; }}}};" for n in range(lines)
        )

    def page(self, number: int) -> bytes:
        """Return a page with an article of its own, in UTF-8."""
        title, text = self.writer.article()
        at = START + timedelta(minutes=7 * number)
        body = "".join(f"<p>　　{line}</p>" for line in text.split("\n") if line)
        moving = [self.luck.choice(self.stock) for _ in range(60 if self.big else 6)]
        lists = "".join(
            f'<li><span class="date">{at:%m-%d}</span><a href="/a/{n}.html">{name}</a></li>'
            for n, name in enumerate(moving)
        )
        return (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}_{self.county}新闻网</title>"
            f"<style>{'.a{color:red}' * (200 if self.big else 5)}</style></head><body>{self.head}"
            f'<div class="main"><div class="left"><div class="crumb">当前位置：<a href="/">首页</a> &gt; 正文</div>'
            f'<h1>{title}</h1><div class="info"><span>{at:%Y-%m-%d %H:%M}</span>'
            f" <span>来源：{self.county}日报</span></div>"
            f'<div class="article-content">{body}<p>（责任编辑：王明）</p></div>'
            f'<div class="related"><h3>相关新闻</h3><ul>{lists}</ul></div></div>'
            f'<div class="right"><div class="hot"><h3>热点排行</h3><ol>{lists}</ol></div></div></div>'
            f"<script>{self.script}</script>{self.foot}</body></html>"
        ).encode()

    def pages(self, count: int) -> Iterator[bytes]:
        """Yield so many pages."""
        return (self.page(number) for number in range(count))


@lru_cache(maxsize=4)
def outlet(seed: int, size: int) -> Outlet:
    """Return an outlet, made once a process."""
    return Outlet(seed, size=size)
