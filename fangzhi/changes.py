"""Compare two states of an archive: which articles are new, changed, missing, gone, or back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.opened import opened

State = tuple[int, str]  # number of versions, whether the article is there, missing, or gone

KINDS = ("changed", "missing", "gone", "back", "new")  # the order in which they are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to one article: a word of KINDS, its id, address and headline."""

    kind: str
    id: str
    url: str
    title: str | None


def states(archive: Path) -> dict[str, State]:
    """Return the state of every article by its id; of no article where there is no archive."""
    if not archive.is_file():
        return {}
    sql = """SELECT a.id, (SELECT max(n) FROM versions v WHERE v.article = a.id), CASE
            WHEN b.article IS NULL THEN 'there' WHEN b.gone_at IS NULL THEN 'missing' ELSE 'gone' END
        FROM articles a LEFT JOIN absences b ON b.article = a.id AND b.back_at IS NULL"""
    with opened(archive) as database:
        return {name: (number, state) for name, number, state in database.execute(sql)}


def changes(before: Mapping[str, State], archive: Path) -> Iterator[Change]:
    """Yield what is different now, in the order of KINDS, then of the addresses.

    An article that changed and is missing, gone or back is told once for each.
    """
    now = states(archive)
    found = sorted((KINDS.index(kind), name) for name, state in now.items() for kind in _kinds(before.get(name), state))
    with opened(archive) as database:
        told = []
        for kind, name in found:
            url, title = database.execute("SELECT url, title FROM articles WHERE id = ?", [name]).fetchone()
            told.append((kind, url, Change(kind=KINDS[kind], id=name, url=url, title=title)))
    yield from (change for _, _, change in sorted(told, key=lambda one: one[:2]))


def _kinds(before: State | None, now: State) -> Iterator[str]:
    if before is None:
        yield "new"
        return
    if now[0] != before[0]:
        yield "changed"
    if now[1] != before[1]:
        yield "back" if now[1] == "there" else now[1]
