"""An invented paper whose pages carry much around their articles: for the tests of what is learnt of an outlet."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.capture import Capture
from crawler.outlet import Outlet
from crawler.writer import Exchange, WarcWriter

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
OUTLET = Outlet.model_validate(
    {
        "slug": "heshui",
        "name": "合水日报",
        "home": "http://heshui.example/",
        "kind": "paper",
        "sources": [{"type": "column", "url": "http://heshui.example/list.html"}],
    }
)
PLACES = ("东河", "西岭", "南桥", "北塘", "中坝", "柳林", "石门", "白沙")
WORKS = ("道路抢修", "疫苗接种", "春耕备播", "河道清理", "校园安全", "电网改造", "集市整治")


def story(number: int) -> tuple[str, list[str]]:
    """Headline and paragraphs of an article."""
    place, work = PLACES[number % 8], WORKS[number % 7]
    headline = f"{place}镇{work}第{number}期工作全面展开"
    return headline, [
        f"连日来，{place}镇组织{20 + number}名干部群众投入{work}，第{number}期任务已经完成过半，进度好于去年同期。",
        f"镇里的负责人表示，{work}关系千家万户，下一步要把责任落实到村到户，确保第{number}期任务按期完成。",
        f"据了解，该镇今年已投入资金{number + 3}万元，受益群众超过{number * 7 + 100}户，{work}得到群众的普遍好评。",
    ]


def links(number: int, count: int) -> str:
    """A list of other articles, which moves on from page to page."""
    return "".join(f'<li><a href="/a/{n}.html">{story(n)[0]}</a></li>' for n in range(number + 1, number + 1 + count))


def page(number: int, *, at: datetime = START, side: str = "", body: str = "article-content") -> bytes:
    """One page: `side` stands in the column beside the article, `body` is the class of the article's element."""
    headline, lines = story(number)
    text = "".join(f"<p>{line}</p>" for line in lines)
    time = f"{at + timedelta(hours=8):%Y-%m-%d %H:%M}"
    return f"""<html><head><meta charset="utf-8"><title>{headline}_合水日报</title></head><body>
<div class="top"><ul>{"".join(f'<li><a href="/{n}/">{name}</a></li>' for n, name in enumerate(PLACES * 3))}</ul></div>
<div class="wrap"><div class="main"><h1>{headline}</h1>
<div class="info"><span>{time}</span><span>来源：合水日报</span><span>记者 陈一鸣</span></div>
<div class="{body}" id="doc_{number + 202600000}">{text}<p>责任编辑：周晓岚</p></div>
<div class="near"><h3>相关新闻</h3><ul>{links(number, 12)}</ul></div></div>
<div class="side"><h3>热点排行</h3><ul>{links(number + 40, 30)}</ul>{side}</div></div>
<div class="foot">合水日报社版权所有<script>var id = {number};</script></div></body></html>""".encode()


def captured(body: bytes, *, number: int = 1, at: datetime = START, checked: bool = False) -> Capture:
    """One page as a capture, one of those that are read both ways or not."""
    digest = hashlib.sha256(body).hexdigest()[2:]
    return Capture(
        url=f"http://heshui.example/a/{number}.html", fetched_at=at, status=200, outlet="heshui", body=body,
        headers=(("Content-Type", "text/html"),), sha256=("00" if checked else "ff") + digest,
        warc_file="a.warc.gz", warc_offset=number,
    )  # fmt: skip


def moved(number: int, *, at: datetime = START) -> bytes:
    """One page whose byline has moved into a block that was furniture before."""
    told = page(number, at=at).replace("<span>记者 陈一鸣</span>".encode(), b"")
    return told.replace(b'<div class="near">', '<div class="near"><p>作者：李远山</p>'.encode())


def publish(
    captures: Path, numbers: Iterable[int], *, day: int, make: Callable[..., bytes] = page, **more: str
) -> None:
    """Capture some pages, a minute between two, on a day after `START`."""
    begun = START + timedelta(days=day)
    with WarcWriter(captures, clock=lambda: begun) as writer:
        for minute, number in enumerate(numbers):
            at = begun + timedelta(minutes=minute)
            writer.write(
                Exchange(
                    url=f"http://heshui.example/a/{number}.html", fetched_at=at, outlet="heshui",
                    request_head=b"GET / HTTP/1.1\r\nHost: heshui.example\r\n\r\n",
                    response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
                    body=make(number, at=at, **more),
                )
            )  # fmt: skip
