"""Read the fields of an article: headline, time, source, people, and what a government page's box says."""

from pipelines.describe.people import people
from pipelines.describe.scene import survey
from pipelines.describe.source import source
from pipelines.describe.when import published
from pipelines.records import Article, Draft


def describe(draft: Draft) -> Article:
    """Return the article that a draft holds, each field with the evidence for it."""
    page = draft.page
    scene = survey(draft)
    when, precision, date_evidence = published(scene)
    origin, source_evidence = source(scene)
    authors, editors, people_evidence = people(scene)
    return Article(
        url=page.capture.url,
        capture=page.capture,
        outlet=page.outlet.slug if page.outlet else page.capture.outlet,
        title=draft.title,
        paragraphs=draft.lines,
        published_at=when,
        precision=precision,
        source=origin,
        authors=authors,
        editors=editors,
        charset=page.charset,
        charset_evidence=page.charset_evidence,
        repairs=page.repairs + draft.repairs,
        trimmed=draft.trimmed,
        evidence=(*draft.evidence, *date_evidence, *source_evidence, *people_evidence),
        captions=draft.captions,
    )
