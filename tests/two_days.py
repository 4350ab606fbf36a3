"""WARC files of two days of a small crawl: what came, what changed, what went."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.outlet import Outlet
from crawler.writer import Exchange, WarcWriter

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
TOWNS = ("清溪", "石桥", "白沙", "东湾", "南坪", "北岭", "柳河", "双塔", "长滩", "金盆")
TOPICS = ("疫苗接种", "道路抢修", "春耕备播", "河道清理", "校园安全", "小区改造", "食品抽检", "防汛演练")


def outlet(slug="daily", **more) -> Outlet:
    sources = [{"type": "epaper", "url": f"http://{slug}.example/html/%Y-%m/%d/node_1.htm"}]
    return Outlet(slug=slug, name="云岭日报", home=f"http://{slug}.example/", kind="epaper", sources=sources, **more)


def page(n: int, *, edited=False) -> bytes:
    town, topic = TOWNS[n % 10], TOPICS[n % 8]
    lines = [
        f"{town}镇第{n}号通报：{topic}工作已进入第{k}阶段，负责人表示将按计划推进，群众可到服务中心咨询。"
        for k in range(1, 6)
    ]
    if edited:
        lines[2] = "更正：原通报所列数字有误，现以本次公布的数字为准，特此说明，由此带来的不便敬请谅解。"
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = f"<head><title>{town}镇{topic}通报</title><meta charset=utf-8></head>"
    title = f"<h1>{town}镇{topic}通报（{n}）</h1>"
    day = START + timedelta(days=n % 20)
    info = f"<div class=info>{day:%Y-%m-%d} 08:{n % 60:02}　来源：云岭日报</div>"
    return f"<html>{head}<body>{title}{info}<div class=content>{body}</div></body></html>".encode()


def exchange(url: str, body: bytes, hours=0.0, status=200, slug="daily") -> Exchange:
    return Exchange(
        url=url, fetched_at=START + timedelta(hours=hours), body=body, outlet=slug,
        request_head=b"GET / HTTP/1.1\r\nHost: daily.example\r\n\r\n",
        response_head=f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n\r\n".encode(),
    )  # fmt: skip


def days(count=24) -> list[Exchange]:
    """Return two days of a crawl: articles, a copy, an edition page that is missing, edits, a deletion, an error."""
    first = [exchange(f"http://daily.example/{n}.html", page(n), n / 10) for n in range(count)]
    first += [exchange(f"http://farm.example/{n}.html", page(n), 5, slug="farm") for n in range(3)]
    editions = "http://daily.example/html/2026-03/0{}/node_1.htm"
    first += [exchange(editions.format(day), b"<a href=1.htm>1</a>", 5) for day in (1, 3)]
    first += [exchange(editions.format(2), b"", 6, 404)]
    second = [exchange(f"http://daily.example/{n}.html", page(n, edited=True), 30) for n in range(3, 6)]
    second += [
        exchange("http://daily.example/7.html", b"gone", 31, 404),
        exchange("http://daily.example/8.html", b"", 31, 503),
        *(exchange("http://daily.example/7.html", b"gone", hours, 404) for hours in (55, 80)),
    ]
    return first + second


def write(folder: Path, exchanges, *, files=1) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(files):
        clock = START + timedelta(minutes=number)
        with WarcWriter(folder, clock=lambda clock=clock: clock, sync=False) as writer:
            for one in exchanges[number::files]:
                writer.write(one)
    return folder


OUTLETS = {"daily": outlet(), "farm": outlet("farm")}
