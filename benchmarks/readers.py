"""Measure pages under many readers at once while others write to the same archive: how long they wait, what fails.

python benchmarks/archives.py /tmp/archive.db --articles 20000
python benchmarks/readers.py /tmp/archive.db --readers 50 --seconds 30

The archive is copied first. The readers read it alone; then beside the writer of a build, in a process of its own,
which stores generated articles, a batch after another, as fast as it can or at the pace of a build (`--pace`, articles
a second); then beside a `fangzhi crawl` of lower priority, which fetches a web on loopback and builds what comes.
"""

import argparse
import asyncio
import multiprocessing
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from itertools import chain
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import quote

import crawl
import httpx
from archives import BATCH, Press, held
from serving import serving

from pipelines.store import Store

LIMIT = 30.0  # seconds for one answer
PAGES = 300  # of the web that is crawled, for each second that readers read
PAUSE = 1.0  # seconds that a reader looks at a page, on average
WORDS = ("疫情", "会议", "农业", "学校", "书记", "检查", "疫苗", "工作会议", "新闻", "项目建设")
IDS = "SELECT id FROM articles WHERE key IN (SELECT key FROM articles ORDER BY random() LIMIT 500)"


@contextmanager
def writing(archive: Path, pace: float) -> Iterator[None]:
    """Store generated articles in another process until the block ends."""
    over = multiprocessing.Event()
    writer = multiprocessing.Process(target=write, args=(archive, pace, over))
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()
    if writer.exitcode:
        raise SystemExit("the writer failed")


@contextmanager
def crawling(archive: Path, pages: int) -> Iterator[None]:
    """Crawl a web into the archive until the block ends; print how much came in."""
    count = "SELECT count(*) FROM captures WHERE outlet = 'bench'"
    with crawl.Served("real size", pages) as port, closing(sqlite3.connect(archive)) as db:
        begun = time.perf_counter()
        words = crawl.arguments("fangzhi crawl+build", port, str(archive.parent), pages)
        child = subprocess.Popen(
            ["nice", "-n", "10", sys.executable, crawl.__file__, *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not db.execute(count).fetchone()[0] and child.poll() is None:
                time.sleep(0.1)
            yield
        finally:
            early = child.poll() is not None
            (stored,) = db.execute(count).fetchone()
            took = time.perf_counter() - begun
            child.send_signal(signal.SIGINT)
            child.wait()
    print(f"the crawl stored {stored} pages in {took:.0f} s{', and had ended' if early else ''}", flush=True)


def write(archive: Path, pace: float, over: Event) -> None:
    """Store batches until told to stop; print how many articles went in."""
    press, first = Press(2), 10_000_000
    begun, stored = time.perf_counter(), 0
    with Store(archive) as store:
        store.set_outlets({outlet.slug: outlet for outlet in press.outlets})
        while not over.is_set():
            stored += store.add(press.batch(first + stored, BATCH))
            over.wait(max(0.0, begun + stored / pace - time.perf_counter()))
    print(f"the writer stored {stored / (time.perf_counter() - begun):.0f} articles a second", flush=True)


async def read(client: httpx.AsyncClient, ids: list[str], until: float, seed: int) -> list[tuple[str, float, int]]:
    """Open pages as one reader does, half of them searches; return kind, seconds and status of each."""
    luck = random.Random(seed)
    seen = []
    await asyncio.sleep(luck.random() * PAUSE)
    while time.monotonic() < until:
        kind, path = luck.choice((
            ("search", f"/search?q={quote(luck.choice(WORDS))}"),
            ("api", f"/api/search?q={quote(luck.choice(WORDS))}"),
            ("article", f"/article/{luck.choice(ids)}"),
            ("article", f"/article/{luck.choice(ids)}"),
            ("home", "/"),
        ))  # fmt: skip
        start = time.perf_counter()
        try:
            status = (await client.get(path)).status_code
        except httpx.HTTPError:
            status = 0
        seen.append((kind, time.perf_counter() - start, status))
        await asyncio.sleep(luck.expovariate(1 / PAUSE))
    return seen


async def crowd(address: str, ids: list[str], readers: int, seconds: float) -> list[tuple[str, float, int]]:
    """Let readers read side by side for some seconds."""
    limits = httpx.Limits(max_connections=readers, max_keepalive_connections=readers)
    async with httpx.AsyncClient(base_url=address, timeout=LIMIT, limits=limits) as client:
        until = time.monotonic() + seconds
        return list(chain(*await asyncio.gather(*(read(client, ids, until, seed) for seed in range(readers)))))


def main() -> int:
    """Print what each kind of page took, without a writer and beside one; return 1 where a page failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pace", type=float, default=150, help="articles a second that the writer stores at most")
    given = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(dir=given.archive.parent) as folder:
        archive = Path(folder, "archive.db")
        shutil.copyfile(given.archive, archive)
        with closing(sqlite3.connect(archive)) as db:
            ids = [name for (name,) in db.execute(IDS)]
        print(f"{held(archive)} articles, {given.readers} readers")
        with serving(archive) as address:
            for title, beside in (
                ("alone", nullcontext()),
                ("beside a writer", writing(archive, given.pace)),
                ("beside a crawl", crawling(archive, int(given.seconds * PAGES))),
            ):
                with beside:
                    seen = asyncio.run(crowd(address, ids, given.readers, given.seconds))
                failed += report(title, seen, given.seconds)
    return int(failed > 0)


def report(title: str, seen: list[tuple[str, float, int]], seconds: float) -> int:
    """Print a line for each kind of page; return how many failed."""
    kinds: defaultdict[str, list[float]] = defaultdict(list)
    for kind, took, _ in seen:
        kinds[kind].append(took)
    failed = sum(status != httpx.codes.OK for _, _, status in seen)
    print(f"{title}: {len(seen) / seconds:.0f} pages a second, {failed} failed")
    for kind, took in sorted(kinds.items()):
        took.sort()
        middle, most = took[len(took) // 2], took[int(len(took) * 0.95)]
        print(f"  {kind:10}{len(took):7} pages  p50 {middle * 1000:7.0f} ms  p95 {most * 1000:7.0f} ms", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
