"""Measure what keeping the record costs in an archive of any size: hiding, purging, verifying, deriving anew.

python benchmarks/archives.py /tmp/archive.db --articles 200000
python benchmarks/record.py /tmp/archive.db
"""

import argparse
import random
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.purge import purge
from crawler.withdrawal import Level, Withdrawal
from crawler.writer import Exchange, WarcWriter
from fangzhi.verify.index import check_index
from pipelines.store import Store
from pipelines.versions import VERSIONS, Derived, Reach
from pipelines.warcs import warc_files

NAVIGATION = "<div class=nav><a href=/x>首页</a></div>" * 60
SIZE = 900  # characters of a page's text


@contextmanager
def cost(what: str, each: int | None = None) -> Iterator[None]:
    """Print the CPU time of what is done meanwhile, and of `each` thing where their number is given."""
    start = time.process_time()
    yield
    seconds = time.process_time() - start
    share = f", {seconds / each * 1000:.3f} ms each" if each else ""
    print(f"{what}: {seconds:.2f} s{share}", flush=True)


def hide(path: Path, article: str, url: str) -> None:
    """Withdraw one article, and tell what that costs until readers miss it, and until nothing is left in the file."""
    decision = Withdrawal(
        at="2026-01-01T00:00:00.000000Z", article=article, level=Level.HIDE, url=url, by="x", reason="y",
        pages=(article,),
    )  # fmt: skip
    shown = f"SELECT count(*) FROM articles WHERE id = '{article}'"
    with Store(path) as store, closing(sqlite3.connect(path)) as reader:
        start = time.process_time()
        seen: list[float] = []

        def look(_: str) -> None:
            if not seen and reader.execute(shown).fetchone() == (0,):
                seen.append(time.process_time() - start)

        store._db.set_trace_callback(look)  # noqa: SLF001  (when others see it is the question)
        store.withdraw([decision])
        print(f"hidden after {seen[0]:.2f} s, the file written anew after {time.process_time() - start:.2f} s")


def renew(path: Path, derived: Derived) -> None:
    """Derive something anew, as after its code has changed."""
    with closing(sqlite3.connect(path)) as database, database:
        (count,) = database.execute("SELECT count(*) FROM articles").fetchone()
        database.execute("UPDATE captures SET extractor = ?", [VERSIONS[Reach.PAGE]])
        settings = {one: VERSIONS[one] for one in Derived if one is not derived} | {"extractor": "", derived: ""}
        database.executemany("REPLACE INTO settings VALUES (?, ?)", settings.items())
    with Store(path) as store, cost(f"{derived} derived anew", count):
        store.renew()


def destroy(count: int) -> None:
    """Purge one page out of WARC files that hold so many."""
    luck = random.Random(1)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with WarcWriter(folder, sync=False, max_bytes=40_000_000) as writer:
            for number in range(count):
                page = f"<html><body>{NAVIGATION}<p>{''.join(luck.choices(signs, k=SIZE))}</p></body></html>"
                writer.write(
                    Exchange(
                        url=f"http://daily.example/{number}.html", fetched_at=datetime.now(UTC), body=page.encode(),
                        request_head=b"GET / HTTP/1.1\r\nHost: daily.example\r\n\r\n",
                        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
                    )
                )  # fmt: skip
        files = warc_files(folder)
        size = sum(path.stat().st_size for path in files) / 1e6
        with cost(f"one of {count} pages purged from {size:.0f} MB", count):
            purge(folder, files, lambda url, _: url == "http://daily.example/7.html", datetime.now(UTC))


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(shutil.copy(given.archive, name))
        Store(path).close()
        with closing(sqlite3.connect(path)) as database:
            (count,) = database.execute("SELECT count(*) FROM articles").fetchone()
            chosen = database.execute("SELECT id, url FROM articles LIMIT 1 OFFSET ?", [count // 2]).fetchone()
            print(f"{count} articles, {path.stat().st_size / 1e6:.0f} MB")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            with cost("search index verified", count):
                assert not list(check_index(database))
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"memory at most {after / 1000:.0f} MB, {before / 1000:.0f} before")
        hide(path, *chosen)
        for derived in Derived:
            renew(path, derived)
        destroy(count)


if __name__ == "__main__":
    main()
