"""Find what a search asks for: all hits, with what orders, folds and counts them."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from browse.archive import Archive, TooSlow
from browse.asking import Search
from browse.host import Datasette
from browse.question import clauses, lies_in
from pipelines.query import Problem, understand

RANKED = 20_000  # hits that are weighed, each by itself; of more, those with a word in the headline, which counts most
MOST = 50_000  # hits that are folded and drawn
KEPT = 100_000  # hits of the last searches that are kept until somebody writes, some 400 bytes each
NEWEST = 10_000  # beyond it the newest are folded and drawn, and the page says so
FEW = 1_000  # the newest that are shown where even counting takes too long
COUNTING, RANKING = 1_000, 2_000  # ms for each of the two; a question about every article would take many times that
# a word in the headline counts as five in the text, one in a file that the article links to as half
SCORE = "bm25(articles_fts, 1.0, 5.0, 0.5)"  # in the order of its columns: text, title, attachments

# each filter of a search → its condition; {x} is the name of its parameter, `a` the table of articles
FILTERS = {
    "outlet": "a.outlet = :outlet",
    "kind": "a.outlet in (select id from outlets where kind = :kind)",
    # an article belongs to a region by its outlet, or by what it is about
    "region": lies_in("a", "select :region"),
    "since": "a.day >= :since",
    "until": "a.day <= :until",
    "status": "a.status = :status",
    "script": "a.script = :script",
    "flag": "a.flags != '[]' and exists (select 1 from json_each(a.flags) where json_each.value = :flag)",
    "source": "a.source = :source",
}


class Hit(NamedTuple):
    """An article that was found, with what is needed to order, fold and count it.

    A lower score is a better one, 0 that of a hit that was not weighed.
    """

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
class Found:
    """All that a search found.

    `total` counts articles, None where that takes too long. `ranked` says that `hits` stand in order of relevance,
    `headed` that those with a word in the headline do, and the others come after them, newest first. `capped` says that
    of these others only the newest are among `hits`: `counted` of the newest hits are told by day, outlet and region.
    """

    hits: tuple[Hit, ...]
    total: int | None
    capped: bool = False
    ranked: bool = True
    headed: bool = False
    counted: int = 0
    problem: Problem | None = None
    days: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)


_Memory = OrderedDict[tuple[Search, int | None, int | None], tuple[tuple[int, ...], Found]]
_memories: WeakKeyDictionary[Datasette, _Memory] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as SQL: where to look, what must hold, with which parameters; all SQL is ours.

    `headed` is what to MATCH for hits with a word in the headline, "" where no words are sought.
    """

    source: str
    where: str
    params: dict[str, Any]
    counted: str
    headed: str

    @property
    def by_words(self) -> bool:
        """Say whether words are sought."""
        return bool(self.headed)


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
    return Asked(source, " and ".join(conditions) or "1", params, counted, understood.headed if understood else "")


async def find(archive: Archive, search: Search, *, below: int | None = None, most: int | None = None) -> Found:
    """Return all hits, ordered as asked, or the newest of them where they are more than `most`.

    Where they are too many to be weighed one by one, those with a word in the headline are, and come first. Who turns
    the pages of a search asks for the same again and again: as long as nobody writes it is searched once.
    """
    state = archive.state()
    key = (search, below, most)
    memory = _memories.setdefault(archive.datasette, OrderedDict())
    known = memory.pop(key, None)
    if known is None or known[0] != state:
        known = (state, await _find(archive, search, below, most or MOST))
    memory[key] = known
    while sum(len(found.hits) + 1 for _, found in memory.values()) > KEPT:
        memory.popitem(last=False)
    return known[1]


async def _find(archive: Archive, search: Search, below: int | None, most: int) -> Found:
    asked = ask(search, below)
    if isinstance(asked, Problem):
        return Found((), 0, problem=asked)
    total = await _count(archive, asked)
    enough = FEW if total is None else most if total <= most else min(most, NEWEST)
    weighs = asked.by_words and not search.by_date
    hits, ranked, headed = None, False, False
    if weighs and total is not None and total <= min(most, RANKED):
        hits = await _ranked(archive, asked)
        ranked = hits is not None
    if hits is None:
        hits = await _hits(archive, asked, enough)
    capped = total is None or total > len(hits)
    found = Found(
        (),
        total if total is not None or len(hits) >= enough else len(hits),
        capped=capped,
        counted=len(hits),
        days=Counter(hit.day for hit in hits if hit.day),
        outlets=Counter(hit.outlet for hit in hits if hit.outlet),
        regions=Counter(hit.region for hit in hits if hit.region),
    )
    if weighs and not ranked:
        first = await _ranked(archive, replace(asked, params={**asked.params, "match": asked.headed}))
        headed = bool(first)
        hits = sorted({hit.key: hit for hit in (*hits, *(first or ()))}.values(), key=lambda hit: hit.place)
    return replace(found, hits=tuple(hits), ranked=ranked, headed=headed)


async def newest(archive: Archive, search: Search, below: int | None, most: int) -> list[Hit]:
    """Return the newest hits whose key lies below a given one, uncounted; [] at the end."""
    asked = ask(search, below)
    return [] if isinstance(asked, Problem) else await _hits(archive, asked, most)


async def latest(archive: Archive, search: Search, most: int) -> list[str]:
    """Return the ids of the articles that came into the archive last, for those who follow a search."""
    asked = ask(search)
    if isinstance(asked, Problem):
        return []
    sql = f"select a.id from {asked.source} where {asked.where} order by a.first_seen desc, a.key desc limit :most"  # noqa: S608
    try:
        return [row["id"] for row in await archive.rows(sql, {**asked.params, "most": most}, within=COUNTING)]
    except TooSlow:  # a word of nearly every article: what was published last
        return [hit.id for hit in await _hits(archive, asked, most)]


async def _count(archive: Archive, asked: Asked) -> int | None:
    """Return how many there are, None where counting them takes too long (的 stands in nearly every text)."""
    try:
        sql = f"select count(*) from {asked.counted} where {asked.where}"  # noqa: S608  (all ours)
        return int((await archive.rows(sql, asked.params, within=COUNTING))[0][0])
    except TooSlow:
        return None


def _conditions(search: Search) -> tuple[list[str], dict[str, Any]]:
    conditions = [sql for name, sql in FILTERS.items() if getattr(search, name)]
    params: dict[str, Any] = {name: getattr(search, name) for name in FILTERS if getattr(search, name)}
    for sql, values in clauses(search.question.conditions, "a"):
        conditions.append(sql)
        params.update(values)
    return conditions, params


async def _ranked(archive: Archive, asked: Asked) -> list[Hit] | None:
    """Return the hits best first, of too many the newest; None where ranking them takes too long."""
    try:
        hits = await _hits(archive, asked, RANKED, score=SCORE, within=RANKING)
    except TooSlow:
        return None
    return sorted(hits, key=lambda hit: hit.place)


async def _hits(
    archive: Archive, asked: Asked, most: int, *, score: str = "0.0", within: int | None = None
) -> list[Hit]:
    """Return the newest hits, newest first; what they hold, but for filters, stands in one index (articles_found)."""
    newest = "f.rowid" if asked.by_words else "a.key"
    sql = f"""select a.key, a.id, {score} as score, a.cluster, a.day, a.outlet, a.region from {asked.source}
        where {asked.where} order by {newest} desc limit :most"""  # noqa: S608  (all ours)
    return [Hit._make(row) for row in await archive.rows(sql, {**asked.params, "most": most}, within=within)]
