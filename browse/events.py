"""Read what happened to articles, oldest first: the stream that followers ask for by cursor.

An article is new, changed, gone, or withdrawn; of the last the id is all that is told.
"""

from dataclasses import dataclass

from browse.archive import Archive

KINDS = ("new", "changed", "gone", "withdrawn")

# One event is one row: an article first seen, one of its later versions, its disappearance. Each part is sought along
# an index and stops at `most` rows, so that asking for what is new costs the same in an archive of any size.
AFTER = """select at, kind, article, n from (
        select first_seen as at, 'new' as kind, id as article, 1 as n, outlet from articles
        where first_seen >= :at and (first_seen, id, 1) > (:at, :article, :n)
            and (:outlet = '' or outlet = :outlet) and :kind in ('', 'new') order by first_seen, id limit :most)
    union all select at, kind, article, n from (
        select v.seen_at as at, 'changed' as kind, v.article, v.n from versions v join articles a on a.id = v.article
        where v.n > 1 and v.seen_at >= :at and (v.seen_at, v.article, v.n) > (:at, :article, :n)
            and (:outlet = '' or a.outlet = :outlet) and :kind in ('', 'changed')
        order by v.seen_at, v.article, v.n limit :most)
    union all select at, kind, article, n from (
        select gone_at as at, 'gone' as kind, id as article, 0 as n from articles
        where gone_at is not null and gone_at >= :at and (gone_at, id, 0) > (:at, :article, :n)
            and (:outlet = '' or outlet = :outlet) and :kind in ('', 'gone') order by gone_at, id limit :most)
    union all select at, kind, article, n from (
        select at, 'withdrawn' as kind, article, 0 as n from withdrawals
        where at >= :at and (at, article, 0) > (:at, :article, :n)
            and :outlet = '' and :kind in ('', 'withdrawn') order by at, article limit :most)
    order by at, article, n limit :most"""
NEWEST = """select at, kind, article, n from (
        select seen_at as at, 'changed' as kind, article, n from versions where n > 1 and :kind in ('', 'changed')
        order by seen_at desc, article, n desc limit :reach)
    union all select at, kind, article, n from (
        select gone_at as at, 'gone' as kind, id as article, 0 as n from articles
        where gone_at is not null and :kind in ('', 'gone') order by gone_at desc, id limit :reach)
    order by at desc, article, n desc limit :most offset :skip"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an article: when it was seen (UTC), what, and to which of its versions."""

    at: str
    kind: str
    article: str
    n: int


START = ("", "", 0)


async def after(
    archive: Archive, place: tuple[str, str, int], *, outlet: str = "", kind: str = "", most: int
) -> list[Event]:
    """Return the events after a place (time, article, version), oldest first."""
    params = {"at": place[0], "article": place[1], "n": place[2], "outlet": outlet, "kind": kind, "most": most}
    return [Event(*tuple(row)) for row in await archive.rows(AFTER, params)]


async def newest(archive: Archive, *, kind: str = "", most: int, skip: int = 0) -> list[Event]:
    """Return what changed or vanished, newest first."""
    rows = await archive.rows(NEWEST, {"kind": kind, "most": most, "skip": skip, "reach": skip + most})
    return [Event(*tuple(row)) for row in rows]
