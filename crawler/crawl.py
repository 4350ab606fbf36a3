"""Run one crawl in this process: outlets in, WARC files and a report out."""

import logging
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.ban import agree
from crawler.encodings import MAX_BODY
from crawler.frontier import Frontier
from crawler.outlet import Outlet
from crawler.plan import Plan, about
from crawler.recheck import RecheckFrontier
from crawler.recover import recover
from crawler.render import set_up
from crawler.report import CrawlReport, Progress
from crawler.settings import USER_AGENT
from crawler.spider import OutletSpider
from crawler.watch import OutletFiles
from crawler.writer import WarcWriter


def crawl(  # noqa: PLR0913  (a run is its options)
    outlets: Iterable[Outlet],
    *,
    captures: Path,
    crawl_db: Path,
    limit: int | None = None,
    since: date | None = None,
    until: date | None = None,
    resolve: Mapping[str, str] | None = None,
    clock: Callable[[], float] = time.time,
    recheck: timedelta | None = None,
    known_only: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    delay: float | None = None,
    contact: str | None = None,
    patience: float = 15.0,
    retry_quarantine: bool = False,
    forever: float | None = None,
    files: OutletFiles | None = None,
    timeout: float = 60.0,
    max_body: int = MAX_BODY,
) -> CrawlReport:
    """Crawl outlets until nothing is due (or for ever), and return what happened; to be called once per process.

    Captures go to new WARC files in `captures`; `crawl_db` is the memory that the next run goes on from. `limit`,
    `since`, `until`, `recheck`, `delay`, `patience`, `retry_quarantine`, `forever`: see `crawler.plan.Plan`.
    `clock` tells the time (seconds since 1970) that captures are dated by. `resolve` maps a host suffix to an IP
    address. `contact` is how a webmaster reaches the operator; it stands in the user agent. `known_only` looks again
    at the articles and attachments that are held, and at nothing else. `files` are read again whenever somebody edits
    them. `timeout` (seconds) bounds one fetch, `max_body` (bytes) one body: what is larger is kept up to there.
    `on_progress` is called at most four times a second, from this thread.

    An interrupt (SIGINT, SIGTERM) ends the crawl when what is in flight has come in; a second one ends it at once.
    Raises FrontierBusy, SchemaError, sqlite3.Error for the database and OSError for the captures folder (disk full,
    not writable); everything captured until then is kept.
    """
    outlets = list(outlets)
    _quiet()
    cut = sum(one.cut for one in recover(captures)) if captures.is_dir() else 0
    private = sorted({host for outlet in outlets if outlet.private for host in outlet.all_hosts})
    settings = settings_of(resolve=resolve, private=private, contact=contact)
    settings.set("DOWNLOAD_TIMEOUT", timeout)
    settings.set("FANGZHI_MAX_BODY", max_body)
    set_up(settings, outlets)
    captures.mkdir(parents=True, exist_ok=True)
    frontier = (
        RecheckFrontier(crawl_db, older_than=recheck or timedelta(), clock=clock)
        if known_only
        else Frontier(crawl_db, clock=clock)
    )
    agree(captures, crawl_db)  # a new one has yet to learn what is never to be fetched
    plan = Plan(
        limit=limit,
        since=since,
        until=until,
        recheck=(recheck or timedelta()) if known_only else recheck,
        delay=delay,
        patience=patience,
        retry_quarantine=retry_quarantine,
        forever=forever,
    )
    options = {"outlets": [outlet.slug for outlet in outlets], **asdict(plan)}
    options |= {"known_only": known_only, "timeout": timeout, "max_body": max_body}
    now = partial(datetime.fromtimestamp, tz=UTC)
    said = about(settings["USER_AGENT"], options)
    writer = WarcWriter(captures, about=said, sync=False, clock=lambda: now(clock()))
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(OutletSpider)
    parts = {"outlets": outlets, "frontier": frontier, "writer": writer, "plan": plan}
    task = process.crawl(crawler, **parts, files=files, on_progress=on_progress)
    handlers = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        process.start()
    finally:  # Scrapy leaves its own behind, which would swallow an interrupt of all that comes after the crawl
        for one, handler in handlers.items():
            signal.signal(one, handler)
    spider = crawler.spider
    if not isinstance(spider, OutletSpider):
        frontier.close()
        task.result()  # raises what kept the spider from being made
        raise RuntimeError("the crawl did not begin")  # noqa: TRY004  (the spider is none, not another)
    if spider.fatal is not None:
        raise spider.fatal
    notes = list(spider.notes)
    if contact is None and any(not outlet.private for outlet in outlets):
        notes.append("the user agent names no contact: webmasters cannot reach you (contact=)")
    return CrawlReport(
        outcome=spider.outcome,
        outlets=spider.counts,
        seconds=spider.seconds,
        bugs=tuple(spider.bugs),
        notes=tuple(notes),
        wrong=tuple(str(error) for error in files.wrong.values()) if files else (),
        cut=cut,
        files=tuple(writer.files),
    )


def settings_of(
    *, resolve: Mapping[str, str] | None = None, private: Iterable[str] = (), contact: str | None = None
) -> Settings:
    """Return Scrapy's settings for a run: those of the project, and who may be asked by whom."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("FANGZHI_RESOLVE", dict(resolve or {}))
    settings.set("FANGZHI_PRIVATE_HOSTS", list(private))
    settings.set("LOG_INSTALL_ROOT_HANDLER", value=False)
    if contact:
        settings.set("USER_AGENT", f"{USER_AGENT[:-1]}; {contact})")
    return settings


def _quiet() -> None:
    """Keep the libraries from printing where the caller has set up no logging; with a handler all of it is shown."""
    for name in ("scrapy", "twisted", "crawler", "asyncio"):
        logging.getLogger(name).addHandler(logging.NullHandler())
