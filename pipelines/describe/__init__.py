"""Read the fields of an article: headline, time, source, people, and what a government page's box says."""

from urllib.parse import urljoin

from crawler.address import is_front
from pipelines.describe.about import keywords, lead, section
from pipelines.describe.document import document
from pipelines.describe.origins import origins
from pipelines.describe.parts import parts
from pipelines.describe.people import people
from pipelines.describe.scene import survey
from pipelines.describe.source import source
from pipelines.describe.when import published
from pipelines.records import Article, Draft, Evidence, Page
from pipelines.repair import script_of, spam_lines, spam_title


def describe(draft: Draft) -> Article:
    """Return the article that a draft holds, each field with the evidence for it."""
    page = draft.page
    scene = survey(draft)
    date = published(scene)
    origin, source_evidence = source(scene)
    authors, editors, people_evidence = people(scene)
    box, box_evidence = document(scene)
    spam = _spam(page, draft)
    part, others = parts(draft)
    url = _address(page)
    return Article(
        url=url,
        capture=page.capture,
        outlet=page.outlet.slug if page.outlet else page.capture.outlet,
        title=draft.title,
        paragraphs=draft.lines,
        published_at=date.when,
        precision=date.precision,
        source=origin,
        authors=authors,
        editors=editors,
        section=section(scene),
        keywords=keywords(scene),
        lead=lead(scene),
        script=script_of("".join(draft.lines)),
        flags=(*date.flags, *(["hijacked"] if spam else [])),
        document=box,
        charset=page.charset,
        charset_evidence=page.charset_evidence,
        repairs=page.repairs + draft.repairs,
        trimmed=draft.trimmed,
        evidence=(*draft.evidence, *date.evidence, *source_evidence, *people_evidence, *box_evidence, *spam),
        pruned=draft.pruned,
        captions=draft.captions,
        part=part,
        parts=others,
        origins=origins(scene, url),
    )


def _address(page: Page) -> str:
    """Return the address of a page: where it was fetched, or for a saved file the one that it tells of itself."""
    url = page.capture.url
    if not url.startswith("file:") or page.tree is None:
        return url
    for element in page.tree.iter("link", "meta"):
        if element.tag == "link" and (element.get("rel") or "").lower() == "canonical":
            told = element.get("href")
        elif (element.get("property") or "").lower() == "og:url":
            told = element.get("content")
        else:
            continue
        address = str(urljoin(url, (told or "").strip()))
        if address.startswith(("http://", "https://")) and not is_front(address):
            return address
    return url


def _spam(page: Page, draft: Draft) -> tuple[Evidence, ...]:
    """Return the spam that somebody put into a page's title or text: the evidence that it was hijacked."""
    if page.tree is None:
        said = [line for line in page.text[:2000].splitlines()[:5] if line.strip()]
    else:
        said = ["".join(element.itertext()) for element in page.heads if element.tag == "title"]
    found = [("spam_title", phrase) for text in said for phrase in spam_title(text)]
    found += [("spam_lines", phrase) for phrase in spam_lines(draft.lines)]
    return tuple(Evidence(field="flags", rule=rule, value=phrase, won=True) for rule, phrase in dict.fromkeys(found))
