"""Find what a search asks for: all hits with what orders, folds and counts them, then the entries of one page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from browse.archive import Archive, TooSlow
from browse.asking import Search
from browse.entries import Entry, by_ids
from browse.marks import excerpt, marked
from browse.question import clauses
from pipelines.query import NOTHING, Problem, understand

MOST = 50_000  # hits that are ranked, folded and drawn; beyond it the newest are, and the page says so
FEW = 1_000  # the newest that are shown where even this takes too long
TITLE_WEIGHT = 5.0  # a word in the headline counts as five in the text
COPIES_SHOWN = 30

# each filter of a search → its condition; {x} is the name of its parameter, `a` the table of articles
FILTERS = {
    "outlet": "a.outlet = :outlet",
    "kind": "a.outlet in (select id from outlets where kind = :kind)",
    "region": """a.region in (with recursive within(code) as (select :region
        union select r.code from regions r join within w on r.parent = w.code) select code from within)""",
    "since": "a.day >= :since",
    "until": "a.day <= :until",
    "status": "a.status = :status",
    "script": "a.script = :script",
    "flag": "exists (select 1 from json_each(a.flags) where json_each.value = :flag)",
    "source": "a.source = :source",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, with what is needed to order, fold and count it. A lower score is a better one."""

    key: int
    id: str
    score: float
    cluster: str | None
    day: str | None
    outlet: str | None
    region: str | None

    @property
    def place(self) -> tuple[float, int]:
        """Return what orders hits: best first, of equals the newest."""
        return (self.score, -self.key)


@dataclass(frozen=True, slots=True)
class Group:
    """A text that was found: its first hit, and the copies that were found too."""

    first: Hit
    copies: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """All that a search found.

    `total` counts articles, None where that takes too long. `capped` says that `hits` are only the newest of them,
    `ranked` that they stand in order of relevance.
    """

    hits: tuple[Hit, ...]
    total: int | None
    capped: bool = False
    ranked: bool = True
    problem: Problem | None = None
    days: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)


async def find(archive: Archive, search: Search, *, below: int | None = None) -> Found:
    """Return all hits, ordered as asked; `below` leaves out articles whose key is not below it."""
    words = search.question.words
    understood = understand(words) if words else None
    if understood is not None and understood.expression == NOTHING:
        return Found((), 0, problem=understood.problem)
    conditions, params = _conditions(search)
    if below is not None:
        conditions.append("a.key < :below")
        params["below"] = below
    source = "articles_fts f join articles a on a.key = f.rowid" if understood else "articles a"
    counted = "articles_fts f" if understood and not conditions else source  # the index alone counts faster
    if understood is not None:
        conditions.insert(0, "articles_fts match :match")
        params["match"] = understood.expression
    where = " and ".join(conditions) or "1"
    total = await _count(archive, f"select count(*) from {counted} where {where}", params)  # noqa: S608  (all ours)
    rank = understood is not None and not search.by_date and total is not None and total <= MOST
    try:
        hits = await _hits(archive, source, where, params, ranked=rank)
    except TooSlow:
        rank = False
        hits = await _hits(archive, source, where, {**params, "most": FEW}, ranked=False)
    return Found(
        tuple(sorted(hits, key=lambda hit: hit.place) if rank else hits),
        total if total is not None or len(hits) >= FEW else len(hits),
        capped=total is None or total > len(hits),
        ranked=rank,
        days=Counter(hit.day for hit in hits if hit.day),
        outlets=Counter(hit.outlet for hit in hits if hit.outlet),
        regions=Counter(hit.region for hit in hits if hit.region),
    )


async def _count(archive: Archive, sql: str, params: dict[str, Any]) -> int | None:
    """Return how many there are, None where counting them takes too long (的 stands in nearly every text)."""
    try:
        return int(await archive.value(sql, params))
    except TooSlow:
        return None


def _conditions(search: Search) -> tuple[list[str], dict[str, Any]]:
    conditions = [sql for name, sql in FILTERS.items() if getattr(search, name)]
    params: dict[str, Any] = {name: getattr(search, name) for name in FILTERS if getattr(search, name)}
    for sql, values in clauses(search.question.conditions, "a"):
        conditions.append(sql)
        params.update(values)
    return conditions, params


async def _hits(archive: Archive, source: str, where: str, params: dict[str, Any], *, ranked: bool) -> list[Hit]:
    score = f"bm25(articles_fts, {TITLE_WEIGHT}, 1.0)" if ranked else "0.0"
    newest = "f.rowid" if " f " in source else "a.key"
    sql = f"""select a.key, a.id, {score} as score, a.cluster, a.day, a.outlet, a.region
        from {source} where {where} order by {newest} desc limit :most"""  # noqa: S608  (every part is ours)
    rows = await archive.rows(sql, {"most": MOST, **params})
    return [Hit(*tuple(row)) for row in rows]


def fold(hits: Iterable[Hit]) -> list[Group]:
    """Return hits with the copies of one text folded under the first of them, in their order."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.cluster or hit.id, []).append(hit)
    return [Group(first, tuple(copies)) for first, *copies in groups.values()]


async def entries_of(archive: Archive, groups: Sequence[Group], words: str) -> list[Entry]:
    """Return the entries of some groups, in their order, marked with what was searched."""
    wanted = [hit.id for group in groups for hit in (group.first, *group.copies[:COPIES_SHOWN])]
    known = await by_ids(archive, wanted)
    texts = await _texts(archive, [group.first.id for group in groups]) if words else {}
    shown = []
    for group in groups:
        entry = known.get(group.first.id)
        if entry is None:
            continue
        copies = tuple(known[copy.id] for copy in group.copies[:COPIES_SHOWN] if copy.id in known)
        entry = replace(entry, copies=copies, copies_count=len(group.copies))
        if words:
            entry = replace(entry, headline=marked(entry.title, words), snippet=excerpt(texts[entry.id], words))
        shown.append(entry)
    return shown


async def _texts(archive: Archive, ids: Sequence[str]) -> dict[str, str]:
    marks = ",".join("?" * len(ids))
    rows = await archive.rows(f"select id, text from articles where id in ({marks})", list(ids))  # noqa: S608
    return {row["id"]: row["text"] for row in rows}
