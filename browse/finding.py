"""Find what a search asks for: all hits, with what orders, folds and counts them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from browse.archive import Archive, TooSlow
from browse.asking import Search
from browse.question import clauses
from pipelines.query import Problem, understand

MOST = 50_000  # hits that are ranked, folded and drawn; beyond it the newest are, and the page says so
FEW = 1_000  # the newest that are shown where even this takes too long
# a word in the headline counts as five in the text, one in a file that the article links to as half
SCORE = "bm25(articles_fts, 5.0, 1.0, 0.5)"

# each filter of a search → its condition; {x} is the name of its parameter, `a` the table of articles
FILTERS = {
    "outlet": "a.outlet = :outlet",
    "kind": "a.outlet in (select id from outlets where kind = :kind)",
    # an article belongs to a region by its outlet, or by what it is about
    "region": """exists (with recursive within(code) as (select :region
        union select r.code from regions r join within w on r.parent = w.code) select 1 from within
        where within.code = a.region
            or exists (select 1 from places p where p.article = a.id and p.region = within.code))""",
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
    is_original: bool = False

    @property
    def place(self) -> tuple[float, int]:
        """Return what orders hits: best first, of equals the newest."""
        return (self.score, -self.key)


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as SQL: where to look, what must hold, with which parameters; all SQL is ours."""

    source: str
    where: str
    params: dict[str, Any]
    counted: str
    by_words: bool


def ask(search: Search, below: int | None = None) -> Asked | Problem:
    """Return a search as SQL, or why its words say nothing; `below` leaves out keys that are not below it."""
    words = search.question.words
    understood = understand(words) if words else None
    if understood is not None and understood.problem:
        return understood.problem
    conditions, params = _conditions(search)
    if below is not None:
        conditions.append("a.key < :below")
        params["below"] = below
    source = "articles_fts f join articles a on a.key = f.rowid" if understood else "articles a"
    counted = "articles_fts f" if understood and not conditions else source  # the index alone counts faster
    if understood is not None:
        conditions.insert(0, "articles_fts match :match")
        params["match"] = understood.expression
    return Asked(source, " and ".join(conditions) or "1", params, counted, understood is not None)


async def find(archive: Archive, search: Search, *, below: int | None = None, most: int | None = None) -> Found:
    """Return all hits, ordered as asked; the newest `most` (usually MOST) where there are more."""
    most = most or MOST
    asked = ask(search, below)
    if isinstance(asked, Problem):
        return Found((), 0, problem=asked)
    total = await _count(archive, asked)
    rank = asked.by_words and not search.by_date and total is not None and total <= most
    try:
        hits = await _hits(archive, asked, most, ranked=rank)
    except TooSlow:
        rank = False
        hits = await _hits(archive, asked, FEW, ranked=False)
    return Found(
        tuple(sorted(hits, key=lambda hit: hit.place) if rank else hits),
        total if total is not None or len(hits) >= FEW else len(hits),
        capped=total is None or total > len(hits),
        ranked=rank,
        days=Counter(hit.day for hit in hits if hit.day),
        outlets=Counter(hit.outlet for hit in hits if hit.outlet),
        regions=Counter(hit.region for hit in hits if hit.region),
    )


async def latest(archive: Archive, search: Search, most: int) -> list[str]:
    """Return the ids of the articles that came into the archive last, for those who follow a search."""
    asked = ask(search)
    if isinstance(asked, Problem):
        return []
    sql = f"select a.id from {asked.source} where {asked.where} order by a.first_seen desc, a.key desc limit :most"  # noqa: S608
    return [row["id"] for row in await archive.rows(sql, {**asked.params, "most": most})]


async def _count(archive: Archive, asked: Asked) -> int | None:
    """Return how many there are, None where counting them takes too long (的 stands in nearly every text)."""
    try:
        return int(await archive.value(f"select count(*) from {asked.counted} where {asked.where}", asked.params))  # noqa: S608
    except TooSlow:
        return None


def _conditions(search: Search) -> tuple[list[str], dict[str, Any]]:
    conditions = [sql for name, sql in FILTERS.items() if getattr(search, name)]
    params: dict[str, Any] = {name: getattr(search, name) for name in FILTERS if getattr(search, name)}
    for sql, values in clauses(search.question.conditions, "a"):
        conditions.append(sql)
        params.update(values)
    return conditions, params


async def _hits(archive: Archive, asked: Asked, most: int, *, ranked: bool) -> list[Hit]:
    score = SCORE if ranked else "0.0"
    newest = "f.rowid" if asked.by_words else "a.key"
    sql = f"""select a.key, a.id, {score} as score, a.cluster, a.day, a.outlet, a.region, a.cluster is not null
            and coalesce((select p.is_original from reprints p where p.article = a.id), 0) as is_original
        from {asked.source} where {asked.where} order by {newest} desc limit :most"""  # noqa: S608  (all ours)
    return [Hit(*tuple(row)) for row in await archive.rows(sql, {**asked.params, "most": most})]
