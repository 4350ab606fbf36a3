"""Tell the history of an article from all looks at its addresses: its versions, when it was missing, its state.

One look that finds nothing is not a deletion, since servers err; a page that a firewall kept is no look at all. An
article is gone when LOOKS looks in a row found it missing and the last of them came SPAN or more after the first: on
three days, or so many times on two that are not next to one another.
Looks count at the address alone where the article was read last: what stood elsewhere before has moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipelines.outcome import Kind

LOOKS = 3
SPAN = timedelta(hours=36)  # so that looks at about the same hour of three days suffice


@dataclass(frozen=True, slots=True, order=True)
class Look:
    """One look at an address: when (UTC, ISO), by which capture, what it showed, which content.

    `page` is the id that an article at the address would have, `leads_to` that of the page a redirect named,
    `address` tells addresses of one page apart. `part` is the number of a page of an article over several, `further`
    are number and address of the later ones that it names.
    """

    at: str
    capture: str
    kind: str
    content: str | None
    page: str = ""
    leads_to: str | None = None
    address: str = ""
    part: int = 1
    further: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A stretch of time in which an address showed one content."""

    seen_at: str
    last_seen: str
    content: str
    capture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A stretch of looks, one after another, that found an article missing. Times are UTC, ISO.

    `last_seen` is the last look before it that found the article there, `missing_at` and `last_missing` are its first
    and last look, `looks` is their number, `gone_at` the look that made it a deletion (None: not yet, or never),
    `back_at` the look that found the article there again, `capture` the first of them all.
    """

    last_seen: str
    missing_at: str
    last_missing: str
    looks: int
    gone_at: str | None
    back_at: str | None
    capture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What all looks at an article say together; `present` is the capture of the last reading."""

    versions: tuple[Version, ...]
    absences: tuple[Absence, ...]
    present: str

    @property
    def first_seen(self) -> str:
        """Return when the article was first read."""
        return self.versions[0].seen_at

    @property
    def last_seen(self) -> str:
        """Return when it was last there."""
        return self.versions[-1].last_seen

    @property
    def gone_at(self) -> str | None:
        """Return the time of the look that made it gone; None while it is there, or only missing."""
        return self.absences[-1].gone_at if self.absences and not self.absences[-1].back_at else None

    @property
    def status(self) -> str:
        """Return gone, back (it was gone once), changed or alive."""
        if self.gone_at:
            return "gone"
        if any(absence.gone_at for absence in self.absences):
            return "back"
        return "changed" if len(self.versions) > 1 else "alive"


def history(looks: Iterable[Look]) -> History | None:
    """Return the history of an article, the same for any order of looks; None where it was never read."""
    versions: list[Version] = []
    absences: list[Absence] = []
    present = Look("", "", "", None)
    for look in sorted(looks):
        if look.kind == Kind.ARTICLE and look.content:
            if not versions or versions[-1].content != look.content:
                new = Version(seen_at=look.at, last_seen=look.at, content=look.content, capture=look.capture)
                versions.append(new)
            present = look
        if not versions or look.address != present.address:
            continue
        away = bool(absences) and absences[-1].back_at is None
        if look.kind in (Kind.ARTICLE, Kind.SEEN):
            versions[-1] = replace(versions[-1], last_seen=look.at)
            if away:
                absences[-1] = replace(absences[-1], back_at=look.at)
        elif look.kind == Kind.GONE:
            if not away:
                absences.append(_absence(versions[-1].last_seen, look))
            absences[-1] = _missed(absences[-1], look)
    if not versions:
        return None
    return History(versions=tuple(versions), absences=tuple(absences), present=present.capture)


def _absence(last_seen: str, look: Look) -> Absence:
    return Absence(
        last_seen=last_seen,
        missing_at=look.at,
        last_missing=look.at,
        looks=0,
        gone_at=None,
        back_at=None,
        capture=look.capture,
    )


def _missed(absence: Absence, look: Look) -> Absence:
    """Count one more look that found the article missing; decide whether it is gone."""
    looks = absence.looks + 1
    long = datetime.fromisoformat(look.at) - datetime.fromisoformat(absence.missing_at) >= SPAN
    gone_at = absence.gone_at or (look.at if looks >= LOOKS and long else None)
    return replace(absence, looks=looks, last_missing=look.at, gone_at=gone_at)
