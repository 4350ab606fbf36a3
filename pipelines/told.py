"""Write what all looks at an article say as rows: its versions with what was edited, and when it was missing."""

from dataclasses import asdict

from pipelines.edits.classes import Content, edits_between
from pipelines.history import History
from pipelines.table import Row

Texts = dict[str, Content]  # digest of the content → headline and text


def version_rows(article: str, found: History, texts: Texts) -> list[Row]:
    """Return the versions of an article; the present one is without headline and text, which are the article's own."""
    rows = []
    for n, version in enumerate(found.versions, 1):
        title, text = texts[version.content] if n < len(found.versions) else (None, None)
        row = {"article": article, "n": n, "seen_at": version.seen_at, "last_seen": version.last_seen}
        row |= {"sha256": version.content, "capture": version.capture, "title": title, "text": text}
        before = found.versions[n - 2].content if n > 1 else version.content
        rows.append(row | {"changed": edits_between(texts[before], texts[version.content]).changed if n > 1 else None})
    return rows


def edit_rows(article: str, found: History, texts: Texts) -> list[Row]:
    """Return the edits that made each version out of the one before it."""
    pairs = zip(found.versions, found.versions[1:], strict=False)
    return [
        {
            "article": article,
            "n": n,
            "place": place,
            "kind": edit.kind.value,
            "before": edit.before,
            "after": edit.after,
        }
        for n, (old, new) in enumerate(pairs, 2)
        for place, edit in enumerate(edits_between(texts[old.content], texts[new.content]).edits, 1)
    ]


def absence_rows(article: str, found: History) -> list[Row]:
    """Return the stretches in which an article was missing."""
    return [{"article": article, "n": n, **asdict(absence)} for n, absence in enumerate(found.absences, 1)]


def state_row(history: History) -> Row:
    """Return the columns of an article that its looks decide."""
    return {
        "first_seen": history.first_seen,
        "last_seen": history.last_seen,
        "status": history.status,
        "gone_at": history.gone_at,
    }
