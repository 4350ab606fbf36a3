"""Read the fields of an article: headline, time, source, people."""

from pipelines.records import Article, Draft


def describe(draft: Draft) -> Article:
    """Return the article that a draft holds."""
    page = draft.page
    return Article(
        url=page.capture.url,
        capture=page.capture,
        outlet=page.outlet.slug if page.outlet else page.capture.outlet,
        title=draft.title,
        paragraphs=draft.lines,
        charset=page.charset,
        charset_evidence=page.charset_evidence,
        repairs=page.repairs + draft.repairs,
        trimmed=draft.trimmed,
        evidence=draft.evidence,
        captions=draft.captions,
    )
