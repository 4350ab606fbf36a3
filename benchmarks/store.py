"""Measure storing: articles a second with and without the search index, bytes an article.

FANGZHI_SHARED=DIR python benchmarks/store.py --articles 20000
"""

import argparse
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from texts import Writer

from crawler.capture import Capture
from pipelines.outcome import Kind, Outcome, Reading
from pipelines.records import Article, Precision
from pipelines.relate import content_digest, fingerprint
from pipelines.segment import cut
from pipelines.similar.sketch import signature
from pipelines.store import Store
from pipelines.url import article_id

START = datetime(2010, 1, 1, tzinfo=UTC)
BATCH = 500


def outcome(number: int, title: str, text: str) -> Outcome:
    """Return an article as a worker hands it over."""
    url = f"http://outlet{number % 97}.example/{number}.html"
    at = START + timedelta(minutes=17 * number)
    capture = Capture(
        url=url, fetched_at=at, status=200, headers=(("Content-Type", "text/html"),), body=b"", sha256=f"{number:064x}",
        warc_file=f"{number // 10_000:05}.warc.gz", warc_offset=number % 10_000 * 20_000,
    )  # fmt: skip
    article = Article(url=url, capture=capture, outlet=None, title=title, paragraphs=tuple(text.split("\n")),
                      published_at=at, precision=Precision.MINUTE, source="本报", authors=("李明",))  # fmt: skip
    reading = Reading(
        article=article,
        content=content_digest(title, text),
        fingerprint=fingerprint(text),
        terms=(cut(title), cut(text)),
        sketch=signature(text),
    )
    return Outcome(
        capture=capture, size=len(text) * 3, page=article_id(url), outlet=None, kind=Kind.ARTICLE, reading=reading
    )


def fill(path: Path, count: int, seed: int = 1) -> dict[str, float]:
    """Make an archive of generated articles; return how many seconds each part of it took, and its sizes (bytes)."""
    writer = Writer(seed)
    cost = {"cut": 0.0, "store": 0.0, "text": 0.0}
    with Store(path) as store:
        number = 0
        while number < count:
            drafts = [writer.article() for _ in range(min(BATCH, count - number))]
            cost["text"] += sum(len(title.encode()) + len(text.encode()) for title, text in drafts)
            start = time.perf_counter()
            batch = [outcome(number + place, *draft) for place, draft in enumerate(drafts)]
            cost["cut"] += time.perf_counter() - start
            start = time.perf_counter()
            store.add(batch)
            cost["store"] += time.perf_counter() - start
            number += len(batch)
        start = time.perf_counter()
        store.finish_build(store.start_build(), {}, tidy=True)
        cost["finish"] = time.perf_counter() - start
    return cost


def bare(path: Path, count: int, seed: int = 1) -> float:
    """Return the seconds that `executemany` takes for the same texts in one plain table."""
    writer = Writer(seed)
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, text TEXT)")
    seconds = 0.0
    for first in range(0, count, BATCH):
        rows = [(f"{first + place:016x}", *writer.article()) for place in range(min(BATCH, count - first))]
        start = time.perf_counter()
        with db:
            db.executemany("INSERT INTO articles VALUES (?, ?, ?)", rows)
        seconds += time.perf_counter() - start
    db.close()
    return seconds


def sizes(path: Path) -> list[tuple[str, int]]:
    """Return the bytes of the largest tables and indexes."""
    db = sqlite3.connect(path)
    found = db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 6").fetchall()
    db.close()
    return found


def main() -> None:
    """Fill an archive, then a plain table with the same texts; print both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="keep the archive here, for search.py")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = wanted.keep or Path(folder, "archive.db")
        cost = fill(path, wanted.articles)
        plain = bare(Path(folder, "bare.db"), wanted.articles)
        count = wanted.articles
        print(f"{count} articles, {cost['text'] / count:.0f} bytes of text each")
        print(f"  cutting, in the workers  {count / cost['cut']:8.0f} a second")
        print(f"  storing, in the writer   {count / cost['store']:8.0f} a second")
        print(f"  finishing                {cost['finish']:8.1f} s")
        print(f"  bare executemany         {count / plain:8.0f} a second")
        print(f"  archive                  {path.stat().st_size / cost['text']:8.2f} x the text")
        for name, size in sizes(path):
            print(f"    {name:<22} {size / cost['text']:8.2f} x")


if __name__ == "__main__":
    main()
