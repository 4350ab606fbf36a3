"""Read golden pages as captures, and write what the pipelines now make of them for a reviewer to compare."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from crawler.capture import Capture
from pipelines.flow import read
from pipelines.records import Article

PAGES = Path(__file__).parent / "cases" / "pages"
FETCHED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def capture(folder: Path) -> Capture:
    """Return a golden page as the capture that a crawl would have made of it."""
    page = next(folder.glob("page.*"))
    named = folder / "content_type.txt"
    kind = (
        named.read_text("utf-8").strip() if named.exists() else f"text/{'plain' if page.suffix == '.txt' else 'html'}"
    )
    body = page.read_bytes()
    return Capture(
        url=(folder / "url.txt").read_text("utf-8").strip(),
        fetched_at=FETCHED,
        status=200,
        headers=(("Content-Type", kind),),
        body=body,
        sha256=sha256(body).hexdigest(),
        warc_file="golden.warc.gz",
        warc_offset=0,
    )


def fields(article: Article) -> dict[str, object]:
    """Return what a golden file holds of an article."""
    box = article.document
    return {
        "title": article.title,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "precision": article.precision,
        "source": article.source,
        "authors": list(article.authors),
        "editors": list(article.editors),
        "section": article.section,
        "keywords": list(article.keywords),
        "lead": article.lead,
        "script": article.script,
        "flags": list(article.flags),
        "paragraphs": list(article.paragraphs),
        "captions": list(article.captions),
        "document": None
        if box is None
        else {
            "number": box.number,
            "index": box.index,
            "issuer": box.issuer,
            "dated": box.dated,
            "released": box.released,
            "topic": box.topic,
            "validity": box.validity,
            "attachments": [list(one) for one in box.attachments],
        },
    }


def write(folder: Path) -> None:
    """Rewrite the article.json of a golden page."""
    text = json.dumps(fields(read(capture(folder))), ensure_ascii=False, indent=1)
    (folder / "article.json").write_text(text + "\n", "utf-8")
