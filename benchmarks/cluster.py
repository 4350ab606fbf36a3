"""Measure building on two Dask workers beside the process pool of two: the same WARC files, the same archive.

FANGZHI_SHARED=DIR python benchmarks/cluster.py
"""

import argparse
import gzip
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.writer import Exchange, WarcWriter
from fangzhi.cluster.build import ReadThere
from fangzhi.cluster.connect import connected
from pipelines.build import build
from pipelines.digest import digest

START = datetime(2026, 3, 1, tzinfo=UTC)
FILES = 8
WORKERS = 2


def pages() -> Iterator[tuple[str, bytes]]:
    """Yield address and bytes of every real page that FANGZHI_SHARED names."""
    corpus = Path(os.environ["FANGZHI_SHARED"]) / "corpus"
    for path in sorted((corpus / "html").glob("*.gz")):
        yield f"http://{path.name.partition('__')[0]}.example/{path.stem}", gzip.decompress(path.read_bytes())


def captured(folder: Path, copies: int) -> int:
    """Write the pages, each under several addresses, into FILES WARC files; return how many captures there are."""
    stock = list(pages())
    count = 0
    for number in range(FILES):
        with WarcWriter(folder, clock=lambda day=number: START + timedelta(days=day), sync=False) as writer:
            for copy in range(number, copies * FILES, FILES):
                for url, body in stock[copy % FILES :: FILES]:
                    count += 1
                    writer.write(
                        Exchange(
                            url=f"{url}?copy={copy // FILES}", fetched_at=START, body=body, outlet=None,
                            request_head=b"GET / HTTP/1.1\r\n\r\n",
                            response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
                        )
                    )  # fmt: skip
    return count


def main() -> None:
    """Build both ways, in turn, print seconds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=4, help="how often each page is captured")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "captures").mkdir()
        count = captured(folder / "captures", chosen.copies)
        print(f"{count} captures in {FILES} WARC files, {WORKERS} workers each")
        best: dict[str, float] = {}
        digests = set()
        for turn in range(chosen.rounds):
            archive = folder / f"pool-{turn}.db"
            begun = time.perf_counter()
            build(folder / "captures", archive, {}, workers=WORKERS)
            best["pool"] = min(time.perf_counter() - begun, best.get("pool", 1e9))
            digests.add(digest(archive))
            archive = folder / f"dask-{turn}.db"
            begun = time.perf_counter()
            with connected(f"local:{WORKERS}") as client:
                ready = time.perf_counter()
                build(folder / "captures", archive, {}, engine=ReadThere(client, folder / f"parts-{turn}"))
                done = time.perf_counter()
            best["dask"] = min(done - ready, best.get("dask", 1e9))
            best["start of the cluster"] = min(ready - begun, best.get("start of the cluster", 1e9))
            digests.add(digest(archive))
        for what, seconds in best.items():
            print(f"{what:24} {seconds:6.1f} s")
        print(f"dask at {best['pool'] / best['dask']:.2f} of the pool's pace; equal archives: {len(digests) == 1}")


if __name__ == "__main__":
    main()
