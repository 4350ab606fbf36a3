"""Name the rows of the ledger: what other machines made of the WARC files, so that a build can be taken up again."""

from dataclasses import dataclass

from crawler.reader import Damage
from pipelines.versions import EXTRACTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNote:
    """A row of the ledger: the state of one WARC file ("read", "lost") and what was counted in it.

    `captures` counts all in the file, `outcomes` those in the part; `sha256` is of the lines of the part, `worker`
    names machine and process that made it, `note` says what went wrong.
    """

    warc_file: str
    state: str
    extractor: str = EXTRACTOR
    captures: int = 0
    outcomes: int = 0
    sha256: str | None = None
    worker: str | None = None
    note: str | None = None
    torn: str | None = None
    damages: tuple[Damage, ...] = ()
