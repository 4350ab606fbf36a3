"""Measure the build: pages a second and core from WARC files to an archive, beside those who only read pages.

    FANGZHI_SHARED=FOLDER python benchmarks/build.py
    python benchmarks/build.py --pages 2000 --only fangzhi lxml
    python benchmarks/build.py --memory 1000 10000 100000

Sets of pages: the labelled ones of many sites (where FANGZHI_SHARED names them), each site a host that was never
seen; of the sites of which there are enough, the later pages, where some earlier ones have taught how they are made;
generated ones of one outlet, and the same where it has been learnt. Everybody reads the same pages in a process of its
own, one after another in one run. `fangzhi` does all of its build: it reads the WARC file, decodes, repairs, reads text
and fields, stores and indexes; `with a worker` does it as a person's build does, in a process for reading and one for
storing, start included.
The others are handed each page in memory. CPU is that of a process and all that it started, in milliseconds a page.

news-please and newspaper4k have pins that fight with ours; they live apart, in .venv-bench (`make bench` sets it up).
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import costs
import pages as stock

if TYPE_CHECKING:
    from crawler.outlet import Outlet
    from pipelines.outcome import Lesson

HERE = Path(__file__).parent
APART = HERE.parent / ".venv-bench" / "bin" / "python"
RIVALS = {"lxml": sys.executable, "trafilatura": sys.executable, "news-please": str(APART), "newspaper4k": str(APART)}
OURS = ("fangzhi", "with a worker")
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
ENOUGH = 24  # generated pages from which their outlet is learnt
FEWEST = 10  # labelled pages of a site that can be learnt, and from how many of them at most
TEACH = 8
FEW = 20  # pages that are built beforehand, so that the dictionaries are loaded


def capture(pages: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write pages to WARC files as a crawl does, never more than one in memory."""
    from crawler.writer import Exchange, WarcWriter

    writer = WarcWriter(folder, sync=False)
    asked, told = b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    for number, (url, body) in enumerate(pages):
        at = FETCHED + timedelta(seconds=number)
        writer.write(Exchange(url=url, fetched_at=at, request_head=asked, response_head=told, body=body))
    writer.close()


def outlets(urls: Iterable[str]) -> dict[str, Outlet]:
    """Return an outlet for each host."""
    from crawler.outlet import Outlet

    found = {}
    for home in sorted({"/".join(url.split("/")[:3]) + "/" for url in urls}):
        slug = home.split("/")[2].replace(".", "-")
        told = {"slug": slug, "name": slug, "home": home, "kind": "paper", "sources": [{"type": "column", "url": home}]}
        found[slug] = Outlet.model_validate(told)
    return found


def learn(earlier: list[tuple[str, bytes]], folder: Path) -> int:
    """Take a lesson from each of some pages, keep them beside the captures; return how many outlets were learnt."""
    from crawler.reader import iter_captures
    from pipelines.flow import Reader
    from pipelines.learn.book import Learnt, write_learnt
    from pipelines.learn.school import ALWAYS, templates_of

    capture(earlier, folder / "earlier")
    reader = Reader(outlets(url for url, _ in earlier))
    lessons: dict[str, list[Lesson]] = {}
    for path in sorted((folder / "earlier").glob("*.warc.gz")):
        for outcome in map(reader.lesson, iter_captures(path)):
            if outcome.lesson:
                lessons.setdefault(outcome.outlet or "", []).append(outcome.lesson)
    learnt = {slug: made for slug, some in lessons.items() if (made := templates_of(some, ALWAYS))}
    for slug, made in learnt.items():
        write_learnt(folder / "captures", slug, Learnt(templates=made))
    return len(learnt)


def contend(name: str, folder: Path) -> None:
    """Build the archive of a folder in this process; print what it took as JSON."""
    from pipelines.build import build

    pages = pickle.loads((folder / "pages").read_bytes())
    known = outlets(url for url, _ in pages) if (folder / "captures" / "learnt").exists() else {}
    if name == "fangzhi":
        capture([(f"{url}?before", body) for url, body in pages[:FEW]], folder / "before")
        build(folder / "before", folder / "before.db", known, workers=0)
    archive = folder / f"{name.replace(' ', '-')}.db"
    begun = time.process_time()
    report = build(folder / "captures", archive, known, workers=0 if name == "fangzhi" else 1)
    spent, peak = time.process_time() - begun, costs.peak_of(os.getpid())
    print(json.dumps({"pages": report.captures, "cpu": spent, "found": report.articles, "peak": peak}))


def compare(
    title: str, pages: list[tuple[str, bytes]], names: list[str], earlier: list[tuple[str, bytes]] | None = None
) -> None:
    """Let everybody read the same pages, where `earlier` ones have taught how they are made; print a table."""
    size = sum(len(body) for _, body in pages) / len(pages) / 1000
    print(f"\n{title}: {len(pages)} pages, {size:.0f} kB each")
    print(f"{'':16}{'CPU ms a page':>14}{'pages/s/core':>14}{'of trafilatura':>16}{'of lxml':>9}{'texts':>7}{'MB':>6}")
    rows: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pages").write_bytes(pickle.dumps(pages))
        capture(pages, folder / "captures")
        if earlier:
            print(f"learnt from {len(earlier)} other pages: {learn(earlier, folder)} outlets")
        for one in names:
            if one in RIVALS and not Path(RIVALS[one]).exists():
                print(f"{one:16}not installed: make {APART.parents[1].name}/bench.stamp")
                continue
            cost = (
                costs.cost_of(str(HERE / "rivals.py"), [one, str(folder / "pages")], python=RIVALS[one])
                if one in RIVALS
                else costs.cost_of(__file__, ["--contender", one, "--folder", str(folder)])
            )
            took = json.loads(cost.output.splitlines()[-1])
            # a worker is a process of its own, and so is what it was forked from: theirs counts, and the start of all
            cpu = cost.cpu if one == "with a worker" else took["cpu"]
            rows[one] = cpu / took["pages"]
            ratios = [f"{rows[other] / rows[one]:.2f}" if other in rows else "" for other in ("trafilatura", "lxml")]
            print(
                f"{one:16}{1000 * rows[one]:14.2f}{1 / rows[one]:14.0f}{ratios[0]:>16}{ratios[1]:>9}"
                f"{took['found']:7}{took['peak']:6}",
                flush=True,
            )


def memory(counts: list[int]) -> None:
    """Build ever larger archives of small pages; print the largest process of each build."""
    print(f"\n{'pages':>8}{'peak MB, storing':>18}{'reading':>9}{'CPU ms a page':>15}{'archive MB':>12}")
    outlet = stock.Outlet(3, size=6000)
    for count in sorted(counts):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made = enumerate(outlet.pages(count))
            capture(((f"http://bench.example/a/{number}.html", body) for number, body in made), folder / "captures")
            cost = costs.cost_of(__file__, ["--contender", "memory", "--folder", str(folder)])
            took = json.loads(cost.output.splitlines()[-1])
            size = (folder / "memory.db").stat().st_size / 1e6
            cpu = 1000 * cost.cpu / count
            print(f"{count:8}{took['storing']:18}{took['reading']:9}{cpu:15.2f}{size:12.0f}", flush=True)


def peaks(folder: Path) -> None:
    """Build with two workers; print the peak of this process and that of the largest other (MB) as JSON."""
    import threading

    from pipelines.build import build

    largest, over = 0, threading.Event()

    def watch() -> None:
        nonlocal largest
        while not over.wait(1.0):
            largest = max(largest, *map(costs.peak_of, costs.family(os.getpid())), 0)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    build(folder / "captures", folder / "memory.db", outlets(["http://bench.example/"]), workers=2)
    over.set()
    thread.join()
    print(json.dumps({"storing": costs.peak_of(os.getpid()), "reading": largest}))


def main() -> None:
    """Compare on each set of pages, or measure the memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000, help="of the generated set")
    parser.add_argument("--only", nargs="*", choices=[*RIVALS, *OURS], default=[*RIVALS, *OURS])
    parser.add_argument("--memory", type=int, nargs="*", help="build archives of so many small pages instead")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.contender == "memory":
        peaks(given.folder)
    elif given.contender:
        contend(given.contender, given.folder)
    elif given.memory is not None:
        memory(given.memory or [1000, 10_000, 100_000])
    else:
        if labelled := [(f"http://{site}/{number}.html", body) for number, (site, body) in enumerate(stock.corpus())]:
            compare("labelled pages, outlets never seen", labelled, given.only)
            earlier, later = parted(labelled)
            compare("labelled pages of outlets that were learnt", later, given.only, earlier)
        made = stock.Outlet(1).pages(given.pages + ENOUGH)
        generated = [(f"http://bench.example/a/{number}.html", body) for number, body in enumerate(made)]
        compare("generated pages of one outlet", generated[ENOUGH:], given.only)
        compare("the same, the outlet learnt", generated[ENOUGH:], given.only, generated[:ENOUGH])


def parted(pages: list[tuple[str, bytes]]) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """Return of every site that has enough pages those that teach, a half at most, and all that come after them."""
    sites: dict[str, list[tuple[str, bytes]]] = {}
    for page in pages:
        sites.setdefault(page[0].split("/")[2], []).append(page)
    some = [(min(TEACH, len(site) // 2), site) for site in sites.values() if len(site) >= FEWEST]
    return [page for cut, site in some for page in site[:cut]], [page for cut, site in some for page in site[cut:]]


if __name__ == "__main__":
    main()
