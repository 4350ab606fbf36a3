"""Write the row of a capture: what was fetched, and what became of it."""

from collections.abc import Iterable

from pipelines.outcome import Kind, Outcome
from pipelines.records import Evidence
from pipelines.table import Row, dumps, stamp
from pipelines.url import article_id
from pipelines.versions import VERSIONS, Reach

# all that a row of a withdrawn capture does not tell; what is left are its place, its time, its outlet and its page
UNTOLD: Row = {
    "url": "", "status": 0, "mime": "", "charset": None, "charset_evidence": None, "bad_bytes": None, "sha256": "",
    "bytes": 0, "truncated": None, "fetched_as": None, "article": None, "content": None, "leads_to": None,
    "rendered": 0, "asked_by": None, "part": 1, "further": None, "own": None,
    "extractor": VERSIONS[Reach.ADMISSION],
}  # fmt: skip


def capture_row(outcome: Outcome) -> Row:
    """Return the row of a capture; `article` is set when its article is settled."""
    row = _capture_row(outcome)
    return row | UNTOLD if outcome.kind is Kind.WITHDRAWN else row


def _capture_row(outcome: Outcome) -> Row:
    capture, charset, reading = outcome.capture, outcome.charset, outcome.reading
    further = reading.article.parts if reading else ()
    return {
        "id": capture.id,
        "url": capture.url,
        "page": outcome.page,
        "address": outcome.page if capture.url.startswith("file:") else article_id(capture.url),
        "own": outcome.own,
        "leads_to": outcome.leads_to,
        "asked_by": outcome.asked_by,
        "outlet": outcome.outlet,
        "fetched_at": stamp(capture.fetched_at),
        "status": capture.status,
        "mime": capture.mime,
        "charset": charset.name if charset else None,
        "charset_evidence": evidence_told(charset.evidence) if charset else None,
        "bad_bytes": charset.bad_bytes if charset else None,
        "sha256": capture.sha256,
        "bytes": outcome.size,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "truncated": capture.truncated,
        "fetched_as": capture.kind,
        "rendered": int(capture.rendered),
        "template": outcome.template,
        "outcome": outcome.kind.value,
        "article": None,
        "content": reading.content if reading else None,
        "part": reading.article.part if reading else 1,
        "further": dumps(further) if further else None,
        "extractor": VERSIONS[outcome.reach],
    }


def evidence_told(evidence: Iterable[Evidence]) -> str:
    """Return evidence as a JSON array."""
    return dumps([{"field": one.field, "rule": one.rule, "value": one.value, "won": one.won} for one in evidence])
