"""Measure what capturing costs: pages a second and memory, against Scrapy that keeps nothing.

    python benchmarks/crawl.py --pages 1000

The pages are those of the demonstration web, each under as many addresses as it takes; a process of its own serves
them on loopback. Every contender crawls the same addresses in a process of its own: plain Scrapy that does nothing
with a page, plain Scrapy with trafilatura in its spider, our crawl, our crawl followed by the build.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PER_LIST = 100
CONTENDERS = ("scrapy", "scrapy+trafilatura", "fangzhi crawl", "fangzhi crawl+build")


def bodies() -> list[bytes]:
    """Return the articles of the demonstration web as they are served."""
    from fangzhi.demo import truth, web

    kinds = {record.url: record.kind for record in truth(1)}
    return [
        resource_.body
        for site in web(1).values()
        for path, resource_ in site.resources.items()
        if kinds.get(site.url(path)) == "article"
    ]


def serve(port: int, pages: int) -> None:
    """Answer list pages and articles until killed."""
    stock = bodies()

    def answer(path: str) -> bytes:
        if path.startswith("/list_"):
            number = int(path[6:-5])
            first = number * PER_LIST
            links = [f'<a href="/a/{one}.html">x</a>' for one in range(first, min(first + PER_LIST, pages))]
            more = f'<a href="/list_{number + 1}.html">next</a>' if first + PER_LIST < pages else ""
            return ("<html>" + "".join(links) + more).encode()
        if path.startswith("/a/"):
            number = int(path[3:-5])
            return stock[number % len(stock)] + b"<!-- %d -->" % number
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


def plain_scrapy(port: int, *, extract: bool) -> int:
    """Crawl with Scrapy alone, as many requests at once as ours makes; return the number of articles."""
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

                trafilatura.bare_extraction(response.body)
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
    return len(done)


def ours(port: int, folder: Path, *, build: bool) -> int:
    """Crawl with capture, and build where that is asked for; return the number of articles captured."""
    from crawler.crawl import crawl
    from crawler.outlet import Outlet

    home = f"http://bench.localhost:{port}/"
    source = {"type": "column", "url": f"{home}list_0.html", "next": "next", "pages": 1000}
    outlet = Outlet.model_validate(
        {
            "slug": "bench",
            "name": "bench",
            "home": home,
            "kind": "paper",
            "delay": 0,
            "private": True,
            "sources": [source],
            "urls": {"article": [r"/a/\d+\.html$"], "list": [r"/list_\d+\.html$"]},
        }
    )
    report = crawl(
        [outlet],
        captures=folder / "captures",
        crawl_db=folder / "crawl.db",
        resolve={"localhost": "127.0.0.1"},
        patience=0,
    )
    if build:
        from pipelines.build import build as build_archive

        build_archive(folder / "captures", folder / "archive.db", {"bench": outlet})
    return report.captured


def contend(contender: str, port: int) -> None:
    """Run one contender in this process; print what it took as JSON."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        if contender.startswith("scrapy"):
            done = plain_scrapy(port, extract="trafilatura" in contender)
        else:
            done = ours(port, Path(folder), build="build" in contender)
    seconds = time.perf_counter() - began
    usage = resource.getrusage(resource.RUSAGE_SELF)
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))[0]) // 1000
    cpu = usage.ru_utime + usage.ru_stime  # of this process alone: the workers of a build are not in it
    print(json.dumps({"pages": done, "seconds": seconds, "cpu": cpu, "peak_mb": peak}))


def main() -> None:
    """Serve, let each contender run, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--only", choices=CONTENDERS, nargs="*", default=CONTENDERS)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.contender:
        contend(given.contender, given.port)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(port, given.pages), daemon=True)
    server.start()
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    print(f"{'contender':22}{'pages':>7}{'seconds':>9}{'pages/s':>9}{'own CPU ms':>13}{'peak MB':>9}")
    try:
        for contender in given.only:
            command = [sys.executable, __file__, "--contender", contender, "--port", str(port)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            took = json.loads(done.stdout.splitlines()[-1])
            rate, cost = took["pages"] / took["seconds"], 1000 * took["cpu"] / max(took["pages"], 1)
            print(
                f"{contender:22}{took['pages']:7}{took['seconds']:9.1f}{rate:9.1f}{cost:13.2f}{took['peak_mb']:9}",
                flush=True,
            )
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
