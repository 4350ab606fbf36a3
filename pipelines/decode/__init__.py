"""Decide the charset of a capture and turn its bytes into text."""

import re
from typing import NamedTuple

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.decode.judge import judge
from pipelines.decode.mixed import foreign_runs, may_be_mixed
from pipelines.decode.sniff import is_binary
from pipelines.decode.tolerant import tolerant
from pipelines.records import Evidence, Page, Reason, Skip

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_UNSURE = frozenset({"", "application/octet-stream", "text/xml", "application/xml", "text/plain", "unknown/unknown"})
_FEED = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?[^>]*>\s*)*<(rss|feed|urlset|sitemapindex|rdf:RDF)\b", re.DOTALL
)
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|script)\b", re.IGNORECASE)
_RUBBLE = 0.3  # of the text: with more bad bytes than this nothing readable is left


class Decoded(NamedTuple):
    """Text, the codec that gave it, why that one, and how many bytes were no character."""

    text: str
    charset: str
    evidence: tuple[Evidence, ...]
    bad_bytes: int


def decode_bytes(body: bytes, *, header: str | None = None, override: str | None = None) -> Decoded:
    """Return bytes as text with the evidence for the charset; never raises for what the bytes are.

    `header` is a Content-Type, `override` a label that wins over all. A bad unit of bytes becomes U+FFFD, and its
    bytes are counted.

    >>> page = decode_bytes("<p>方志记录各地。</p>".encode("gb18030"), header="text/html; charset=utf-8")
    >>> page.text, page.charset, page.bad_bytes
    ('<p>方志记录各地。</p>', 'gb18030', 0)
    """
    verdict = judge(body, header, override)
    body = body[verdict.mark :]
    text, bad = tolerant(body, verdict.charset)
    sure = verdict.evidence[0].rule in ("override", "valid", "ascii")
    runs = () if sure or not may_be_mixed(text, verdict.charset) else tuple(foreign_runs(body, verdict.charset))
    if runs:
        text, bad = _read(body, verdict.charset, runs)
    note = (
        [Evidence(field="charset", rule="mixed", value=f"{len(runs)} runs in {runs[0][2]}", won=False)] if runs else []
    )
    return Decoded(text, verdict.charset, (*verdict.evidence, *note), bad)


def _read(body: bytes, charset: str, runs: tuple[tuple[int, int, str], ...]) -> tuple[str, int]:
    """Return the text and its bad bytes, each run in its own charset."""
    pieces: list[str] = []
    place = total = 0
    for start, end, other in (*runs, (len(body), len(body), charset)):
        text, bad = tolerant(body[place:start], charset)
        pieces += (text, body[start:end].decode(other, "replace"))
        total += bad
        place = end
    return "".join(pieces), total


def decode(capture: Capture, outlet: Outlet | None = None) -> Page:
    """Return the capture as text.

    Raises Skip where it is no page of text (a picture, a PDF, a feed), is empty, or cannot be read in any charset.
    An outlet's override for the day of the capture wins over every other evidence.
    """
    mime = capture.mime
    if mime not in _HTML | _UNSURE:
        raise Skip(Reason.NOT_TEXT, mime)
    if not capture.body.strip():
        raise Skip(Reason.EMPTY, "the body holds no byte but white space")
    if is_binary(capture.body):
        raise Skip(Reason.NOT_TEXT, f"the bytes are no text, whatever the server says ({mime or 'nothing'})")
    rule = outlet.override(capture.fetched_at.date()) if outlet else None
    read = decode_bytes(capture.body, header=capture.header("Content-Type"), override=rule.charset if rule else None)
    if read.bad_bytes > _RUBBLE * len(capture.body):
        raise Skip(
            Reason.UNDECODABLE, f"{read.bad_bytes} of {len(capture.body)} bytes are no character in {read.charset}"
        )
    if feed := _FEED.match(read.text[:4096]):
        raise Skip(Reason.LISTING, f"a feed or sitemap (<{feed[1]}>)")
    html = mime in _HTML or _MARKUP.search(read.text[:4096]) is not None
    return Page(
        capture=capture,
        outlet=outlet,
        media="text/html" if html else "text/plain",
        text=read.text,
        charset=read.charset,
        charset_evidence=read.evidence,
        bad_bytes=read.bad_bytes,
    )
