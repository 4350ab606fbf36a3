"""Open every kind of page and API answer of an archive once, cold and then warm: how long each takes, and what fails.

python benchmarks/archives.py /tmp/archive.db --articles 1000000 --share 0.35
python benchmarks/opening.py /tmp/archive.db
"""

import argparse
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
from serving import serving

LIMIT = 60.0  # seconds for one answer
# what Datasette says of a question that took too long: of a whole page, of facets, of a count
SLOW = re.compile(
    r'SQL query took too long|facets-timed-out|"facets_timed_out": \[[^\]]|"filtered_table_rows_count": null'
)
PAGES = (
    "/", "/outlets", "/outlet/{outlet}", "/regions", "/region/{province}", "/region/{region}", "/clusters",
    "/cluster/{cluster}", "/changes", "/changes?kind=gone", "/changes?edit=figure", "/coverage", "/health", "/repairs",
    "/article/{article}", "/article/{changed}/versions", "/search", "/search?outlet={outlet}",
    "/search?region={province}", "/search?status=gone", "/search?q=2026-03", "/search?source={source}",
    "/search?since=2010-01-01&until=2012-12-31", "/search.atom", "/api", "/api/search", "/api/outlets",
    "/api/outlet/{outlet}", "/api/changes", "/api/coverage", "/api/article/{article}",
    "/api/article/{changed}/versions", "/api/cluster/{cluster}", "/archive", "/robots.txt",
)  # fmt: skip
SEARCHES = (
    "/search?q={}", "/search?q={}&order=date", "/search?q={}&outlet={outlet}", "/search.atom?q={}", "/api/search?q={}",
    "/archive/articles?_search={}", "/archive/articles.json?_search={}&_facet=outlet",
)  # fmt: skip
WORDS = ("的", "一", "工作", "会议", "疫情防控", "工作会议 要求", "headline:会议", "云溪县人民政府", '"的" -"了"')
SAMPLES = {
    "outlet": "SELECT outlet FROM articles GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "region": "SELECT region FROM articles WHERE region IS NOT NULL LIMIT 1",
    "province": "SELECT substr(region, 1, 2) || '0000' FROM articles WHERE region IS NOT NULL GROUP BY 1 "
    "ORDER BY count(*) DESC LIMIT 1",
    "cluster": "SELECT cluster FROM reprints GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "article": "SELECT id FROM articles ORDER BY key LIMIT 1 OFFSET 1000",
    "changed": "SELECT id FROM articles WHERE status = 'changed' LIMIT 1",
    "source": "SELECT source FROM articles WHERE source IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
}


def addresses(archive: Path) -> Iterator[str]:
    """Yield every kind of address that an archive answers; Datasette's own tables with their facets among them."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as db:
        found = {name: db.execute(sql).fetchone() for name, sql in SAMPLES.items()}
        tables = db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name").fetchall()
    known = {name: quote(str(row[0])) for name, row in found.items() if row}
    for page in PAGES:
        try:
            yield page.format(**known)
        except KeyError:
            print(f"{page}: not in this archive", file=sys.stderr)
    for word in WORDS:
        for search in SEARCHES:
            yield search.format(quote(word), **known)
    for (name,) in tables:
        if not name.startswith(("articles_fts_", "sqlite_", "_")):
            yield f"/archive/{name}"


def main() -> None:
    """Print each address that failed or was slow, and the slowest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--slow", type=float, default=1.0, help="seconds from which on an answer is named")
    given = parser.parse_args()
    taken: list[tuple[float, float, str]] = []
    failed = 0
    with serving(given.archive) as address, httpx.Client(base_url=address, timeout=LIMIT) as client:
        for path in addresses(given.archive):
            seconds = []
            for _ in range(2):
                start = time.perf_counter()
                answer = client.get(path.replace("/archive", f"/{given.archive.stem}", 1))
                seconds.append(time.perf_counter() - start)
            taken.append((*seconds, path))
            said = SLOW.search(answer.text)
            if answer.status_code != httpx.codes.OK or said:
                failed += 1
                print(f"{answer.status_code} {said[0] if said else ''} {path}", flush=True)
            elif max(seconds) > given.slow:
                print(f"{seconds[0]:6.2f} {seconds[1]:6.2f} s  {path}", flush=True)
    first, second = sorted(one for one, _, _ in taken), sorted(two for _, two, _ in taken)
    at = int(len(taken) * 0.95)
    print(f"{len(taken)} addresses; cold p50 {first[len(first) // 2]:.3f} p95 {first[at]:.3f} s, "
          f"warm p50 {second[len(second) // 2]:.3f} p95 {second[at]:.3f} s, slowest {first[-1]:.2f} s; "
          f"{failed} failed")  # fmt: skip
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
