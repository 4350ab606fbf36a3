"""Read what a person typed into a search box and say it in the language of the index."""

import re
from dataclasses import dataclass
from enum import StrEnum

from pipelines.segment import phrase

MAX_WORDS = 64
NOTHING = '""'  # FTS5 finds no row with it


class Problem(StrEnum):
    """Say why a query finds nothing before it is even asked."""

    EMPTY = "empty"  # nothing was typed
    NO_WORD = "no-word"  # only punctuation or symbols
    ONLY_EXCLUDED = "only-excluded"  # -word alone would mean everything else
    TOO_LONG = "too-long"  # more than MAX_WORDS words


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as understood.

    `expression` goes into MATCH; it finds nothing where there is a `problem`. `headed` finds of the same articles those
    whose headline has one of the words. `words` are the pieces that are sought, as typed, `excluded` those that must
    not occur.
    """

    expression: str
    headed: str = NOTHING
    words: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    problem: Problem | None = None


_QUOTED = r'"(?P<q1>[^"]*)"?|“(?P<q2>[^”]*)”?|「(?P<q3>[^」]*)」?'
_PART = re.compile(
    rf"(?P<minus>[-－](?=\S))?(?:(?P<field>headline|title|标题|標題)[:：])?(?:{_QUOTED}|(?P<word>[^\s\"“「]+))",
    re.IGNORECASE,
)


def query(text: str) -> str:
    """Return the FTS5 expression for a query; it finds nothing where the query says nothing.

    >>> query("疫情 督查"), query('"疫情 督查" -北京'), query("疫苗 OR 接种"), query("标题:口罩"), query("！？")
    ('"疫情" AND "督查"', '("疫情 情督 督查") NOT "北京"', '("疫苗" OR "接种")', 'title : "口罩"', '""')
    """
    return understand(text).expression


def understand(text: str) -> Query:
    """Return a query as understood.

    Words apart must all occur, in any order; OR between two words, or a bar, allows either; quotation marks (also “…”
    and 「…」) keep words together; a minus before a word excludes it; headline: or 标题: looks in headlines alone.

    >>> understand("疫情 标题:督查").headed
    '(title : "疫情" OR title : "督查") AND ("疫情" AND title : "督查")'
    """
    either: list[list[str]] = []
    heads: list[str] = []
    words: list[str] = []
    banned: list[str] = []
    excluded: list[str] = []
    joins = False
    for part in _PART.finditer(text):
        piece = next((part[name] for name in ("q1", "q2", "q3", "word") if part[name] is not None), "")
        if part["word"] and not part["field"] and piece in ("OR", "|", "｜"):
            joins = bool(either)
            continue
        found = phrase(piece)
        if found is None:
            continue
        term = f"title : {found}" if part["field"] else found
        if part["minus"]:
            banned.append(term)
            excluded.append(piece)
            continue
        heads.append(f"title : {found}")
        if joins:
            either[-1].append(term)
        else:
            either.append([term])
        joins = False
        words.append(piece)
    problem = _problem(text, words, excluded)
    if problem:
        return Query(expression=NOTHING, words=tuple(words), excluded=tuple(excluded), problem=problem)
    asked = " AND ".join(group[0] if len(group) == 1 else f"({' OR '.join(group)})" for group in either)
    if banned:
        asked = f"({asked}) NOT {banned[0] if len(banned) == 1 else '(' + ' OR '.join(banned) + ')'}"
    headed = f"({' OR '.join(heads)}) AND ({asked})"
    return Query(expression=asked, headed=headed, words=tuple(words), excluded=tuple(excluded))


def _problem(text: str, words: list[str], excluded: list[str]) -> Problem | None:
    if not text.strip():
        return Problem.EMPTY
    if len(words) + len(excluded) > MAX_WORDS:
        return Problem.TOO_LONG
    if words:
        return None
    return Problem.ONLY_EXCLUDED if excluded else Problem.NO_WORD
