"""Measure searching an archive beside LIKE and a trigram index: time, recall against a scan.

FANGZHI_SHARED=DIR python benchmarks/archives.py /tmp/archive.db --articles 20000
python benchmarks/search.py /tmp/archive.db

Words of each length and frequency are drawn from the texts. Everybody is asked for the same words: in this process
over SQL, in milliseconds of the processor, and then over HTTP, by the clock: our API, our page and Datasette's own JSON
of a real server on loopback. LIKE, which reads text after text until it has its rows, and all of them to count, is
asked for as many of the words as `--patience` allows, three at least.
"""

import argparse
import random
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
from serving import serving

from browse.finding import RANKED, SCORE
from pipelines.fold import fold
from pipelines.query import query, understand
from pipelines.snippet import snippet

LENGTHS = (1, 2, 3, 4, 5, 6)
WORDS = 12  # of each length and frequency
ROWS = 20
DRAWN = 3000  # articles that words are drawn from
FREQUENCIES = (("rare", 0.0, 0.001), ("mid", 0.001, 0.01), ("common", 0.01, 1.0))  # share of articles
FOUND = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
BEST = f"SELECT rowid, {SCORE} AS score FROM articles_fts WHERE articles_fts MATCH ? ORDER BY score LIMIT {ROWS}"
SHOWN = f"SELECT a.id, a.title, a.text FROM ({BEST}) f JOIN articles a ON a.key = f.rowid ORDER BY f.score"
NEWEST = f"""SELECT a.id, a.title, a.text FROM articles a
    WHERE a.key IN ({FOUND} ORDER BY rowid DESC LIMIT {ROWS}) ORDER BY a.key DESC"""
FACETS = f"SELECT outlet, count(*) FROM articles WHERE key IN ({FOUND}) GROUP BY outlet ORDER BY 2 DESC LIMIT 30"
COUNT = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
LIKE_ALL = "SELECT count(*) FROM articles WHERE text LIKE ?"
LIKE = f"SELECT key FROM articles WHERE text LIKE ? ORDER BY key DESC LIMIT {ROWS}"
TRIGRAM = f"SELECT rowid FROM trigrams WHERE trigrams MATCH ? ORDER BY rank LIMIT {ROWS}"
ONE = "SELECT title, text FROM articles WHERE key = ?"
TEXTS = "SELECT key, coalesce(title, '') || char(10) || text FROM articles ORDER BY key"


def trigrams(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a database in memory with a trigram index of the folded texts, which takes a while and four times them."""
    rival = sqlite3.connect(":memory:")
    rival.execute("CREATE VIRTUAL TABLE trigrams USING fts5(text, tokenize='trigram', content='')")
    rows = ((key, fold(text)) for key, text in db.execute(TEXTS))
    rival.executemany("INSERT INTO trigrams(rowid, text) VALUES (?, ?)", rows)
    return rival


def words(texts: list[str], lengths: Sequence[int], luck: random.Random) -> dict[tuple[int, str], list[str]]:
    """Draw words of Han characters from the texts: by length, and by how many of them have them."""
    chosen: dict[tuple[int, str], list[str]] = {}
    for length in lengths:
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update({text[place : place + length] for place in range(len(text) - length + 1)})
        pure = [(word, count / len(texts)) for word, count in seen.items() if all("一" <= one <= "鿿" for one in word)]
        for name, low, high in FREQUENCIES:
            fitting = sorted(word for word, part in pure if low < part <= high)
            if len(fitting) >= WORDS:
                chosen[length, name] = luck.sample(fitting, WORDS)
    return chosen


def timed(ask: Callable[[str], object], wanted: list[str], clock: Callable[[], float], patience: float = 60.0) -> str:
    """Return median and 95th percentile (ms) of asking for each word twice, of fewer after so many seconds."""
    taken: list[float] = []
    for word in wanted * 2:
        start = clock()
        ask(word)
        taken.append((clock() - start) * 1000)
        if sum(taken) > patience * 1000 and len(taken) >= 3:
            break
    return f"{statistics.median(taken):9.1f}/{sorted(taken)[int(len(taken) * 0.95)]:8.1f}"


def over_sql(
    db: sqlite3.Connection, rival: sqlite3.Connection | None, drawn: dict[tuple[int, str], list[str]], patience: float
) -> None:
    """Print what each question takes in this process."""

    def shown(expression: str, word: str) -> None:
        for _, _, text in db.execute(SHOWN, [expression]).fetchall():
            snippet(text, word, marks=("[", "]"))

    def ranked(word: str) -> None:
        """As the search page does: of a word in very many articles those with it in the headline."""
        (count,) = db.execute(COUNT, [query(word)]).fetchone()
        shown(query(word) if count <= RANKED else understand(word).headed, word)

    asks: dict[str, Callable[[str], object]] = {
        "ranked+snippets": ranked,
        "every hit ranked": lambda word: shown(query(word), word),
        "newest": lambda word: db.execute(NEWEST, [query(word)]).fetchall(),
        "facets": lambda word: db.execute(FACETS, [query(word)]).fetchall(),
        "count": lambda word: db.execute(COUNT, [query(word)]).fetchone(),
        "LIKE, newest": lambda word: db.execute(LIKE, [f"%{word}%"]).fetchall(),
        "LIKE, count": lambda word: db.execute(LIKE_ALL, [f"%{word}%"]).fetchone(),
    }
    if rival is not None:
        asks["trigram"] = lambda word: rival.execute(TRIGRAM, [f'"{word}"']).fetchall()
    print(f"\n{'SQL, ms':<10}" + "".join(f"{name:>18}" for name in asks))
    for (length, name), wanted in drawn.items():
        cells = "".join(timed(ask, wanted, time.process_time, patience) for ask in asks.values())
        print(f"{length} {name:<8}{cells}", flush=True)


def over_http(address: str, archive: Path, drawn: dict[tuple[int, str], list[str]]) -> None:
    """Print what each address takes over HTTP: ranked, with snippets, counts and facets."""
    table = f"/{archive.stem}/articles.json?_shape=objects&_size={ROWS}&_search="
    paths = {
        "/api/search": f"/api/search?size={ROWS}&q=",
        "/search": "/search?q=",
        "articles.json": f"{table}",
        "+ _facet=outlet": f"/{archive.stem}/articles.json?_shape=objects&_size={ROWS}&_facet=outlet&_search=",
    }
    print(f"\n{'HTTP, ms':<10}" + "".join(f"{name:>18}" for name in paths) + "  failed")
    with httpx.Client(base_url=address, timeout=60) as client:
        for (length, name), wanted in drawn.items():
            bad: list[int] = []

            def ask(word: str, path: str, bad: list[int] = bad) -> None:
                answer = client.get(path + quote(word))
                bad += [answer.status_code] if answer.status_code != httpx.codes.OK else []

            cells = "".join(
                timed(lambda word, path=path: ask(word, path), wanted, time.perf_counter) for path in paths.values()
            )  # type: ignore[misc]
            print(f"{length} {name:<8}{cells}  {len(bad)}", flush=True)


def recall(db: sqlite3.Connection, drawn: dict[tuple[int, str], list[str]], most: int) -> None:
    """Print which share of what a scan finds the index finds, and which share of what it finds is right.

    At most about so many articles are scanned, spread evenly.
    """
    every = [word for wanted in drawn.values() for word in wanted]
    (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
    keys = [key for (key,) in db.execute("SELECT key FROM articles ORDER BY key")][:: max(1, count // most)]
    found = {word: set(keys) & {key for (key,) in db.execute(FOUND, [query(word)])} for word in every}
    scan: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for key in keys:
        title, text = db.execute(ONE, [key]).fetchone()
        folded = fold(f"{title}\n{text}")
        for word in every:
            if word in folded:
                scan[word] += 1
                both[word] += key in found[word]
    hits = sum(both.values())
    print(f"recall {hits / scan.total():.6f}, precision {hits / sum(map(len, found.values())):.6f} "
          f"({len(every)} words in {len(keys)} articles, {scan.total()} hits of a scan)")  # fmt: skip


def agreement(db: sqlite3.Connection, drawn: dict[tuple[int, str], list[str]]) -> None:
    """Print how many of the best twenty are the same where only hits with the word in the headline are ranked."""
    same: Counter[str] = Counter()
    for (_, name), wanted in drawn.items():
        for word in wanted:
            best, headed = (
                {key for key, _ in db.execute(BEST, [asked])} for asked in (query(word), understand(word).headed)
            )
            if len(headed) == ROWS:
                same[name] += len(best & headed)
                same[f"{name} words"] += 1
    told = (f"{name} {same[name] / same[f'{name} words']:.1f}" for name, _, _ in FREQUENCIES if same[f"{name} words"])
    print(f"of the best {ROWS}, the same where those with the word in the headline alone are ranked: {', '.join(told)}")


def main() -> None:
    """Ask over SQL, over HTTP, and compare with a scan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--patience", type=float, default=20.0, help="seconds for LIKE and one kind of word")
    parser.add_argument("--scan", type=int, default=100_000, help="articles that recall is measured on")
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS, help="characters of the words")
    parser.add_argument("--trigram", action="store_true", help="compare with a trigram index as well")
    given = parser.parse_args()
    archive: Path = given.archive
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as db:
        (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
        keys = [key for (key,) in db.execute("SELECT key FROM articles ORDER BY key")]
        luck = random.Random(1)
        chosen = [db.execute(ONE, [key]).fetchone() for key in luck.sample(keys, min(DRAWN, count))]
        drawn = words([fold(f"{title}\n{text}") for title, text in chosen], given.lengths, luck)
        print(f"{count} articles; ms at p50 / p95; {ROWS} rows")
        recall(db, drawn, given.scan)
        agreement(db, drawn)
        over_sql(db, trigrams(db) if given.trigram else None, drawn, given.patience)
    with serving(archive) as address:
        over_http(address, archive, drawn)


if __name__ == "__main__":
    main()
