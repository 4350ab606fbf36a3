"""Tell which originals the archive wants most: outlets that copies name as their source, and whose text is not here."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.opened import opened

SQL = """SELECT w.name, w.outlet, w.texts, w.copies, a.url, a.title, w.original
    FROM wanted w JOIN articles a ON a.id = w.sample ORDER BY w.texts DESC, w.copies DESC, w.name LIMIT ?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A source as printed, its outlet where the archive knows one, how many texts lack their original.

    `copies` are the articles that hold these texts, `sample` and `title` the address and the headline of one of them,
    `original` an address that one of them gives as the original's.
    """

    name: str
    outlet: str | None
    texts: int
    copies: int
    sample: str
    title: str | None
    original: str | None


def wanted(archive: Path, most: int = 50) -> list[Wanted]:
    """Return the outlets whose originals are most wanted, first those of which most texts lack theirs."""
    with opened(archive) as database:
        rows = database.execute(SQL, [most])
        return [
            Wanted(name=name, outlet=outlet, texts=texts, copies=copies, sample=sample, title=title, original=original)
            for name, outlet, texts, copies, sample, title, original in rows
        ]
