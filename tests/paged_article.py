"""An invented article over three pages, as captures and as exchanges."""

from datetime import timedelta
from hashlib import sha256

from crawler.capture import Capture
from crawler.writer import Exchange
from tests.golden_pages import FETCHED

TITLE = "走读云岭：一条老街的二十年"
PLACE = "http://daily.example/fk/2017/0708/"
TEXTS = (
    "南门老街不过六百步，从城门洞走到河埠头，一支烟的工夫。二十年前，这里的铺子卖的是铁锅、草鞋和散装酱油。",
    "铁匠铺的炉火是最后熄的。老铁匠万炉生把铁砧送给了街口的小学，孩子们下课围着它敲，叮叮当当，像从前的清晨。",
    "后来，酱油铺改成了书店。店主说，墙里渗出的酱香怎么也散不去，读书人都说好闻，常有人从邻县坐车过来。",
)
EDITORS = "责任编辑：林晚舟"
PAGER = (
    '<div class="pages"><a href="991.html">上一页</a> <a href="991.html">1</a> <a href="991_2.html">2</a> '
    '<a href="991_3.html">3</a> <a href="991_2.html">下一页</a></div><p>下一篇：<a href="992.html">河埠码头</a></p>'
)


def html(number, pager=PAGER, text=None):
    last = f"<p>{EDITORS}</p>" if number == 3 else ""
    body = (
        f"<h1>{TITLE}</h1><p>2017-07-08 10:02 来源：云岭新闻网</p><div><p>{text or TEXTS[number - 1]}</p>{last}</div>"
    )
    return f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{body}{pager}</body></html>"


def name(number):
    return "991.html" if number == 1 else f"991_{number}.html"


def capture(number, hours=0.0, **changes):
    body = html(number, **changes).encode()
    return Capture(
        url=PLACE + name(number), fetched_at=FETCHED + timedelta(hours=hours), status=200,
        headers=(("Content-Type", "text/html"),), body=body, sha256=sha256(body).hexdigest(), warc_file="a.warc.gz",
        warc_offset=int(hours * 100) + number,
    )  # fmt: skip


def exchange(number, hours=0.0, status=200, **changes):
    return Exchange(
        url=PLACE + name(number), fetched_at=FETCHED + timedelta(hours=hours), body=html(number, **changes).encode(),
        outlet="daily", request_head=b"GET / HTTP/1.1\r\nHost: daily.example\r\n\r\n",
        response_head=f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n\r\n".encode(),
    )  # fmt: skip
