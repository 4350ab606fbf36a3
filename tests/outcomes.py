"""Outcomes of reading as a build stores them, made by hand, and an archive of them to be asked."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.fingerprint import content_digest, fingerprint
from pipelines.outcome import Failure, Kind, Outcome, Reading, Refusal
from pipelines.query import query
from pipelines.records import Article
from pipelines.segment import cut
from pipelines.store import Store
from pipelines.url import article_id

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
BEIJING = datetime.fromisoformat("2026-03-01T09:30:00+08:00")
LONG = "云岭县卫生健康局召开春季传染病防控工作会议，部署校园晨检、疫苗接种和基层督查，要求各乡镇按时报送情况。"


def outlet(slug, kind="paper", **more) -> Outlet:
    name = more.pop("name", slug)
    sources = [{"type": "column", "url": f"http://{slug}.example/list/"}]
    return Outlet(slug=slug, name=name, home=f"http://{slug}.example/", kind=kind, sources=sources, **more)


def capture(url, hours=0, **more) -> Capture:
    place = {"warc_file": "a.warc.gz", "warc_offset": crc32(f"{url} {hours}".encode())} | more
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    at = START + timedelta(hours=hours)
    return Capture(
        **{"url": url, "fetched_at": at, "status": 200, "headers": headers, "body": b"", "sha256": "0" * 64} | place
    )


def read(url, text=LONG, title="督查通报", hours=0, slug=None, places=(), **fields) -> Outcome:
    seen = capture(url, hours)
    article = Article(url=url, capture=seen, outlet=slug, title=title, paragraphs=tuple(text.split("\n")), **fields)
    return Outcome(
        capture=seen,
        size=1000,
        page=article_id(url),
        outlet=slug,
        kind=Kind.ARTICLE,
        reading=Reading(
            article=article,
            content=content_digest(title, article.text),
            fingerprint=fingerprint(article.text),
            terms=(cut(title or ""), cut(article.text)),
            places=places,
        ),
    )


def look(url, kind, reason, hours=0, slug=None) -> Outcome:
    refusal = Refusal(stage="admit", reason=reason, detail="particulars")
    return Outcome(capture=capture(url, hours), size=0, page=article_id(url), outlet=slug, kind=kind, refusal=refusal)


def failed(url, hours=0) -> Outcome:
    failure = Failure(stage="extract", error="ZeroDivisionError: division by zero", traceback="Traceback …")
    return Outcome(
        capture=capture(url, hours), size=9, page=article_id(url), outlet=None, kind=Kind.FAILURE, failure=failure
    )


def rows(path: Path, sql: str, *parameters) -> list[dict]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(sql, parameters)]
    connection.close()
    return found


def search(path: Path, typed: str) -> list[str]:
    found = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
    return [
        row["title"]
        for row in rows(path, f"SELECT title FROM articles WHERE key IN ({found}) ORDER BY key", query(typed))
    ]


def archive(path: Path, *batches, outlets=()) -> Path:
    with Store(path) as store:
        store.set_outlets({one.slug: one for one in outlets})
        for batch in batches:
            store.add(batch)
        store.finish_build(store.start_build(), {})
    return path
