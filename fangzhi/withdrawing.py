"""Withdraw an article everywhere: journal, crawl.db, archive.db, WARC files; whatever is left undone, a repeat does."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from crawler.address import normalise
from crawler.ban import agree, bare, forget
from crawler.purge import Place, Purged, Wanted, purge
from crawler.recover import recover
from crawler.withdrawal import PURGING, Level, Withdrawal, pages_of, standing, write_journal
from pipelines.opened import opened
from pipelines.store import Store
from pipelines.url import article_id
from pipelines.warcs import warc_files

ID_LENGTH = 16  # hexadecimal digits
# the article that an address, by its id, leads to; one that was never an article stands for itself
ARTICLE = """SELECT article FROM aliases WHERE id = :name
    UNION ALL SELECT coalesce(article, page) FROM captures WHERE :name IN (page, address) LIMIT 1"""
# its captures, and those of addresses that did nothing but lead to it
CAPTURES = """SELECT url, page, own FROM captures
    WHERE article = :article OR page IN (SELECT value FROM json_each(:pages))
    OR address IN (SELECT id FROM aliases WHERE article = :article)"""
# further pages of the article, whether they were captured or not
PAGES = "SELECT url, page FROM pages WHERE article = :article AND url IS NOT NULL"
FILES = """SELECT page, url FROM attachments WHERE article = :article
    AND page NOT IN (SELECT page FROM attachments WHERE article != :article) ORDER BY n"""

# what the scripts of its pages asked for, and those of no other page
PARTS = """SELECT DISTINCT page, url FROM captures WHERE url != '' AND asked_by IN (SELECT value FROM json_each(:pages))
    AND page NOT IN (SELECT page FROM captures WHERE asked_by NOT IN (SELECT value FROM json_each(:pages)))"""


class NotHeld(LookupError):  # noqa: N818  (named after the cause)
    """An address that is to be withdrawn was never captured; the message names it and says what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What was named: the article's id and address, whether it was captured, under which addresses, the ids of these.

    `files` are attachments that no other article links to, and what the scripts of no other page asked for, by id and
    address.
    """

    article: str
    url: str
    captured: bool
    addresses: tuple[str, ...]
    pages: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where everything lies. `archive` and `crawl_db` need not be there."""

    captures: Path
    archive: Path
    crawl_db: Path


def withdraw(  # noqa: PLR0913  (a decision is its particulars)
    stores: Stores,
    what: str,
    *,
    level: Level,
    reason: str,
    by: str,
    until: date | None = None,
    on_file: Callable[[Path], None] | None = None,
) -> tuple[Withdrawal, Purged]:
    """Take a decision on an article, named by address or id, and carry it out; return both.

    The decision is in the journal before anything else happens. To take the one that stands already once more finishes
    what was interrupted. Raises NotHeld for an address of which there is no capture, unless it is never to be fetched.
    """
    decisions = agree(stores.captures, stores.crawl_db)
    named = find(stores.archive, what, decisions)
    if not named.captured and named.article not in {one.article for one in decisions} and level is not Level.NEVER:
        raise NotHeld(
            f"{what}: there is no capture of this; check the address (`fangzhi build` first, where it was crawled just "
            "now), or keep it from ever being fetched with --level never"
        )
    decision = Withdrawal(
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        article=named.article,
        level=level,
        url=named.url,
        by=by,
        reason=reason,
        until=until.isoformat() if until else None,
        addresses=named.addresses,
        pages=named.pages,
    )
    stands = standing(decisions)
    files = {one.article: one.url for one in stands.values() if one.part_of == named.article} | dict(named.files)
    parts = [
        replace(decision, article=article, url=url, addresses=(bare(url),), pages=(article,), part_of=named.article)
        for article, url in files.items()
    ]
    if new := [one for one in (decision, *parts) if not _holds(stands.get(one.article), one)]:
        stores.captures.mkdir(parents=True, exist_ok=True)
        write_journal(stores.captures, new)
    return decision if decision in new else stands[named.article], carry_out(stores, on_file=on_file)


def _holds(stood: Withdrawal | None, asked: Withdrawal) -> bool:
    """Say whether a decision that stands says already what is asked for."""
    return stood is not None and (stood.level, stood.until) == (asked.level, asked.until)


def carry_out(stores: Stores, *, on_file: Callable[[Path], None] | None = None) -> Purged:
    """Make everything agree with the decisions that stand: hide what is withdrawn, destroy what is to be purged."""
    decisions = tuple(standing(agree(stores.captures, stores.crawl_db)).values())
    if stores.archive.is_file():
        with Store(stores.archive) as store:
            store.withdraw(decisions)
    purging = [one for one in decisions if one.level in PURGING]
    if not purging:
        return Purged()
    recover(stores.captures)
    places = _places(stores.archive, pages_of(purging))
    done = purge(
        stores.captures, warc_files(stores.captures), wanted(purging, places), datetime.now(UTC), on_file=on_file
    )
    for name in {file for file, _ in done.tombs}:
        for part in (stores.captures / "parts").glob(f"{name}.*.part.*"):
            part.unlink()  # what other machines had read of the file
    forget(stores.crawl_db, done.tombs)
    if stores.archive.is_file():
        with Store(stores.archive) as store:
            store.withdraw(decisions, (f"{file}:{offset}" for file, offset in done.tombs))
    return done


def wanted(purging: Iterable[Withdrawal], places: Iterable[Place] = ()) -> Wanted:
    """Return what tells whether a record belongs to an article that is to be purged, or lies at one of some places."""
    purging, there = list(purging), frozenset(places)
    pages = pages_of(purging)
    addresses = {address for one in purging for address in one.addresses}

    def belongs(url: str, place: Place) -> bool:
        return place in there or bare(url) in addresses or article_id(url) in pages

    return belongs


def find(archive: Path, what: str, decisions: Sequence[Withdrawal] = ()) -> Named:
    """Return what an address or an id names, as far as archive and journal know of it."""
    is_id = len(what) == ID_LENGTH and all(digit in "0123456789abcdef" for digit in what)
    name = what if is_id else article_id(what)
    told = [one for one in decisions if name in (one.article, *one.pages)]
    article = told[-1].article if told else name
    urls = {one.url for one in told} | (set() if is_id else {normalise(what) or what.strip()})
    pages = set(pages_of(told)) or {name}
    rows, further, files = [], [], []
    if archive.is_file():
        with opened(archive) as database:
            if not told:
                article = next((row[0] for row in database.execute(ARTICLE, {"name": name})), name)
            pages.add(article)
            rows = list(database.execute(CAPTURES, {"article": article, "pages": json.dumps(sorted(pages))}))
            further = list(database.execute(PAGES, {"article": article}))
            its = json.dumps(sorted({*pages, *(row[name] for row in rows for name in ("page", "own") if row[name])}))
            asked = (*database.execute(FILES, {"article": article}), *database.execute(PARTS, {"pages": its}))
            files = [(row["page"], row["url"]) for row in asked]
    own = {row["own"] for row in rows if row["own"]}
    urls |= {row["url"] for row in (*rows, *further) if row["url"]}
    if is_id and not urls:
        raise NotHeld(f"{what}: no article of this archive has this id; name it by its address")
    return Named(
        article=article,
        url=min(urls) if is_id else normalise(what) or what.strip(),
        captured=bool(rows),
        addresses=tuple(sorted({bare(url) for url in urls} | {one for other in told for one in other.addresses})),
        pages=tuple(sorted({*pages, *(row["page"] for row in (*rows, *further)), *own})),
        files=tuple(files),
    )


def _places(archive: Path, pages: Iterable[str]) -> list[Place]:
    if not archive.is_file():
        return []
    with opened(archive) as database:
        sql = "SELECT warc_file, warc_offset FROM captures WHERE page IN (SELECT value FROM json_each(?))"
        return [(row["warc_file"], row["warc_offset"]) for row in database.execute(sql, [json.dumps(sorted(pages))])]
