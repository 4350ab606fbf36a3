"""Relate texts to each other: the digests that tell them apart, copies and the probable original."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.outlet import Kind as OutletKind
from pipelines.fold import WORD, fold

MIN_COPY = 40  # word characters; shorter texts ("图片新闻", "附件") are equal by chance

_NO_WORD = re.compile(f"[^{WORD}]+")
_SPACES = re.compile(r"\s+")


def stamp(moment: datetime) -> str:
    """Return a time as the archive writes it: UTC, to the second.

    >>> stamp(datetime.fromisoformat("2022-04-13T08:00:00.7+08:00"))
    '2022-04-13T00:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def content_digest(title: str | None, text: str) -> str:
    """Return the digest that tells versions apart: title and text without spaces and differences of width."""
    normal = "\0".join(_SPACES.sub("", unicodedata.normalize("NFKC", part)) for part in (title or "", text))
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(text: str) -> str:
    """Return the digest that exact copies share, whatever their script, width, spaces and punctuation.

    A text of fewer than MIN_COPY word characters has none: "".
    """
    words = squeezed(text)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest() if len(words) >= MIN_COPY else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One article of a cluster with what speaks for or against it as the original.

    `names` are the outlet's name and aliases, `named_by` counts the other outlets' copies that name it as source.
    """

    article: str
    outlet: str | None
    names: tuple[str, ...]
    kind: str | None
    source: str | None
    published_at: str | None
    exact: bool
    first_seen: str
    repairs: int
    named_by: int = 0


Score = Callable[[Copy], int | str]
KINDS = (*list(OutletKind)[:5], None, *list(OutletKind)[5:])  # an unknown outlet stands before farms, mills, mirrors


def named_as_source(copy: Copy) -> int:
    """Prefer the outlet that other copies name as their source."""
    return -copy.named_by


def kind_of_outlet(copy: Copy) -> int:
    """Prefer who writes over who copies: government and papers before portals, farms and mirrors last."""
    return KINDS.index(OutletKind(copy.kind) if copy.kind else None)


def printed_time(copy: Copy) -> str:
    """Prefer the earliest printed time; a bare date counts as the end of its day."""
    if copy.published_at is None:
        return "9999"
    return copy.published_at if copy.exact else stamp(datetime.fromisoformat(copy.published_at) + timedelta(days=1))


def first_sight(copy: Copy) -> str:
    """Prefer what this archive saw first."""
    return copy.first_seen


def damage(copy: Copy) -> int:
    """Prefer the copy that needed the fewest repairs."""
    return copy.repairs


ORIGINAL: tuple[Score, ...] = (named_as_source, kind_of_outlet, printed_time, first_sight, damage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A copy with its rank as the probable original (0 is it), the rule that put it there, and all values compared."""

    copy: Copy
    is_original: bool
    rule: str
    values: dict[str, int | str]


def rank(copies: Sequence[Copy]) -> list[Ranked]:
    """Order copies of one text by how probably each is the original; the first is it.

    Each one's `rule` is the first that told it from the best (the best itself: from the second).
    """
    counted = [_with_named_by(copy, copies) for copy in copies]
    ordered = sorted(counted, key=lambda copy: (*(score(copy) for score in ORIGINAL), copy.article))
    ranked = []
    for place, copy in enumerate(ordered):
        other = ordered[0] if place else ordered[1] if len(ordered) > 1 else copy
        rule = next((score.__name__ for score in ORIGINAL if score(copy) != score(other)), "id")
        values = {score.__name__: score(copy) for score in ORIGINAL}
        values["named_as_source"] = copy.named_by
        ranked.append(Ranked(copy=copy, is_original=place == 0, rule=rule, values=values))
    return ranked


def squeezed(name: str) -> str:
    """Return the words of a name, without script, case, width, spaces and punctuation.

    >>> squeezed("來源：雲嶺 日報")
    '来源云岭日报'
    """
    return _NO_WORD.sub("", fold(name))


def is_named(source: str | None, names: Iterable[str]) -> bool:
    """Say whether a printed source (来源) names an outlet of these names."""
    printed = squeezed(source or "")
    return any(name in printed for name in map(squeezed, names) if name)


def _with_named_by(copy: Copy, copies: Sequence[Copy]) -> Copy:
    count = sum(is_named(other.source, copy.names) for other in copies if other.outlet != copy.outlet)
    return replace(copy, named_by=count)
