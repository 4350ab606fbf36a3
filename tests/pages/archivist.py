"""Write captures to a WARC file with the real writer, and what was read from them to an archive with the real Store."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.capture import Capture
from crawler.outlet import Outlet
from crawler.reader import read_capture
from crawler.writer import Exchange, WarcWriter
from pipelines.fingerprint import content_digest, fingerprint
from pipelines.outcome import Charset, Kind, Outcome, Reading, Refusal
from pipelines.places import Place
from pipelines.records import Article, Evidence, Reason
from pipelines.segment import cut
from pipelines.store import Store
from pipelines.url import article_id

CHARSET = Charset(
    name="utf-8", evidence=(Evidence(field="charset", rule="header", value="utf-8", won=True),), bad_bytes=0
)


class Archivist:
    """Keep one archive in a folder: `archive.db`, and its captures beside it."""

    def __init__(self, folder: Path) -> None:
        self.captures = folder / "captures"
        self.captures.mkdir(parents=True)
        self.path = folder / "archive.db"
        self.outcomes: list[Outcome] = []
        self.clock = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)

    def capture(self, url: str, outlet: str, body: bytes, at: datetime, *, status: int = 200) -> Capture:
        head = f"HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\nX-Odd: <b>bold</b>\r\n\r\n"
        self.clock += timedelta(seconds=1)
        with WarcWriter(self.captures, clock=lambda: self.clock) as writer:
            stored = writer.write(
                Exchange(
                    url=url,
                    fetched_at=at,
                    request_head=b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
                    response_head=head.encode(),
                    body=body,
                    outlet=outlet,
                )
            )
        return read_capture(self.captures / stored.warc_file, stored.offset)

    def article(
        self,
        url: str,
        outlet: str,
        title: str | None,
        paragraphs: Sequence[str],
        seen: datetime,
        places: Sequence[Place] = (),
        **fields: Any,
    ) -> str:
        """Add an article; return its id."""
        text = "\n".join(paragraphs)
        body = f"<html><h1>{title}</h1><p>{text}</p><script>parent.document.title='hacked'</script></html>".encode()
        capture = self.capture(url, outlet, body, seen)
        article = Article(url=url, capture=capture, outlet=outlet, title=title, paragraphs=tuple(paragraphs), **fields)
        reading = Reading(
            article=article,
            content=content_digest(title, text),
            fingerprint=fingerprint(text),
            terms=(cut(title or ""), cut(text)),
            places=tuple(places),
        )
        self._note(capture, outlet, len(body), kind=Kind.ARTICLE, charset=CHARSET, reading=reading)
        return article_id(url)

    def refused(self, url: str, outlet: str, kind: Kind, reason: Reason, seen: datetime, *, status: int = 404) -> str:
        """Add a capture that is not an article; return the id that an article at its address would have."""
        capture = self.capture(url, outlet, b"<html>nothing</html>", seen, status=status)
        refusal = Refusal(stage="verdict", reason=reason, detail="the page says that it is not there")
        self._note(capture, outlet, 20, kind=kind, refusal=refusal)
        return article_id(url)

    def _note(self, capture: Capture, outlet: str, size: int, **fields: Any) -> None:
        bare = replace(capture, body=b"")
        self.outcomes.append(Outcome(capture=bare, size=size, page=article_id(capture.url), outlet=outlet, **fields))

    def save(self, outlets: Mapping[str, Outlet]) -> Path:
        """Write the archive; return its path."""
        with Store(self.path) as store:
            number = store.start_build()
            store.set_outlets(outlets)
            store.add(self.outcomes)
            store.finish_build(number, {"articles": len(self.outcomes)})
        return self.path
