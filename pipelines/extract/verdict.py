"""Tell a page that is no article: a home page, a list, a search, a player, an error."""

import re

from pipelines.extract.body import is_meta
from pipelines.extract.fold import simplify
from pipelines.extract.lines import Line
from pipelines.records import Reason, Skip

SHORT = 150  # characters beside links below which a page must show that it is an article
LEAST = 40  # characters that are no article where nothing else on the page says so
LONGER = 400  # the same for a page that is mostly links
LINKS = 8  # lines of links that make a list
MANY_LINKS = 60
NEAR = 12  # lines around the body in which an article's date or source stands
SEARCH = re.compile(r"(?:搜索|检索|查询)(?:到|结果)|(?:共|约)?(?:找到|搜索到|检索到)\S{0,6}\s*\d+\s*(?:条|个|篇)")


def refuse_others(lines: list[Line], start: int, inside: list[Line], confirmed: int) -> None:
    """Raise Skip where a page's best lines are not an article's.

    Much text is an article. Little text is one where the page's title stands as its heading, or a date or source
    beside it; otherwise, among many links, it is what a list says of itself.
    """
    text = sum(len(line.text) - line.links for line in inside if line.weight > 0 and line.rule is None)
    links = sum(1 for line in lines if line.links * 2 > len(line.text))
    if text >= LONGER or (text >= SHORT and links < MANY_LINKS):
        return
    if text and confirmed >= 0:
        return
    around = lines[max(0, start - NEAR) : start + len(inside) + NEAR]
    if text and any(is_meta(simplify(line.text)) and line.links * 2 < len(line.text) for line in around):
        return
    if any(SEARCH.search(simplify(line.text)) for line in lines[:80]):
        raise Skip(Reason.NOT_ARTICLE, f"a search page: {text} characters of text")
    if links >= LINKS:
        raise Skip(Reason.LISTING, f"{text} characters of text among {links} lines of links")
    if not text:
        raise Skip(Reason.EMPTY, "no running text")
    if text < LEAST:
        raise Skip(Reason.NOT_ARTICLE, f"{text} characters of text under no headline and no date")
