"""Keep the clusters of copies up to date: who has the same text, and who probably wrote it."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipelines.chains import Taken, chain
from pipelines.relate import Copy, Ranked, rank
from pipelines.similar.cluster import clusters_in, ends
from pipelines.similar.index import Index
from pipelines.table import Row, dicts, insert

MEMBERS = """SELECT a.id, a.outlet, o.name, o.aliases, o.kind, a.source, a.published_at, a.date_precision,
        a.first_seen, a.repairs, a.url
    FROM articles a LEFT JOIN outlets o ON o.id = a.outlet WHERE a.id IN (SELECT value FROM json_each(?))"""

HELD = "SELECT * FROM reprints WHERE article IN (SELECT value FROM json_each(?))"
CLUSTERS = "SELECT id, cluster FROM articles WHERE id IN (SELECT value FROM json_each(?))"
# the addresses that articles name as those they were taken from, and the articles that are known by these
ORIGINS = """SELECT o.article, o.url, coalesce(a.id, (SELECT min(i.article) FROM aliases i WHERE i.id = o.address))
    FROM origins o LEFT JOIN articles a ON a.id = o.address
    WHERE o.article IN (SELECT value FROM json_each(?)) ORDER BY o.article, o.n"""


@dataclass(frozen=True, slots=True)
class Change:
    """The text of an article before and after; None where it was not there, or is no more.

    `sketch` is the later text's, where whoever read it has made that already.
    """

    before: str | None
    after: str | None
    sketch: tuple[int, ...] | None = None


def regroup(db: sqlite3.Connection, changes: Mapping[str, Change]) -> None:
    """Find the copies of articles that were added, changed or taken out, and make the clusters around them anew."""
    index = Index(db, lambda article: _text(db, article))
    touched = set(changes) | ends(index.component(*changes))
    for article, change in sorted(changes.items()):
        if change.before is not None and change.before != change.after:
            index.remove(article, change.before)
    for article, change in sorted(changes.items()):
        if change.after is not None and change.before != change.after:
            index.add(article, change.after, change.sketch)
    index.pour()
    present = sorted(article for article in touched if article not in changes or changes[article].after is not None)
    links = index.component(*present)
    groups = clusters_in(index, links)
    # a text that came may part two that stood together: whoever hangs on the links now is looked at too
    involved = sorted(touched | ends(links))
    _keep(db, involved, [row for members in groups for row in _rows(db, index, members)])


def _keep(db: sqlite3.Connection, involved: Sequence[str], rows: Sequence[Row]) -> None:
    """Put what is known of some articles as copies in place of what was; most of a large cluster stays as it is."""
    these = json.dumps(involved)
    held = {row["article"]: dict(row) for row in dicts(db, HELD, [these])}
    new = {str(row["article"]): row for row in rows}
    stale = [(article,) for article, row in held.items() if new.get(article) != row]
    db.executemany("DELETE FROM reprints WHERE article = ?", stale)
    insert(db, "reprints", [row for article, row in new.items() if held.get(article) != row])
    cluster = {article: row["cluster"] for article, row in new.items()}
    moved = [(cluster.get(one), one) for one, now in db.execute(CLUSTERS, [these]) if now != cluster.get(one)]
    db.executemany("UPDATE articles SET cluster = ? WHERE id = ?", moved)


def _text(db: sqlite3.Connection, article: str) -> str:
    row = db.execute("SELECT text FROM articles WHERE id = ?", [article]).fetchone()
    return str(row[0])


def _rows(db: sqlite3.Connection, index: Index, members: Sequence[str]) -> list[Row]:
    """Return the rows of a cluster, which bears the name of the first of its members."""
    found = {row["id"]: row for row in dicts(db, MEMBERS, [json.dumps(members)])}
    origins: defaultdict[str, list[tuple[str | None, str | None]]] = defaultdict(list)
    for article, url, there in db.execute(ORIGINS, [json.dumps(members)]):
        origins[article].append((url, there))
    ranked = rank([_copy(row, origins[row["id"]]) for row in found.values()])
    original = ranked[0].copy.article
    taken = chain([one.copy for one in ranked], index.shares(members))
    return [
        {
            "cluster": members[0],
            "article": one.copy.article,
            "similarity": round(index.similarity(original, one.copy.article), 4),
            "is_original": int(one.is_original),
            "evidence": _evidence(one, taken.get(one.copy.article)),
            "taken_from": taken[one.copy.article].article if one.copy.article in taken else None,
        }
        for one in ranked
    ]


def _copy(row: sqlite3.Row, origins: Sequence[tuple[str | None, str | None]]) -> Copy:
    return Copy(
        article=row["id"],
        outlet=row["outlet"],
        names=(row["name"], *json.loads(row["aliases"])) if row["name"] else (),
        kind=row["kind"],
        source=row["source"],
        published_at=row["published_at"],
        exact=row["date_precision"] not in (None, "day"),
        first_seen=row["first_seen"],
        repairs=row["repairs"],
        site=_host(row["url"]),
        links=tuple(article for _, article in origins if article),
        sites=tuple(_host(url) for url, article in origins if url and not article),
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _evidence(one: Ranked, taken: Taken | None) -> str:
    told = {"rule": one.rule, **one.values, **({"taken_from": taken.rule} if taken else {})}
    return json.dumps(told, ensure_ascii=False)
