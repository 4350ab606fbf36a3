"""Read what happened to articles, oldest first: new, changed, gone; the stream that followers ask for by cursor."""

from dataclasses import dataclass

from browse.archive import Archive

KINDS = ("new", "changed", "gone")

# One event is one row: an article first seen, one of its later versions, its disappearance.
EVENTS = """
    select first_seen as at, 'new' as kind, id as article, 1 as n from articles
    union all select seen_at, 'changed', article, n from versions where n > 1
    union all select gone_at, 'gone', id, 0 from articles where gone_at is not null"""
AFTER = f"""with events as ({EVENTS}) select e.at, e.kind, e.article, e.n
    from events e join articles a on a.id = e.article
    where (e.at, e.article, e.n) > (:at, :article, :n) and (:outlet = '' or a.outlet = :outlet)
    and (:kind = '' or e.kind = :kind) order by e.at, e.article, e.n limit :most"""  # noqa: S608  (all ours)
NEWEST = f"""with events as ({EVENTS}) select e.at, e.kind, e.article, e.n from events e
    where e.kind != 'new' and (:kind = '' or e.kind = :kind) order by e.at desc, e.article, e.n desc
    limit :most offset :skip"""  # noqa: S608  (all ours)


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
    rows = await archive.rows(NEWEST, {"kind": kind, "most": most, "skip": skip})
    return [Event(*tuple(row)) for row in rows]
