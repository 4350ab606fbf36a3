"""Tell which outlet each printed source (来源) means, so that originals which are not held can be asked for."""

import sqlite3

from crawler.outlet import Outlet
from pipelines.fingerprint import squeezed
from pipelines.names import NOBODY
from pipelines.table import insert

# what stands where a source is expected and names no outlet
NOWHERE = NOBODY | frozenset(
    ("网络整理", "互联网综合", "网络综合", "综合整理", "本站原创", "本网原创", "转发", "网友投稿", "投稿", "官方")
)


def name_sources(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> None:
    """Make the table `sources` anew: every source that articles print, with the outlet of the longest name in it."""
    names = sorted(
        ((squeezed(name), slug) for slug, one in outlets.items() for name in (one.name, *one.aliases)),
        key=lambda pair: (-len(pair[0]), *pair),
    )
    printed = [name for (name,) in db.execute("SELECT DISTINCT source FROM articles WHERE source IS NOT NULL")]
    db.execute("DELETE FROM sources")
    rows = []
    for name in sorted(printed):
        words = squeezed(name)
        if words and words not in NOWHERE:
            rows.append({"name": name, "outlet": next((slug for own, slug in names if own and own in words), None)})
    insert(db, "sources", rows)


# with an address that one of the copies gives as the original's, where that is not held
LACKING = """INSERT INTO wanted (name, outlet, texts, copies, sample, original)
    SELECT s.name, s.outlet, count(DISTINCT coalesce(a.cluster, a.id)), count(*), min(a.id), min((
        SELECT min(o.url) FROM origins o WHERE o.article = a.id AND o.url NOT LIKE '%/'
            AND NOT EXISTS (SELECT 1 FROM articles b WHERE b.id = o.address)
            AND NOT EXISTS (SELECT 1 FROM aliases b WHERE b.id = o.address)))
    FROM sources s JOIN articles a ON a.source = s.name
    WHERE s.outlet IS NULL OR (s.outlet IS NOT a.outlet AND NOT EXISTS (
        SELECT 1 FROM articles b WHERE b.cluster = a.cluster AND b.outlet = s.outlet))
    GROUP BY s.name, s.outlet"""


def list_wanted(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> None:  # noqa: ARG001  (as every last step)
    """Make the table `wanted` anew: whose originals the archive lacks, by the names that `sources` tells."""
    db.execute("DELETE FROM wanted")
    db.execute(LACKING)
