"""Read what happened to articles, oldest first: the stream that followers ask for by cursor.

An article is new, changed, gone, back, or withdrawn; of the last the id is all that is told.
"""

from dataclasses import dataclass

from browse.archive import Archive
from pipelines.edits.classes import Kind as Edit

KINDS = ("new", "changed", "gone", "back", "withdrawn")
EDITS = tuple(edit.value for edit in Edit)

EDITED = """(:edit = '' or exists (
    select 1 from edits e where e.article = v.article and e.n = v.n and e.kind = :edit))"""
# a site that was made anew is one event of its outlet (see upheavals), not a thousand of its articles
SINGLE = """not exists (select 1 from upheavals u where u.outlet = a.outlet
    and b.missing_at between u.since and u.until)"""
# One event is one row: an article first seen, one of its later versions, its disappearance, its return. Each part is
# sought along an index and stops at `most` rows: asking for what is new costs the same in an archive of any size.
AFTER = f"""select at, kind, article, n from (
        select first_seen as at, 'new' as kind, id as article, 1 as n, outlet from articles
        where first_seen >= :at and (first_seen, id, 1) > (:at, :article, :n)
            and (:outlet = '' or outlet = :outlet) and :kind in ('', 'new') order by first_seen, id limit :most)
    union all select at, kind, article, n from (
        select v.seen_at as at, 'changed' as kind, v.article, v.n from versions v join articles a on a.id = v.article
        where v.n > 1 and v.seen_at >= :at and (v.seen_at, v.article, v.n) > (:at, :article, :n)
            and (:outlet = '' or a.outlet = :outlet) and :kind in ('', 'changed') and {EDITED}
        order by v.seen_at, v.article, v.n limit :most)
    union all select at, kind, article, n from (
        select b.gone_at as at, 'gone' as kind, b.article, 0 as n from absences b join articles a on a.id = b.article
        where b.gone_at is not null and b.gone_at >= :at and (b.gone_at, b.article, 0) > (:at, :article, :n)
            and (:outlet = '' or a.outlet = :outlet) and :kind in ('', 'gone') and {SINGLE}
        order by b.gone_at, b.article limit :most)
    union all select at, kind, article, n from (
        select at, 'withdrawn' as kind, article, 0 as n from withdrawals
        where at >= :at and (at, article, 0) > (:at, :article, :n)
            and :outlet = '' and :kind in ('', 'withdrawn') order by at, article limit :most)
    union all select at, kind, article, n from (
        select b.back_at as at, 'back' as kind, b.article, 0 as n from absences b join articles a on a.id = b.article
        where b.back_at is not null and b.gone_at is not null and b.back_at >= :at
            and (b.back_at, b.article, 0) > (:at, :article, :n)
            and (:outlet = '' or a.outlet = :outlet) and :kind in ('', 'back')
        order by b.back_at, b.article limit :most)
    order by at, article, n limit :most"""  # noqa: S608  (constants)
NEWEST = f"""select at, kind, article, n from (
        select v.seen_at as at, 'changed' as kind, v.article, v.n from versions v
        where v.n > 1 and :kind in ('', 'changed') and {EDITED}
        order by v.seen_at desc, v.article, v.n desc limit :reach)
    union all select at, kind, article, n from (
        select b.gone_at as at, 'gone' as kind, b.article, 0 as n from absences b join articles a on a.id = b.article
        where b.gone_at is not null and :kind in ('', 'gone') and {SINGLE} order by b.gone_at desc, b.article
        limit :reach)
    union all select at, kind, article, n from (
        select b.back_at as at, 'back' as kind, b.article, 0 as n from absences b
        where b.back_at is not null and b.gone_at is not null and :kind in ('', 'back')
        order by b.back_at desc, b.article limit :reach)
    order by at desc, article, n desc limit :most offset :skip"""  # noqa: S608  (constants)
UPHEAVALS = """select u.outlet, o.name, u.since, u.until, u.missing, u.held from upheavals u
    join outlets o on o.id = u.outlet where :outlet in ('', u.outlet) order by u.since desc, u.outlet limit 50"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an article: when it was seen (UTC), what, and to which of its versions."""

    at: str
    kind: str
    article: str
    n: int


START = ("", "", 0)


async def after(  # noqa: PLR0913  (what may be asked for)
    archive: Archive, place: tuple[str, str, int], *, outlet: str = "", kind: str = "", edit: str = "", most: int
) -> list[Event]:
    """Return the events after a place (time, article, version), oldest first; `edit` is a kind of edit."""
    params = {"at": place[0], "article": place[1], "n": place[2], "outlet": outlet, "most": most}
    params |= {"kind": "changed" if edit else kind, "edit": edit}
    return [Event(*tuple(row)) for row in await archive.rows(AFTER, params)]


async def newest(archive: Archive, *, kind: str = "", edit: str = "", most: int, skip: int = 0) -> list[Event]:
    """Return what changed, vanished or returned, newest first; `edit` is a kind of edit."""
    params = {"kind": "changed" if edit else kind, "edit": edit, "most": most, "skip": skip, "reach": skip + most}
    rows = await archive.rows(NEWEST, params)
    return [Event(*tuple(row)) for row in rows]
