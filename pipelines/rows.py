"""Write what was read as the rows of the archive."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict

from crawler.outlet import Outlet
from crawler.reader import Damage
from pipelines.capture_rows import evidence_told
from pipelines.outcome import Outcome, Reading
from pipelines.places import Place
from pipelines.records import Article, Attachment, Repair
from pipelines.table import Row, dumps, stamp
from pipelines.url import article_id, cleaned
from pipelines.versions import VERSIONS


def content_row(outcome: Outcome, reading: Reading) -> Row:
    """Return the columns of an article that its present reading decides, but the region, which its places say."""
    article = reading.article
    address = article.url if outcome.capture.url.startswith("file:") else outcome.capture.url
    at = article.published_at
    return {
        "url": cleaned(address),
        "outlet": outcome.outlet,
        "title": article.title,
        "published_at": stamp(at) if at else None,
        "published_local": at.isoformat(timespec="seconds") if at else None,
        "day": at.date().isoformat() if at else None,
        "date_precision": article.precision.value if at and article.precision else None,
        "source": article.source,
        "authors": dumps(article.authors),
        "editors": dumps(article.editors),
        "section": article.section,
        "keywords": dumps(article.keywords),
        "script": article.script,
        "chars": len(article.text),
        "flags": dumps(article.flags),
        "repairs": len(article.repairs),
        "fingerprint": reading.fingerprint,
        "capture": outcome.capture.id,
        "extractor": VERSIONS[outcome.reach],
        "lead": article.lead,
        "captions": dumps(article.captions),
        "evidence": evidence_told(article.evidence),
        "text": article.text,
    }


def repair_rows(repairs: Iterable[Repair]) -> list[Row]:
    """Return equal repairs as one row each, with their number and places."""
    places: defaultdict[tuple[str, str, str, str, bool], list[tuple[int, int]]] = defaultdict(list)
    for repair in repairs:
        places[repair.part, repair.rule, repair.before, repair.after, repair.certain].append((repair.start, repair.end))
    return [
        {
            "n": n,
            "part": part,
            "rule": rule,
            "before": before,
            "after": after,
            "count": len(offsets),
            "offsets": dumps(offsets),
            "certain": int(certain),
        }
        for n, ((part, rule, before, after, certain), offsets) in enumerate(places.items(), 1)
    ]


def trimmed_rows(article: Article) -> list[Row]:
    """Return the lines that were taken out, in order."""
    return [{"n": n, "rule": line.rule, "line": line.line} for n, line in enumerate(article.trimmed, 1)]


def document_rows(article: Article) -> list[Row]:
    """Return the document box of an article: one row or none."""
    document = article.document
    if document is None:
        return []
    box = {
        "number": document.number,
        "index_number": document.index,
        "issuer": document.issuer,
        "dated": document.dated,
        "released": document.released,
        "topic": document.topic,
        "validity": document.validity,
    }
    return [box] if any(box.values()) else []


def attachment_rows(article: Article) -> list[Row]:
    """Return the files that an article links to, in order of the page."""
    files = article.document.attachments if article.document else ()
    return [{"n": n, "name": title, "url": url, "page": article_id(url)} for n, (title, url) in enumerate(files, 1)]


def origin_rows(article: Article) -> list[Row]:
    """Return the addresses that a page names as those its text was taken from."""
    return [
        {"n": n, "rule": one.rule, "url": one.url, "address": one.address} for n, one in enumerate(article.origins, 1)
    ]


def file_row(outcome: Outcome, attachment: Attachment) -> Row:
    """Return the row of a file whose text was read."""
    return {
        "page": outcome.page,
        "url": cleaned(outcome.capture.url),
        "capture": outcome.capture.id,
        "fetched_at": stamp(outcome.capture.fetched_at),
        "format": attachment.format,
        "pages": attachment.pages,
        "chars": len(attachment.text),
        "cut": attachment.cut,
        "repairs": dumps([asdict(repair) for repair in attachment.repairs]),
        "text": attachment.text,
    }


def place_rows(places: Iterable[Place]) -> list[Row]:
    """Return the divisions that an article is about, the main one first, with the words that say so."""
    return [
        {
            "n": n,
            "region": place.code,
            "score": place.score,
            "evidence": dumps([asdict(match) for match in place.matches]),
        }
        for n, place in enumerate(places, 1)
    ]


def damage_rows(warc_file: str, damages: Iterable[Damage]) -> list[Row]:
    """Return the stretches of a WARC file that cannot be read."""
    return [
        {"file": warc_file, "start_offset": one.start, "end_offset": one.end, "reason": one.reason} for one in damages
    ]


def outlet_row(outlet: Outlet) -> Row:
    """Return the row of an outlet, all its settings included."""
    return {
        "id": outlet.slug,
        "name": outlet.name,
        "home": str(outlet.home),
        "kind": outlet.kind.value,
        "region": outlet.region,
        "aliases": dumps(outlet.aliases),
        "script": outlet.script,
        "timezone": outlet.timezone,
        "checked": int(outlet.checked),
        "note": outlet.note,
        "settings": outlet.model_dump_json(),
    }


def template_rows(outlet: Outlet) -> list[Row]:
    """Return what was learnt of an outlet's pages, a template a row."""
    return [
        {
            "outlet": outlet.slug,
            "id": one.id,
            "container": one.way[-1],
            "way": dumps(one.way),
            "furniture": dumps(one.furniture),
            "blocks": len(one.furniture),
            "pages": one.pages,
            "since": stamp(one.since),
            "until": stamp(one.until) if one.until else None,
            "extractor": one.extractor,
        }
        for one in outlet.learnt
    ]
