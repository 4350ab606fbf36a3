"""Choose the headline: the page's own headline element, confirmed by its title."""

import re
from types import MappingProxyType
from typing import NamedTuple

from pipelines.extract.fold import simplify
from pipelines.extract.headings import LONGEST, Candidate, candidates
from pipelines.extract.lines import Line
from pipelines.extract.titles import (
    CUT_OFF,
    SITE,
    PageTitle,
    clean_title,
    cut_stems,
    fold,
    headline_forms,
    is_site,
)
from pipelines.records import Evidence

OFFICE = re.compile(r"^[\u4e00-\u9fff]{2,16}(?:委员会|人民政府|局|厅|办公室|中心|法院|检察院|大学|学院|医院|协会)$")
# where a headline is found: the element, its name, a line that the page's title repeats, the last line above the text,
# and what the page's head says
RULES = (
    *("h1", "h2", "h3", "title-class", "title-line", "above-text"),
    *("title", "og:title", "articletitle", "twitter:title"),
)
HEAD = MappingProxyType({"sure": 3.0, "unsure": 1.5, "site": 0.5})  # for what the page's head says


class Headline(NamedTuple):
    """The chosen headline, the line it stands on (-1 where it stands in the page's head alone), and what lost."""

    text: str | None
    line: int
    evidence: tuple[Evidence, ...]


def choose_headline(titles: list[PageTitle], lines: list[Line], start: int) -> Headline:
    """Return the headline: a heading that one of the page's titles begins with or contains wins.

    `start` is the first line of the body; headings that stand near before it are preferred. Where the page cuts a
    headline off with an ellipsis and a fuller form stands elsewhere on it, the fuller one is taken.
    """
    found = candidates(lines, start, headline_forms(titles), cut_stems(titles))
    confirmed = any(row.score >= 4 for row in found)
    found.extend(_from_title(title, confirmed=confirmed) for title in titles)
    found = [row for row in found if row.text]
    if not found:
        return Headline(None, -1, ())
    best = max(found, key=lambda row: row.score)
    text = _without_label(best.text, titles)
    if CUT_OFF.search(text):
        stem = fold(CUT_OFF.sub("", text))
        text = max(
            (row.text for row in found if fold(row.text).startswith(stem) and not CUT_OFF.search(row.text)),
            key=len,
            default=text,
        )
    text, taken = clean_title(text)
    ranked = sorted(found, key=lambda row: -row.score)[:6]
    evidence = tuple(Evidence(field="title", rule=row.rule, value=row.text, won=row is best) for row in ranked)
    return Headline(text, best.line, (*evidence, *taken))


def confirmed_line(titles: list[PageTitle], lines: list[Line]) -> int:
    """Return the first line that the page's title repeats whole, a heading before any other; -1 where none does."""
    forms = headline_forms(titles)
    found = -1
    for index, line in enumerate(lines):
        if line.links or not 8 <= len(line.text) <= LONGEST or fold(line.text) not in forms:
            continue
        if SITE.search(simplify(line.text)) or OFFICE.search(simplify(line.text)):
            continue
        if line.heading:
            return index
        found = index if found < 0 else found
    return found


def _from_title(title: PageTitle, *, confirmed: bool) -> Candidate:
    first = title.headline
    if is_site(first):
        return Candidate(HEAD["site"], title.rule, first)
    strong = confirmed or len(title.parts) > 1 or len(first) >= 12
    return Candidate(HEAD["sure" if strong else "unsure"], title.rule, first)


def _without_label(text: str, titles: list[PageTitle]) -> str:
    """Take off a label glued before a headline (原创, 【记者即时播报】) that the page's own title does not have."""
    for title in titles:
        for part in title.parts:
            if len(part) > 6 and text.endswith(part) and len(text) > len(part):
                label = text[: -len(part)].strip()
                if label in {"原创", "转载", "原創", "轉載"} or re.fullmatch(r"[【\[〔].{2,12}[】\]〕]", label):
                    return part
    return text
