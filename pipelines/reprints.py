"""Keep the clusters of copies up to date: who has the same text, and who probably wrote it."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from pipelines.relate import Copy, rank
from pipelines.table import Row, insert

MEMBERS = """SELECT a.fingerprint, a.id, a.outlet, o.name, o.aliases, o.kind, a.source, a.published_at,
        a.date_precision, a.first_seen, a.repairs
    FROM articles a LEFT JOIN outlets o ON o.id = a.outlet
    WHERE a.fingerprint IN (SELECT value FROM json_each(?))"""


def regroup(db: sqlite3.Connection, fingerprints: Iterable[str]) -> None:
    """Make the clusters of some fingerprints anew: rows of `reprints`, and `articles.cluster`."""
    touched = sorted(set(fingerprints) - {""})
    these = json.dumps(touched)
    groups: defaultdict[str, list[Copy]] = defaultdict(list)
    for print_, article, outlet, name, aliases, kind, source, at, precision, seen, repairs in db.execute(
        MEMBERS, [these]
    ):
        names = (name, *json.loads(aliases)) if name else ()
        copy = Copy(article=article, outlet=outlet, names=names, kind=kind, source=source, published_at=at,
                    exact=precision not in (None, "day"), first_seen=seen, repairs=repairs)  # fmt: skip
        groups[print_].append(copy)
    ids = json.dumps([cluster_id(print_) for print_ in touched])
    members = json.dumps(sorted(copy.article for copies in groups.values() for copy in copies))
    db.execute("DELETE FROM reprints WHERE cluster IN (SELECT value FROM json_each(?))", [ids])
    db.execute("DELETE FROM reprints WHERE article IN (SELECT value FROM json_each(?))", [members])
    db.execute(
        """UPDATE articles SET cluster = NULL WHERE cluster IN (SELECT value FROM json_each(?))
            OR (cluster IS NOT NULL AND id IN (SELECT value FROM json_each(?)))""",
        [ids, members],
    )
    for print_, copies in sorted(groups.items()):
        if len(copies) > 1:
            rows = _rows(cluster_id(print_), copies)
            insert(db, "reprints", rows)
            db.executemany(
                "UPDATE articles SET cluster = ? WHERE id = ?", [(row["cluster"], row["article"]) for row in rows]
            )


def cluster_id(print_: str) -> str:
    """Return the id of the cluster of a text: the same in every archive that holds it."""
    return print_[:16]


def _rows(cluster: str, copies: list[Copy]) -> list[Row]:
    return [
        {
            "cluster": cluster,
            "article": ranked.copy.article,
            "similarity": 1.0,
            "is_original": int(ranked.is_original),
            "evidence": json.dumps({"rule": ranked.rule, **ranked.values}, ensure_ascii=False),
        }
        for ranked in rank(copies)
    ]
