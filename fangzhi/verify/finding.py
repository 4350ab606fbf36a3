"""Say what is wrong, where, and what would mend it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

SHOWN = 5  # offsets named in a line; --json names all


class Mend(StrEnum):
    """What makes a finding go away."""

    REINDEX = "reindex"  # the search index is made anew from the texts
    WITHDRAW = "withdraw"  # decisions on withdrawn articles are carried out
    BUILD = "build"  # what is not in the archive is read from the WARC files
    RECOVER = "recover"  # a record that was never finished is cut off
    FRESH = "fresh"  # the whole archive is made anew from the WARC files
    RESTORE = "restore"  # bytes are gone: only a backup has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: which check found it, the file or row, plain words, the remedy, the offsets (bytes)."""

    check: str
    place: str
    words: str
    mend: Mend
    offsets: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """Return the finding as one line.

        >>> Finding(check="records", place="a.warc", words="not read", mend=Mend.BUILD, offsets=(1, 2)).line
        'a.warc: not read (at byte 1, 2)'
        """
        if not self.offsets:
            return f"{self.place}: {self.words}"
        named = ", ".join(map(str, self.offsets[:SHOWN]))
        more = f" and {len(self.offsets) - SHOWN} more" if len(self.offsets) > SHOWN else ""
        return f"{self.place}: {self.words} (at byte {named}{more})"

    def row(self) -> dict[str, Any]:
        """Return the finding as plain JSON."""
        return asdict(self) | {"offsets": list(self.offsets)}
