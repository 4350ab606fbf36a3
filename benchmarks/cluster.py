"""Measure building on two Dask workers beside the process pool of two: the same WARC files, the same archive.

FANGZHI_SHARED=DIR python benchmarks/cluster.py
"""

import argparse
import gzip
import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import costs

from crawler.writer import Exchange, WarcWriter
from fangzhi.cluster.build import ReadThere
from fangzhi.cluster.connect import connected
from pipelines.build import build, remove
from pipelines.digest import digest

START = datetime(2026, 3, 1, tzinfo=UTC)
FILES = 8
WORKERS = 2
CONTENDERS = ("start", "pool", "dask")  # the first only starts scheduler and workers, and ends them


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


def contend(name: str, folder: Path) -> None:
    """Build the archive of a folder of captures; print as JSON the seconds of the build itself, and its digest."""
    archive = folder / f"{name}.db"
    with ExitStack() as stack:
        engine = None
        if name != "pool":
            engine = ReadThere(stack.enter_context(connected(f"local:{WORKERS}")), folder / "parts")
        begun = time.perf_counter()
        if name != "start":
            build(folder / "captures", archive, {}, engine=engine, workers=WORKERS)
        wall = time.perf_counter() - begun
    print(json.dumps({"wall": wall, "digest": digest(archive) if name != "start" else ""}))


def main() -> None:
    """Build both ways, in turn; print seconds by the clock and of the processor, and both ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=4, help="how often each page is captured")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.contender:
        contend(chosen.contender, chosen.folder)
        return
    walls: defaultdict[str, list[float]] = defaultdict(list)
    cpus: defaultdict[str, list[float]] = defaultdict(list)
    digests = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "captures").mkdir()
        count = captured(folder / "captures", chosen.copies)
        print(f"{count} captures in {FILES} WARC files, {WORKERS} workers each")
        print(f"{'':8}{'seconds':>10}{'of processor':>14}")
        for _ in range(chosen.rounds):
            for one in CONTENDERS:
                cost = costs.cost_of(__file__, ["--contender", one, "--folder", str(folder)])
                took = json.loads(cost.output.splitlines()[-1])
                walls[one].append(took["wall"])
                cpus[one].append(cost.cpu)
                if one != "start":
                    digests.add(took["digest"])
                    remove(folder / f"{one}.db")
                    shutil.rmtree(folder / "parts", ignore_errors=True)
                print(f"{one:8}{took['wall']:10.1f}{cost.cpu:14.1f}", flush=True)
    wall, cpu = ({one: min(taken) for one, taken in table.items()} for table in (walls, cpus))
    print(f"dask at {wall['pool'] / wall['dask']:.2f} of the pool's pace by the clock, "
          f"{cpu['pool'] / (cpu['dask'] - cpu['start']):.2f} by the processor without the start of the cluster; "
          f"equal archives: {len(digests) == 1}")  # fmt: skip


if __name__ == "__main__":
    main()
