"""Measure the search for reprints: right or wrong on made pairs, by kind; cost of an article in a growing archive.

`python benchmarks/similar.py [--pairs | --archive N]`; texts are taken from FANGZHI_SHARED/corpus/gold.jsonl.
"""

import argparse
import os
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import copies
import notices
import similar_pairs

from pipelines.similar.index import SCHEMA, Index
from pipelines.similar.verdict import same_text

REPORT_AT = (1_000, 10_000, 50_000, 100_000, 200_000)
WINDOW = 1_000  # articles before each report that are compared and timed; the others are sketched and entered alone


def main() -> None:
    """Run what was asked for, both by default (the archive then with 20,000 articles)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", action="store_true", help="pairs alone")
    parser.add_argument("--archive", type=int, metavar="N", help="an archive of N articles alone")
    options = parser.parse_args()
    if not (shared := os.environ.get("FANGZHI_SHARED")):
        sys.exit("similar: FANGZHI_SHARED is not set, so there are no texts to make pairs of")
    texts = similar_pairs.corpus(Path(shared, "corpus", "gold.jsonl"))
    if not options.archive:
        pairs(texts)
    if not options.pairs:
        archive(texts, options.archive or 20_000)


def pairs(texts: list[str]) -> None:
    """Print how many pairs of each kind are judged right, and the F1 over all."""
    right, made = Counter[str](), Counter[str]()
    outcome = Counter[tuple[bool, bool]]()
    start = time.perf_counter()
    for pair in similar_pairs.all_pairs(texts):
        similar = same_text(pair.a, pair.b).similar
        made[pair.kind] += 1
        right[pair.kind] += similar == pair.same
        outcome[pair.same, similar] += 1
    took = time.perf_counter() - start
    for kind in made:
        print(f"{kind:32} {right[kind]:5} of {made[kind]:5}")
    hits, false, missed = outcome[True, True], outcome[False, True], outcome[True, False]
    print(
        f"{made.total()} pairs in {took:.1f} s: precision {hits / (hits + false):.4f}, "
        f"recall {hits / (hits + missed):.4f}, F1 {2 * hits / (2 * hits + false + missed):.4f}"
    )


def archive(texts: list[str], size: int) -> None:
    """Add so many made articles one by one; print the cost of one (ms of processor) and of the index as it grows."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder, "archive.db"))
        db.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID")
        for statement in SCHEMA:
            db.execute(statement)
        index = Index(
            db, lambda article: db.execute("SELECT text FROM articles WHERE id = ?", (article,)).fetchone()[0]
        )
        reports = sorted({n for n in REPORT_AT if n < size} | {size})
        costs: dict[str, list[float]] = defaultdict(list)
        families: dict[str, str] = {}
        links = Counter[str]()
        print(" articles  ms each   fresh    copy  notice     p99  candidates  index bytes each")
        for n, (article, kind, family, text) in enumerate(stream(texts, size), 1):
            if any(report - WINDOW < n <= report for report in reports):
                start = time.process_time()
                found = index.add(article, text)
                cost = 1000 * (time.process_time() - start)
                costs["candidates"].append(len(index.candidates(text, but=article)))
                others = {families[link.a if link.b == article else link.b] for link, _ in found}
                links["copies"] += kind == "copy"
                links["copies found"] += kind == "copy" and family in others
                links["false"] += bool(others - {family})
                links["compared"] += 1
                costs[kind].append(cost)
                costs["all"].append(cost)
            else:
                index.enter(article, text)
            db.execute("INSERT INTO articles VALUES (?, ?)", (article, text))
            families[article] = family
            if n % 500 == 0:
                index.pour()
            if n in reports:
                db.commit()
                mean = {kind: statistics.fmean(values) for kind, values in costs.items()}
                slowest = statistics.quantiles(costs["all"], n=100)[-1]
                print(
                    f"{n:9} {mean['all']:8.2f} {mean['fresh']:7.2f} {mean['copy']:7.2f} {mean['notice']:7.2f} "
                    f"{slowest:7.2f} {mean['candidates']:11.2f} {index_bytes(db) / n:17.0f}",
                    flush=True,
                )
                costs.clear()
        print(
            f"of {links['compared']} articles compared: {links['copies found']} of {links['copies']} copies linked to "
            f"their family, {links['false']} articles linked to another"
        )
        db.close()


def index_bytes(db: sqlite3.Connection) -> int:
    """Return the bytes of the pages that hold sketches and links."""
    whole = db.execute("PRAGMA page_count").fetchone()[0] * db.execute("PRAGMA page_size").fetchone()[0]
    try:
        return int(
            db.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'sketches%' OR name = 'links'").fetchone()[0]
        )
    except sqlite3.OperationalError:  # an SQLite built without dbstat: the texts are counted too
        return int(whole)


def stream(texts: list[str], size: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield id, kind, family and text of made articles.

    Of a hundred, 70 are put together out of clauses of the corpus, 15 are copies of an earlier one, each changed in
    one of the ways of the pairs, and 15 are notices on one of a few forms, so that thousands are on the same form.
    """
    luck = random.Random(7)
    clauses = sorted({clause for text in texts for clause in re.findall(r"[^，。！？；：\n]{4,30}[，。；]", text)})
    earlier: list[tuple[str, str]] = []
    for n in range(size):
        article, draw = sha256(str(n).encode()).hexdigest()[:16], luck.random()
        if draw < 0.15 and earlier:
            family, text = luck.choice(earlier)
            kind, text = "copy", luck.choice(copies.COPIES)(text, luck, texts)
        elif draw < 0.3:
            kind, family, text = "notice", article, luck.choice(notices.FORMS).fill(luck)
        else:
            kind, family = "fresh", article
            text = "\n".join("".join(luck.choices(clauses, k=luck.randint(4, 12))) for _ in range(luck.randint(2, 9)))
        if kind != "copy":
            earlier.append((family, text))
        yield article, kind, family, text


if __name__ == "__main__":
    main()
