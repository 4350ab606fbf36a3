"""Run one crawl in this process: outlets in, WARC files and a report out."""

import logging
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.ban import agree
from crawler.frontier import Frontier
from crawler.outlet import Outlet
from crawler.plan import Plan
from crawler.recheck import RecheckFrontier
from crawler.recover import recover
from crawler.render import set_up
from crawler.report import CrawlReport, Progress
from crawler.settings import USER_AGENT
from crawler.spider import OutletSpider
from crawler.warcinfo import about
from crawler.watch import OutletFiles
from crawler.writer import WarcWriter


def crawl(  # noqa: PLR0913  (all but the first four have defaults)
    outlets: Iterable[Outlet],
    plan: Plan,
    *,
    captures: Path,
    crawl_db: Path,
    clock: Callable[[], float] = time.time,
    files: OutletFiles | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> CrawlReport:
    """Crawl outlets until nothing is due (or for ever), and return what happened; to be called once per process.

    Captures go to new WARC files in `captures`; `crawl_db` is the memory that the next run goes on from. `clock` tells
    the time (seconds since 1970) that captures are dated by. `files` are read again whenever somebody edits them.
    `on_progress` is called at most four times a second, from this thread.

    An interrupt (SIGINT, SIGTERM) ends the crawl when what is in flight has come in; a second one ends it at once.
    Raises FrontierBusy, SchemaError, sqlite3.Error for the database and OSError for the captures folder (disk full,
    not writable); everything captured until then is kept.
    """
    outlets = list(outlets)
    if plan.known_only:
        plan = replace(plan, recheck=plan.recheck or timedelta())
    _quiet()
    cut = sum(one.cut for one in recover(captures)) if captures.is_dir() else 0
    private = sorted({host for outlet in outlets if outlet.private for host in outlet.all_hosts})
    settings = settings_of(resolve=plan.resolve, private=private, contact=plan.contact)
    settings.set("DOWNLOAD_TIMEOUT", plan.timeout)
    settings.set("FANGZHI_MAX_BODY", plan.max_body)
    set_up(settings, outlets)
    captures.mkdir(parents=True, exist_ok=True)
    frontier = (
        RecheckFrontier(crawl_db, older_than=plan.recheck or timedelta(), clock=clock)
        if plan.known_only
        else Frontier(crawl_db, clock=clock)
    )
    agree(captures, crawl_db)  # a new one has yet to learn what is never to be fetched
    said = about(settings["USER_AGENT"], {"outlets": [outlet.slug for outlet in outlets], **asdict(plan)})
    now = partial(datetime.fromtimestamp, tz=UTC)
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
    notes = list(spider.run.notes)
    if plan.contact is None and any(not outlet.private for outlet in outlets):
        notes.append("the user agent names no contact: webmasters cannot reach you (contact=)")
    return CrawlReport(
        outcome=spider.outcome,
        outlets=spider.run.counts,
        seconds=spider.seconds,
        bugs=tuple(spider.run.bugs),
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
