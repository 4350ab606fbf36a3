"""Pages that somebody made to hang a reader or to fill its memory, each as large as one asks for."""

import resource
import sys
from collections.abc import Callable
from hashlib import sha256

from crawler.capture import Capture
from pipelines.flow import read
from pipelines.records import Skip
from tests.golden_pages import FETCHED

HEADLINE = "云岭四条社区公交线路开通"
SENTENCE = "四条社区公交线路昨日开通，票价一元，六十五岁以上老人凭卡免费乘坐，沿途停靠卫生服务中心和菜市场。"
TEXT = f"<p>{SENTENCE}</p>"
BOMB = (
    "<?xml version='1.0'?><!DOCTYPE html ["
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    + '<!ENTITY a0 "云">]><html><head><title>云</title></head><body><p>&a9;</p></body></html>'
)
ROW = f"<tr>{'<td>12</td>' * 50}</tr>"
Noise = Callable[[int], str]

# noise behind an article: name, what makes so much of it, how much
NOISES: tuple[tuple[str, Noise, int], ...] = (
    ("dates", lambda n: f"<p>{'2022-01-01 10:10 ' * n}</p>", 20_000),
    ("names", lambda n: f"<p>记者{'张三 ' * n}</p>", 20_000),
    ("labels", lambda n: "来源：<br>" * n, 25_000),
    ("brackets", lambda n: f"<p>{'（' * n}</p>", 50_000),
    ("buttons", lambda n: f"<p>{'分享' * n}x</p>", 50_000),
    ("rows of a table", lambda n: f"<table>{ROW * n}</table>", 1_000),
    ("quotes", lambda n: "<script>" + '"\\' * n + "</script>", 300_000),
    ("nested data", lambda n: "<script>" + '{"content":' * n + "1</script>", 100_000),
    ("names of elements", lambda n: "".join(f'<i class="c{k} nav{k}">x</i>' for k in range(n)), 50_000),
    ("entities", lambda n: "&lol;&#xfffff;&nbsp;" * n, 50_000),
    ("tags that only paint, never closed", lambda n: "<font color=red>" * n, 20_000),
    ("letters of an address", lambda n: f'<a href="/{"a" * n}_">2</a>', 400_000),
    ("sources", lambda n: "<script>" + 'source: "甲乙丙", [' * n + "</script>", 100_000),
    ("times", lambda n: "<script>" + "time = '2022-01-01 10:10'; [" * n + "</script>", 50_000),
    ("pages of a pager", lambda n: "".join(f'<a href="1_{k % 60}.html">{k % 60}</a>' for k in range(n)), 20_000),
    ("lines of a headline", lambda n: f"<div class=title>{f'{HEADLINE}<br>' * n}</div>", 20_000),
)
# the largest that is read, and what is told to be too much
LARGEST = 7_500_000  # characters
FULL: dict[str, str] = {
    "20 MB": TEXT * 150_000,
    "tags that only paint": TEXT + "<b>x" * (LARGEST // 4),
    "broken lines": TEXT + "x<br>" * (LARGEST // 5),
    "100,000 nested tags": "<div>" * 100_000 + TEXT,
    "an attribute without end": f'{TEXT}<div class="{"a" * 5_000_000}',
    "attributes without end": TEXT + "<div " + 'a="1" ' * 500_000,
    "entity bomb": BOMB,
}


def web(body: str) -> str:
    return f"<html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>{body}</body></html>"


def capture(page: str) -> Capture:
    body = page.encode()
    return Capture(
        url="http://a.example/1.html", fetched_at=FETCHED, status=200, headers=(("Content-Type", "text/html"),),
        body=body, sha256=sha256(body).hexdigest(), warc_file="a.warc.gz", warc_offset=0,
    )  # fmt: skip


def outcome(page: str) -> str:
    """Return the reason for which a page is skipped, or "article"."""
    try:
        read(capture(page))
    except Skip as skip:
        return skip.reason.value
    return "article"


def _held(name: str) -> int:
    """Return one of the sizes of this process, in bytes, as the kernel tells it."""
    with open("/proc/self/status", encoding="ascii") as told:  # noqa: PTH123  (no file)
        return next(int(line.split()[1]) * 1024 for line in told if line.startswith(name))


if __name__ == "__main__":  # read the full pages with so many bytes of memory beside what an ordinary one took
    outcome(web(TEXT * 20))
    allowed = _held("VmSize") + int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    for name, page in FULL.items():
        sys.stdout.write(f"{name}: {outcome(page if page is BOMB else web(page))}\n")
