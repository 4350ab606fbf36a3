"""Hold what is stored of a reading, its row with all that hangs on it, and join the readings of an article's pages."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipelines.fingerprint import fingerprint
from pipelines.history import Look
from pipelines.outcome import Outcome, Reading
from pipelines.pages import Whole
from pipelines.places import places_of
from pipelines.rows import (
    attachment_rows,
    content_row,
    document_rows,
    origin_rows,
    place_rows,
    repair_rows,
    trimmed_rows,
)
from pipelines.table import Row, dicts, dumps
from pipelines.told import Texts
from pipelines.url import article_id

INCOMPLETE = "incomplete"  # the flag of an article of which a page is missing
HUNG = ("repairs", "trimmed", "documents", "places", "attachments", "origins")  # what hangs on a reading
# columns of an article that do not come from its reading alone
OWN = frozenset({"id", "key", "region", "first_seen", "last_seen", "status", "gone_at", "cluster"})
# what a later page tells where those before it do not, such as 责任编辑 at the end: field, its columns
LATER = {
    "date": ("published_at", "published_local", "day", "date_precision"),
    "source": ("source",),
    "authors": ("authors",),
    "editors": ("editors",),
    "section": ("section",),
    "lead": ("lead",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is stored of a reading: the columns of `articles` that it decides, and rows by table, without the article.

    `terms` (title and text cut for the search index) and `sketch` are there where whoever read it has made them.
    """

    row: Row
    hung: Mapping[str, list[Row]]
    terms: tuple[str, str] | None = None
    sketch: tuple[int, ...] | None = None

    @property
    def region(self) -> str | None:
        """Return the division that the text is mainly about."""
        return next((row["region"] for row in self.hung["places"]), None)

    def dump(self) -> str:
        """Return all but headline, text and places as JSON, the same for the same."""
        row = {name: value for name, value in self.row.items() if name not in {"title", "text"}}
        hung = {table: rows for table, rows in self.hung.items() if table != "places"}
        return json.dumps({"row": row, "hung": hung}, ensure_ascii=False, sort_keys=True)


def unit_of(outcome: Outcome, reading: Reading) -> Unit:
    """Return what is to be stored of a new reading."""
    article = reading.article
    hung = {
        "repairs": repair_rows(article.repairs),
        "trimmed": trimmed_rows(article),
        "documents": document_rows(article),
        "places": place_rows(reading.places),
        "attachments": attachment_rows(article),
        "origins": origin_rows(article),
    }
    return Unit(row=content_row(outcome, reading), hung=hung, terms=reading.terms, sketch=reading.sketch)


def unit_held(db: sqlite3.Connection, article: sqlite3.Row) -> Unit:
    """Return what is stored of an article that is one reading alone."""
    row = {name: article[name] for name in article.keys() if name not in OWN}  # noqa: SIM118  (a Row yields its values)
    row["flags"] = dumps([flag for flag in json.loads(row["flags"]) if flag != INCOMPLETE])
    hung = {table: [dict(one) for one in _hanging(db, table, article["id"])] for table in HUNG}
    for rows in hung.values():
        for one in rows:
            del one["article"]
    return Unit(row=row, hung=hung)


def _hanging(db: sqlite3.Connection, table: str, article: str) -> Iterable[sqlite3.Row]:
    order = "article" if table == "documents" else "n"
    return dicts(db, f"SELECT * FROM {table} WHERE article = ? ORDER BY {order}", [article])  # noqa: S608  (constants)


def unit_from(dumped: str, title: str | None, text: str) -> Unit:
    """Return a unit, without places, out of its JSON, headline and text."""
    held = json.loads(dumped)
    return Unit(row={**held["row"], "title": title, "text": text}, hung=held["hung"])


def joined(pages: Mapping[int, Unit]) -> Unit:
    """Return the unit of an article, without places, out of those of its pages, by their numbers in order.

    The headline and whatever stands at the head of an article are the first page's.
    """
    first, *others = pages.values()
    row = first.row.copy()
    evidence = json.loads(row["evidence"])
    for other in others:
        for told, group in LATER.items():
            if row[group[0]] in {None, "[]"} and other.row[group[0]] not in {None, "[]"}:
                row |= {name: other.row[name] for name in group}
                evidence += [one for one in json.loads(other.row["evidence"]) if one["field"] == told]
    repairs = _repairs(pages.values())
    row["text"] = "\n".join(page.row["text"] for page in pages.values())
    row["chars"] = len(row["text"])
    row["fingerprint"] = fingerprint(row["text"])
    row["repairs"] = sum(one["count"] for one in repairs)
    row["evidence"] = dumps(evidence)
    for name in ("flags", "captions"):
        row[name] = dumps(list(dict.fromkeys(one for page in pages.values() for one in json.loads(page.row[name]))))
    hung = {
        "repairs": repairs,
        "trimmed": _numbered(one for page in pages.values() for one in page.hung["trimmed"]),
        "documents": next((page.hung["documents"] for page in pages.values() if page.hung["documents"]), []),
        "attachments": _numbered(
            {one["page"]: one for page in pages.values() for one in page.hung["attachments"]}.values()
        ),
        "origins": _numbered({one["address"]: one for page in pages.values() for one in page.hung["origins"]}.values()),
    }
    return Unit(row=row, hung=hung)


def paged(whole: Whole, pages: Mapping[int, Unit], region: str | None) -> Unit:
    """Return the unit of an article over several pages, with a row for every page and the flag of a missing one.

    `region` is that of its outlet.
    """
    own = {number: pages[number] for number in whole.own}
    unit = joined(own) if len(own) > 1 else own[whole.own[0]]
    hung = {**unit.hung, "places": place_rows(places_of(unit.row["text"], unit.row["title"], region))}
    flags = [*json.loads(unit.row["flags"]), *([INCOMPLETE] if whole.missing else [])]
    begin = dict(zip(own, _starts(own.values()), strict=True))
    rows = []
    for number, address in whole.known.items():
        look, page = whole.last.get(number), pages.get(number)
        told = {"n": number, "url": page.row["url"] if page else address, "capture": look.capture if look else None}
        told["page"] = look.address if look else address and article_id(address)
        told |= {"start": begin.get(number), "chars": page.row["chars"] if page and number in own else None}
        rows.append(told)
    return replace(unit, row={**unit.row, "flags": dumps(flags)}, hung={**hung, "pages": rows})


def page_reading_rows(article: str, looks: Iterable[Look], said: Texts, pages: Mapping[int, Unit]) -> list[Row]:
    """Return a row for each content of each page of an article, with all that was read of the last one."""
    last = {(look.part, look.content): look.capture for look in sorted(looks) if look.content}
    rows: list[Row] = []
    for (number, content), capture in sorted(last.items()):
        title, text = said[content or ""]
        reading = pages[number].dump() if pages[number].row["capture"] == capture else None
        told = {"article": article, "part": number, "content": content, "title": title, "text": text}
        rows.append(told | {"reading": reading})
    return rows


def _starts(pages: Iterable[Unit]) -> list[int]:
    """Return where the text of each page begins (characters) in that of the article."""
    places, here = [], 0
    for page in pages:
        places.append(here)
        here += len(page.row["text"]) + 1
    return places


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [{**row, "n": n} for n, row in enumerate(rows, 1)]


def _repairs(pages: Iterable[Unit]) -> list[Row]:
    """Return the repairs of all texts, and of the first headline, with their places in the joined text."""
    pages = list(pages)
    found: dict[tuple[str | int, ...], Row] = {}
    for place, page in zip(_starts(pages), pages, strict=True):
        for row in page.hung["repairs"]:
            if place and row["part"] != "text":
                continue
            offsets = [[start + place, end + place] for start, end in json.loads(row["offsets"])]
            key = row["part"], row["rule"], row["before"], row["after"], row["certain"]
            one = found.setdefault(key, {**row, "count": 0, "offsets": "[]"})
            one["count"] += row["count"]
            one["offsets"] = dumps([*json.loads(one["offsets"]), *offsets])
    return _numbered(found.values())
