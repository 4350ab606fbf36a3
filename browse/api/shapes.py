"""Give rows of the archive the shape in which tools get them."""

import sqlite3
from collections.abc import Callable
from typing import Any

from browse.display import listed
from browse.entries import Entry

Link = Callable[[str], str]
ARRAYS = ("authors", "editors", "keywords", "flags", "captions", "evidence")


def brief(entry: Entry, link: Link) -> dict[str, Any]:
    """Return an article as it stands in a list; `snippet` is HTML with marks, everything else plain text.

    `found_in` names the attachment that the snippet is of, None where it is of the article itself.
    """
    return {
        "id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "outlet": entry.outlet,
        "outlet_name": entry.outlet_name,
        "published_at": entry.published_at,
        "published_local": entry.published_local,
        "day": entry.day,
        "region": entry.region,
        "source": entry.source,
        "script": entry.script,
        "status": entry.status,
        "flags": list(entry.flags),
        "cluster": entry.cluster,
        "snippet": str(entry.snippet),
        "found_in": entry.found_in,
        "address": link(f"/api/article/{entry.id}"),
    }


def whole(row: sqlite3.Row, link: Link) -> dict[str, Any]:
    """Return an article with all its columns; JSON columns as arrays, the text also as its paragraphs."""
    shaped = {name: row[name] for name in row.keys()}  # noqa: SIM118  (a Row iterates over its values)
    for name in ARRAYS:
        shaped[name] = listed(shaped[name])
    shaped["paragraphs"] = row["text"].split("\n")
    shaped["page"] = link(f"/article/{row['id']}")
    shaped["versions"] = link(f"/api/article/{row['id']}/versions")
    shaped["cluster_address"] = link(f"/api/cluster/{row['cluster']}") if row["cluster"] else None
    return shaped


def plain(row: sqlite3.Row, *arrays: str) -> dict[str, Any]:
    """Return a row as it is, the named JSON columns as arrays."""
    shaped = {name: row[name] for name in row.keys()}  # noqa: SIM118  (a Row iterates over its values)
    for name in arrays:
        shaped[name] = listed(shaped[name])
    return shaped
