"""Take a page through the stages: decode, parse, repair, extract, trim, repair, describe."""

from dataclasses import dataclass, replace

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.decode import decode
from pipelines.describe import describe
from pipelines.extract import extract, lay_out
from pipelines.learn.place import Place, find_place, is_checked, narrow, says_the_same, vouches
from pipelines.outcome import Charset
from pipelines.parse import parse
from pipelines.records import Article, Page, Reason, Skip
from pipelines.repair import locate, repair_lines, repair_page
from pipelines.trim import trim
from pipelines.versions import Reach


@dataclass(slots=True)
class Trail:
    """How far a capture came: the stage that it is in, the code that took part, its charset once that is known.

    `template` is the id of the learnt template by which the page was read, None where it was read whole; `strayed` the
    id of one by which it would have been read otherwise than whole.
    """

    stage: str = ""
    reach: Reach = Reach.ADMISSION
    charset: Charset | None = None
    template: str | None = None
    strayed: str | None = None


def article_of(capture: Capture, outlet: Outlet | None, trail: Trail) -> Article:
    """Return the article that a page holds; raise Skip where it holds none.

    A page of a make that was learnt is read without the furniture around its article, as long as nothing about it is
    in doubt; one in some of them is read both ways, and where they differ the whole page is right.
    """
    decoded = decoded_page(capture, outlet, trail)
    trail.stage = "parse"
    page = parse(decoded)
    place = find_place(page)
    if place is None:
        return article_in(page, trail)
    learnt = _by_place(page, place, trail)
    if learnt is not None and not is_checked(capture):
        trail.template = place.template.id
        return learnt
    trail.stage = "parse"
    whole = article_in(parse(decoded), trail)  # once more, since the furniture is gone
    if learnt is not None and says_the_same(learnt, whole):
        trail.template = place.template.id
    elif learnt is not None:
        trail.strayed = place.template.id
    return whole


def _by_place(page: Page, place: Place, trail: Trail) -> Article | None:
    """Return the article read without the furniture; None where there is any doubt."""
    narrowed = narrow(page, place)
    if narrowed is None:
        return None
    try:
        article = article_in(narrowed, trail)
    except Skip:
        return None
    return article if vouches(place, article) else None


def decoded_page(capture: Capture, outlet: Outlet | None, trail: Trail) -> Page:
    """Return a capture as text."""
    trail.stage, trail.reach = "decode", Reach.PAGE
    page = decode(capture, outlet)
    trail.charset = Charset(name=page.charset, evidence=page.charset_evidence, bad_bytes=page.bad_bytes)
    return page


def article_in(page: Page, trail: Trail) -> Article:
    """Return the article in a parsed page; raise Skip where there is none.

    Repairs come before extraction, which throws away half of the evidence for some of them, and once more after it,
    for what only the lines of the article show. Most pages have no damage, as what a reader sees of them tells: only
    those that have are laid out again.
    """
    trail.stage = "extract"
    layout = lay_out(page)
    trail.stage = "repair"
    repaired = repair_page(page, layout.text)
    trail.stage = "extract"
    draft = extract(repaired, layout if repaired is page else lay_out(repaired))
    trail.stage = "trim"
    draft = trim(draft)
    if not draft.lines:
        raise Skip(Reason.EMPTY, "nothing is left after trimming")
    trail.stage = "repair"
    lines, repairs = repair_lines(draft.lines)
    draft = replace(draft, lines=lines, repairs=(*draft.repairs, *repairs))
    trail.stage = "describe"
    article = describe(draft)
    log = (*repaired.repairs, *draft.repairs)
    title = (article.title,) if article.title else ()
    return replace(article, repairs=(*locate(log, title, "title"), *locate(log, article.paragraphs)))
