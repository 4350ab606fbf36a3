"""Withdraw an article everywhere: journal, crawl.db, archive.db, WARC files; whatever is left undone, a repeat does."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from crawler.address import normalise
from crawler.ban import agree, bare, forget
from crawler.purge import Place, Purged, Wanted, purge
from crawler.recover import recover
from crawler.withdrawal import PURGING, Level, Withdrawal, standing, write_journal
from pipelines.build import warc_files
from pipelines.opened import opened
from pipelines.store import Store
from pipelines.url import article_id

ID_LENGTH = 16  # hexadecimal digits
FILES = """SELECT page, url FROM attachments WHERE article = :article
    AND page NOT IN (SELECT page FROM attachments WHERE article != :article) ORDER BY n"""


class NotHeld(LookupError):  # noqa: N818  (named after the cause)
    """An address that is to be withdrawn was never captured; the message names it and says what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What was named: the article's id and address, all addresses under which it was captured, whether it ever was.

    `files` are attachments that no other article links to, by id and address.
    """

    article: str
    url: str
    addresses: tuple[str, ...]
    captured: bool
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
    )
    stands = standing(decisions)
    files = {one.article: one.url for one in stands.values() if one.part_of == named.article} | dict(named.files)
    parts = [
        replace(decision, article=article, url=url, addresses=(bare(url),), part_of=named.article)
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
    decisions = standing(agree(stores.captures, stores.crawl_db))
    if stores.archive.is_file():
        with Store(stores.archive) as store:
            store.withdraw(decisions)
    purging = [one for one in decisions.values() if one.level in PURGING]
    if not purging:
        return Purged()
    recover(stores.captures)
    places = _places(stores.archive, [one.article for one in purging])
    done = purge(
        stores.captures, warc_files(stores.captures), wanted(purging, places), datetime.now(UTC), on_file=on_file
    )
    forget(stores.crawl_db, done.tombs)
    if stores.archive.is_file():
        with Store(stores.archive) as store:
            store.withdraw(decisions, (f"{file}:{offset}" for file, offset in done.tombs))
    return done


def wanted(purging: Iterable[Withdrawal], places: Iterable[Place] = ()) -> Wanted:
    """Return what tells whether a record belongs to an article that is to be purged, or lies at one of some places."""
    purging, there = list(purging), frozenset(places)
    articles = {one.article for one in purging}
    addresses = {address for one in purging for address in one.addresses}

    def belongs(url: str, place: Place) -> bool:
        return place in there or bare(url) in addresses or article_id(url) in articles

    return belongs


def find(archive: Path, what: str, decisions: Sequence[Withdrawal] = ()) -> Named:
    """Return what an address or an id names, as far as archive and journal know of it."""
    is_id = len(what) == ID_LENGTH and all(digit in "0123456789abcdef" for digit in what)
    article = what if is_id else article_id(what)
    told = [one for one in decisions if one.article == article]
    urls = {one.url for one in told} | (set() if is_id else {normalise(what) or what.strip()})
    addresses = {address for one in told for address in one.addresses} | {bare(url) for url in urls}
    captured = False
    files: tuple[tuple[str, str], ...] = ()
    if archive.is_file():
        with opened(archive) as database:
            for (address,) in database.execute("SELECT url FROM captures WHERE page = ?", [article]):
                captured = True
                if address:
                    addresses.add(bare(address))
                    urls.add(address)
            files = tuple((row["page"], row["url"]) for row in database.execute(FILES, {"article": article}))
    if is_id and not urls:
        raise NotHeld(f"{what}: no article of this archive has this id; name it by its address")
    url = normalise(what) or what.strip() if not is_id else min(urls)
    return Named(article=article, url=url, addresses=tuple(sorted(addresses)), captured=captured, files=files)


def _places(archive: Path, articles: Sequence[str]) -> list[Place]:
    if not archive.is_file():
        return []
    with closing(sqlite3.connect(f"{archive.resolve().as_uri()}?mode=ro", uri=True)) as database:
        marks = ", ".join("?" * len(articles))
        sql = f"SELECT warc_file, warc_offset FROM captures WHERE page IN ({marks})"  # noqa: S608  (question marks)
        return list(database.execute(sql, articles))
