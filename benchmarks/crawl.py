"""Measure what capturing and building cost: pages a second, CPU and memory, against plain Scrapy on the same pages.

    FANGZHI_SHARED=FOLDER python benchmarks/crawl.py --pages 800 3000
    python benchmarks/crawl.py --web demonstration --only scrapy "fangzhi crawl"
    python benchmarks/crawl.py --memory 50000

Two webs, each served on loopback by a process of its own, each page under as many addresses as it takes: the articles
of the demonstration web (4 kB), and pages of real size (the labelled ones where FANGZHI_SHARED names them, else
generated ones). Every contender crawls the same addresses, eight at once, in processes of its own: plain Scrapy that
does nothing with a page, plain Scrapy with trafilatura and metadata in its spider, our crawl without and with its
build. CPU is that of a contender and all that it started, start-up included, in milliseconds a page; of two numbers of
pages a further table tells what lies between them, which is without start-up. "others" is the share of the processors
that the rest of the machine used meanwhile, the web among it: where that is much, the clock says little.
"""

import argparse
import asyncio
import multiprocessing
import re
import socket
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import costs
import pages as stock

PER_LIST = 100
WEBS = ("demonstration", "real size")
CONTENDERS = ("scrapy", "scrapy+trafilatura", "fangzhi crawl", "fangzhi crawl+build")
OUTLET = """name = "bench"
home = "http://bench.localhost:{port}/"
kind = "paper"
delay = 0
private = true
[[sources]]
type = "column"
url = "http://bench.localhost:{port}/list_0.html"
next = "next"
pages = 1000
[urls]
article = ['/a/\\d+\\.html$']
list = ['/list_\\d+\\.html$']
"""


def bodies(web: str) -> list[bytes]:
    """Return the pages of a web."""
    if web == "demonstration":
        return stock.demonstration()
    if web == "small":
        return list(stock.Outlet(1, size=6000).pages(50))
    return [body for _, body in stock.corpus()] or list(stock.Outlet(1).pages(200))


def serve(port: int, pages: int, web: str) -> None:
    """Answer list pages and articles until killed."""
    stored = bodies(web)

    def answer(path: str) -> bytes:
        if path.startswith("/list_"):
            number = int(path[6:-5])
            first = number * PER_LIST
            links = [f'<a href="/a/{one}.html">x</a>' for one in range(first, min(first + PER_LIST, pages))]
            more = f'<a href="/list_{number + 1}.html">next</a>' if first + PER_LIST < pages else ""
            return ("<html>" + "".join(links) + more).encode()
        if path.startswith("/a/"):
            number = int(path[3:-5])
            return stored[number % len(stored)] + b"<!-- %d -->" % number
        return b""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                body = answer(request.split(b" ", 2)[1].decode())
                status = b"200 OK" if body else b"404 Not Found"
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def forever() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(forever())


def plain_scrapy(port: int, *, extract: bool) -> None:
    """Crawl with Scrapy alone, as many requests at once as ours makes; print the number of articles."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    done = []

    class Plain(scrapy.Spider):  # type: ignore[misc]
        name = "plain"
        start_urls = (f"http://127.0.0.1:{port}/list_0.html",)

        def parse(self, response: Any) -> Any:
            for href in response.css("a::attr(href)").getall():
                following = self.parse if href.startswith("/list") else self.article
                yield response.follow(href, following)

        def article(self, response: Any) -> None:
            if extract:
                import trafilatura

                trafilatura.bare_extraction(response.body, with_metadata=True)
            done.append(response.url)

    settings = {
        "LOG_ENABLED": False,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "ROBOTSTXT_OBEY": True,
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    process.crawl(Plain)
    process.start()
    print(len(done))


def ours(folder: Path, *, build: bool) -> None:
    """Crawl as the command does; print the number of articles captured."""
    import sqlite3
    from contextlib import closing

    from fangzhi.commands.crawl import crawl

    words = ["--folder", str(folder / "outlets"), "--captures", str(folder / "captures")]
    words += ["--crawl-db", str(folder / "crawl.db"), "--archive", str(folder / "archive.db")]
    try:
        crawl.main([*words, *([] if build else ["--no-build"])])
    except SystemExit as end:
        if end.code:
            raise
    with closing(sqlite3.connect(folder / ("archive.db" if build else "crawl.db"))) as database:
        table = "articles" if build else "urls WHERE kind = 'article' AND status = 200"
        print(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def remember(count: int, folder: Path) -> None:
    """Crawl so many addresses, and print the memory of this process on the way."""
    from crawler.crawl import crawl
    from crawler.outlet import load_outlets
    from crawler.plan import Plan
    from crawler.report import Progress

    marks = iter(sorted({count // 50, count // 10, count // 4, count // 2, count}))
    wanted = next(marks)

    def look(progress: Progress) -> None:
        nonlocal wanted
        done = sum(one.done for one in progress.outlets.values())
        if done >= wanted:
            now = re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))[0]
            print(f"{done:9} fetched{int(now) // 1000:6} MB{progress.rate:7.0f} a second", flush=True)
            wanted = next(marks, sys.maxsize)

    outlets = load_outlets(folder / "outlets").values()
    plan = Plan(patience=0, resolve={"localhost": "127.0.0.1"})
    crawl(outlets, plan, captures=folder / "captures", crawl_db=folder / "crawl.db", on_progress=look)


def contend(contender: str, port: int, folder: Path, count: int) -> None:
    """Run one contender in this process."""
    (folder / "outlets").mkdir()
    (folder / "outlets" / "bench.toml").write_text(OUTLET.format(port=port), "utf-8")
    if contender == "memory":
        remember(count, folder)
    elif contender.startswith("scrapy"):
        plain_scrapy(port, extract="trafilatura" in contender)
    else:
        ours(folder, build="build" in contender)


class Served:
    """A web on loopback, as long as the context lasts; `port` is where."""

    def __init__(self, web: str, pages: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        context = multiprocessing.get_context("spawn")
        self.server = context.Process(target=serve, args=(self.port, pages, web), daemon=True)

    def __enter__(self) -> int:
        self.server.start()
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self.port
            time.sleep(0.1)
        raise SystemExit("the web did not start")

    def __exit__(self, *error: object) -> None:
        self.server.terminate()
        self.server.join()


def arguments(contender: str, port: int, folder: str, count: int) -> list[str]:
    """Return the words that make this script one contender."""
    return ["--contender", contender, "--port", str(port), "--into", folder, "--pages", str(count)]


def measure(port: int, count: int, contender: str) -> tuple[int, costs.Cost]:
    """Let a contender crawl a web; return how many articles it got, and what that cost."""
    with tempfile.TemporaryDirectory() as folder:
        cost = costs.cost_of(__file__, arguments(contender, port, folder, count))
    return int(cost.output.split()[-1]), cost


def compare(web: str, counts: list[int], contenders: list[str]) -> None:
    """Let each contender crawl so many pages of a web; print a table, and one of what lies between the counts."""
    print(f"\n{web}: {sum(map(len, stored := bodies(web))) / len(stored) / 1000:.0f} kB a page")
    found: dict[int, dict[str, tuple[int, costs.Cost]]] = {}
    for count in counts:
        with Served(web, count) as port:
            found[count] = {contender: measure(port, count, contender) for contender in contenders}
        show(f"{count} pages", found[count])
    for one, two in pairwise(counts):
        between = {
            name: (more - few, costs.Cost(big.cpu - small.cpu, big.wall - small.wall, "", big.others))
            for name, (few, small) in found[one].items()
            for more, big in [found[two][name]]
        }
        show(f"from {one} to {two}, without start-up", between)


def show(title: str, found: dict[str, tuple[int, costs.Cost]]) -> None:
    """Print a table: each contender, its pace, its ratio to plain Scrapy, with trafilatura and without."""
    print(f"{title:36}{'pages/s':>9}{'CPU ms a page':>15}{'others %':>10}{'of scrapy':>11}{'+trafilatura':>14}")
    pace = {contender: done / cost.wall for contender, (done, cost) in found.items()}
    for contender, (done, cost) in found.items():
        ratios = [f"{pace[contender] / pace[one]:.2f}" if one in pace else "" for one in CONTENDERS[:2]]
        print(
            f"{contender:36}{pace[contender]:9.1f}{1000 * cost.cpu / max(done, 1):15.2f}{100 * cost.others:10.0f}"
            f"{ratios[0]:>11}{ratios[1]:>14}",
            flush=True,
        )


def main() -> None:
    """Compare on each web, or measure the memory of a long crawl."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[800, 3000])
    parser.add_argument("--web", choices=WEBS, nargs="*", default=WEBS)
    parser.add_argument("--only", choices=CONTENDERS, nargs="*", default=CONTENDERS)
    parser.add_argument("--memory", type=int, help="crawl so many small pages instead, and watch the memory")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.contender:
        contend(given.contender, given.port, given.into, given.pages[0])
    elif given.memory:
        with Served("small", given.memory) as port, tempfile.TemporaryDirectory() as folder:
            cost = costs.cost_of(__file__, arguments("memory", port, folder, given.memory))
        print(f"{cost.output}{1000 * cost.cpu / given.memory:.2f} ms CPU a page")
    else:
        for web in given.web:
            compare(web, given.pages, given.only)


if __name__ == "__main__":
    main()
