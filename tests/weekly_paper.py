"""An invented paper with a steady week, as captures: what is usual of it is known, and what is missing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.outlet import Outlet
from crawler.writer import Exchange, WarcWriter
from pipelines.build import build

MONDAY = datetime(2026, 1, 5, 2, tzinfo=UTC)
WEEKLY = {0: 6, 1: 5, 3: 1}  # articles by weekday, Monday first
OUTLET = Outlet.model_validate(
    {
        "slug": "daily",
        "name": "云岭日报",
        "home": "http://daily.example/",
        "kind": "paper",
        "sources": [{"type": "column", "url": "http://daily.example/list.html"}],
    }
)


def exchange(day: datetime, number: int) -> Exchange:
    """An article of a day, fetched that morning."""
    line = f"{day:%m月%d日}第{number}号通报：防汛演练已进入下一阶段，负责人表示将按计划推进，群众可到服务中心咨询。"
    info = f"<div class=info>{day:%Y-%m-%d} 08:{number:02}　来源：云岭日报</div>"
    title = f"<h1>防汛演练通报（{day:%m%d}{number}）</h1>"
    body = f"<html><meta charset=utf-8><body>{title}{info}<div class=content>{f'<p>{line}</p>' * 3}</div></html>"
    return Exchange(
        url=f"http://daily.example/{day:%Y-%m/%d}/content_{number}.htm",
        fetched_at=day,
        body=body.encode(),
        outlet="daily",
        request_head=b"GET / HTTP/1.1\r\nHost: daily.example\r\n\r\n",
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    )


def build_weeks(folder: Path) -> Path:
    """Build six weeks as ever, a seventh in which only Thursday's article came, a look on the Tuesday after."""
    days = [MONDAY + timedelta(weeks=week, days=day) for week in range(6) for day in WEEKLY]
    days = [(day, number) for day in days for number in range(WEEKLY[day.weekday()])]
    days += [(MONDAY + timedelta(weeks=6, days=3), 0), (MONDAY + timedelta(weeks=7, days=1), 0)]
    with WarcWriter(folder / "captures") as writer:
        for day, number in reversed(days):
            writer.write(exchange(day, number))
    build(folder / "captures", folder / "archive.db", {"daily": OUTLET}, workers=0)
    return folder / "archive.db"
