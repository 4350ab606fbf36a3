"""Measure searching an archive beside LIKE and a trigram index: time, recall against a scan, size.

FANGZHI_SHARED=DIR python benchmarks/store.py --articles 20000 --keep /tmp/archive.db
python benchmarks/search.py /tmp/archive.db
"""

import argparse
import random
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pipelines.fold import fold
from pipelines.query import query
from pipelines.snippet import snippet

LENGTHS = (1, 2, 3, 4, 6)
WORDS = 12  # of each length and frequency
ROWS = 20
RANKED = """SELECT a.id, a.title, a.text FROM articles_fts f JOIN articles a ON a.key = f.rowid
    WHERE articles_fts MATCH ? ORDER BY rank LIMIT 20"""
NEWEST = """SELECT a.id, a.title, a.text FROM articles a
    WHERE a.key IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) ORDER BY a.key DESC LIMIT 20"""
COUNT = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
LIKE = "SELECT rowid FROM folded WHERE text LIKE ? ORDER BY rowid DESC LIMIT 20"
TRIGRAM = "SELECT rowid FROM trigrams WHERE trigrams MATCH ? ORDER BY rank LIMIT 20"


def words(texts: list[str], luck: random.Random) -> dict[tuple[int, str], list[str]]:
    """Draw words from the texts: by length, and by how many articles have them (under 0.1 %, 1 %, and more)."""
    chosen: dict[tuple[int, str], list[str]] = {}
    for length in LENGTHS:
        seen: Counter[str] = Counter()
        for text in luck.sample(texts, min(3000, len(texts))):
            seen.update({text[place : place + length] for place in range(len(text) - length + 1)})
        share = min(3000, len(texts))
        pure = [(word, count / share) for word, count in seen.items() if all(_is_han(one) for one in word)]
        for name, low, high in (("rare", 0.0, 0.001), ("mid", 0.001, 0.01), ("common", 0.01, 1.0)):
            fitting = sorted(word for word, part in pure if low < part <= high)
            if len(fitting) >= WORDS:
                chosen[length, name] = luck.sample(fitting, WORDS)
    return chosen


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def timed(ask: Callable[[str], object], wanted: list[str]) -> tuple[float, float]:
    """Return median and 95th percentile (ms) of asking for each word three times."""
    taken = []
    for word in wanted * 3:
        start = time.perf_counter()
        ask(word)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]


def main() -> None:
    """Print a row for each length and frequency."""
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    db = sqlite3.connect(f"file:{parser.parse_args().archive}?mode=ro", uri=True)
    rows = db.execute("SELECT key, coalesce(title, '') || char(10) || text FROM articles ORDER BY key").fetchall()
    texts = {key: fold(text) for key, text in rows}
    rival = sqlite3.connect(":memory:")
    rival.execute("CREATE TABLE folded (text TEXT)")
    rival.execute("CREATE VIRTUAL TABLE trigrams USING fts5(text, tokenize='trigram')")
    rival.executemany("INSERT INTO folded(rowid, text) VALUES (?, ?)", texts.items())
    rival.executemany("INSERT INTO trigrams(rowid, text) VALUES (?, ?)", texts.items())

    def ranked(word: str) -> None:
        for _, _, text in db.execute(RANKED, [query(word)]).fetchall():
            snippet(text, word, marks=("[", "]"))

    print(f"{len(rows)} articles; ms at p50 / p95; {ROWS} rows")
    print(f"{'word':<12}{'ranked+snippet':>18}{'newest':>16}{'count':>16}{'LIKE':>18}{'trigram':>16}  recall precision")
    for (length, name), wanted in words(list(texts.values()), random.Random(1)).items():
        asks = (
            ranked,
            lambda word: db.execute(NEWEST, [query(word)]).fetchall(),
            lambda word: db.execute(COUNT, [query(word)]).fetchone(),
            lambda word: rival.execute(LIKE, [f"%{word}%"]).fetchall(),
            lambda word: rival.execute(TRIGRAM, [f'"{word}"']).fetchall(),
        )
        cells = "".join(f"{p50:9.1f}/{p95:7.1f}" for p50, p95 in (timed(ask, wanted) for ask in asks))
        hit = missed = wrong = 0
        for word in wanted:
            found = {
                row[0] for row in db.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [query(word)])
            }
            scan = {key for key, text in texts.items() if word in text}
            hit, missed, wrong = hit + len(found & scan), missed + len(scan - found), wrong + len(found - scan)
        print(f"{length} {name:<10}{cells}  {hit / (hit + missed):.4f} {hit / (hit + wrong):.4f}", flush=True)


if __name__ == "__main__":
    main()
