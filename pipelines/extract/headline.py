"""Find the headline: the page's own headline element, confirmed by its title."""

import re

from lxml.html import HtmlElement

from pipelines.extract.blocks import Line, squeeze
from pipelines.records import Evidence

PARTS = re.compile(r"\s*[|｜_]\s*|\s+[-–—]+\s+|\s*--+\s*|(?<=[\u4e00-\u9fff”』」？！)])-(?=[\u4e00-\u9fff])|\s*[>»]\s*")
FOLD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return only the letters and figures of a text, to compare headlines by."""
    return FOLD.sub("", text).lower()


def page_titles(tree: HtmlElement) -> list[tuple[str, str]]:
    """Return (rule, text) of what the page's head says its title is."""
    found = []
    for element in tree.iter("title", "meta"):
        if element.tag == "title":
            found.append(("title", squeeze(element.text or "")))
        else:
            name = (element.get("property") or element.get("name") or "").lower()
            if name in {"og:title", "articletitle", "twitter:title"}:
                found.append((name, squeeze(element.get("content") or "")))
    return [(rule, text) for rule, text in found if text]


def choose_headline(tree: HtmlElement, lines: list[Line], start: int) -> tuple[str | None, tuple[Evidence, ...]]:
    """Return the headline and the evidence: a heading that the page's title begins with or contains wins.

    `start` is the first line of the body; headings that stand near before it are preferred.
    """
    titles = page_titles(tree)
    folded = fold(" ".join(text for _, text in titles))
    candidates: list[tuple[float, str, str]] = []
    for index, line in enumerate(lines):
        key = fold(line.text)
        if len(key) < 4 or len(line.text) > 120:
            continue
        confirmed = bool(folded) and key in folded
        named = bool(re.search(r"title|headline|biaoti|\bbt\b", line.attrs, re.IGNORECASE))
        if not (line.heading or confirmed or named) or (line.rule and not confirmed):
            continue
        score = (4.0 if confirmed else 0.0) + {1: 3.0, 2: 2.0, 3: 1.0}.get(line.heading, 0.0) + named
        score += min(len(key), 40) / 20
        distance = start - index
        score += 1.5 if 0 <= distance < 15 else (0.5 if -3 < distance < 60 else -1.0)
        if line.links * 2 > len(line.text):
            score -= 2.5
        rule = f"h{line.heading}" if line.heading else ("title-class" if named else "title-line")
        candidates.append((score, rule, line.text))
    for rule, text in titles:
        first = max(PARTS.split(text)[:2], key=lambda part: len(fold(part))) if rule == "title" else text
        candidates.append((3.0 if fold(first) else 0.0, rule, first))
    if not candidates:
        return None, ()
    best = max(candidates, key=lambda row: row[0])
    evidence = tuple(
        Evidence(field="title", rule=rule, value=text, won=(score, rule, text) == best)
        for score, rule, text in sorted(candidates, key=lambda row: -row[0])[:6]
    )
    return best[2], evidence
