"""Fetch what the frontier leases: one spider for all outlets, whose answers `handle.py` turns into outcomes."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure as TwistedFailure

from crawler import handle, outcome, troubles
from crawler.address import host_of
from crawler.ask import request_of
from crawler.frontier import Frontier
from crawler.hold import FrontierBusy
from crawler.lease import Failure, Lease
from crawler.outlet import Outlet, OutletError
from crawler.plain import parts_from_settings
from crawler.plan import Plan
from crawler.report import Progress
from crawler.reread import take_over
from crawler.rhythm import Trouble
from crawler.robots import AGENT
from crawler.run import Run
from crawler.schema import SchemaError
from crawler.settings import USER_AGENT
from crawler.watch import OutletFiles
from crawler.writer import WarcWriter

logger = logging.getLogger(__name__)

NAP = 1.0  # seconds; the longest time without a look at what has become due


class OutletSpider(Spider):
    """Crawl outlets: `scrapy crawl outlet -a name=NAME` for one, `crawler.crawl.crawl` for any number.

    `run` is what it has in hand; `outcome` says how it ended, `fatal` of what.
    """

    name = "outlet"

    def __init__(  # noqa: PLR0913  (a run is its parts)
        self,
        *,
        outlets: Iterable[Outlet],
        frontier: Frontier,
        writer: WarcWriter,
        plan: Plan | None = None,
        files: OutletFiles | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(self.name, **kwargs)
        by_slug = {outlet.slug: outlet for outlet in outlets}
        self.run = Run(outlets=by_slug, frontier=frontier, writer=writer, plan=plan or Plan())
        self.files = files
        self.on_progress = on_progress
        self.fatal: Exception | None = None
        self.outcome = "interrupted"
        self._wake = asyncio.Event()
        self._began = time.monotonic()
        self._ended: float | None = None
        self._told = 0.0
        self._round: int | None = None  # the last that asked for anything, as crawl.db numbers it
        self._asked = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        if "frontier" not in kwargs:
            try:
                kwargs = parts_from_settings(crawler.settings, kwargs)
            except (OutletError, FrontierBusy, SchemaError) as error:
                logger.error("%s", error)  # noqa: TRY400  (the line says all; a traceback says nothing to an operator)
                raise asyncio.CancelledError from None  # Scrapy ends with exit code 1, without a traceback
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.run.turns.at_once = crawler.settings.getint("CONCURRENT_REQUESTS")
        crawler.signals.connect(spider.note_robots, signals.robots_parsed)
        crawler.signals.connect(spider.note_bug, signals.spider_error)
        crawler.signals.connect(spider.note_bug, signals.item_error)
        return spider

    @property
    def seconds(self) -> float:
        """Return how long (seconds) this run has lasted."""
        return (self._ended or time.monotonic()) - self._began

    # --- feeding

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request whenever a host may be asked and something is due there; end when nothing is."""
        run = self.run
        run.begin()
        if mended := run.frontier.mend_times():
            self._note(f"the clock was ahead in an earlier crawl: {mended} addresses that it put off are due again")
        run.frontier.reconsider(run.outlets)
        if run.plan.since is not None:
            run.frontier.reach_back(run.outlets, run.plan.since, run.frontier.run_started)
        run.prepare()
        while self.fatal is None:
            self._reread()
            if run.turns.used_up and not run.turns.leases:
                self.outcome = "limit"
                return
            lease = run.turns.next(run.outlets)
            if lease is not None:
                yield request_of(run, lease).replace(callback=self.parse, errback=self.failed)
                continue
            wait = run.turns.wait(NAP)
            if wait is not None:
                await self._nap(wait)
            elif run.plan.forever is None:
                self.outcome = "finished"
                return
            else:
                await self._next_round(run.plan.forever)

    async def _next_round(self, seconds: float) -> None:
        """Close this round in the record, wait, and open the next: new days of e-papers, sources that are due.

        Rounds that ask for nothing, a thousand a day, leave no row of their own.
        """
        run = self.run
        run.end("finished")
        if run.asked == self._asked and self._round is not None:
            run.frontier.fold_into(self._round)
        else:
            self._round, self._asked = run.frontier.run, run.asked
        self._tell(last=True)
        over = time.monotonic() + seconds
        while not self._reread() and (left := over - time.monotonic()) > 0:
            await self._nap(min(left, NAP))
        run.begin()
        run.prepare()
        run.turns.awake()

    def _reread(self) -> bool:
        """Take over what somebody has changed in the outlet files since the last look; say whether anything was."""
        changes = self.files.changes() if self.files else []
        for change in changes:
            if note := take_over(self.run, change, named=self.settings["USER_AGENT"] != USER_AGENT):
                self._note(note)
        return bool(changes)

    def _note(self, words: str) -> None:
        logger.warning("%s", words)
        self.run.notes.append(words)
        self._tell(last=True)

    async def _nap(self, seconds: float) -> None:
        self._wake.clear()
        self._tell()
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    # --- answers

    def parse(self, response: Response, **_: Any) -> None:
        """Turn an answer into an outcome of its row."""
        request, run = response.request, self.run
        assert request is not None  # noqa: S101  (for the type checker)
        lease: Lease = request.meta["lease"]
        outlet = run.outlets[lease.outlet].at(run.frontier.clock())
        answer = handle.Answer.of(response, lease, outlet, run.sources.get(lease.source or 0))
        handled = handle.judge_answer(answer)
        run.counts[lease.outlet].bytes += request.meta.get("wire_size", 0)
        if handled.failure is not None:
            outcome.failed(run, lease, handled.failure, handled.found)
        elif handled.outcome is not None:
            outcome.succeeded(run, lease, handled.outcome, handled)
        blocked = handled.failure is not None and handled.failure.trouble is Trouble.BLOCKED
        if not blocked:
            run.pace.answered(lease.host)
        # the loopback address stands for many machines: those of a demonstration
        address = str(response.ip_address) if response.ip_address and response.ip_address.is_global else None
        self._over(lease, request.meta.get("download_latency"), address)

    def failed(self, failure: TwistedFailure) -> None:
        """Turn an exception of the downloader into a failure of its row."""
        request: Request = failure.request  # type: ignore[attr-defined]
        lease: Lease = request.meta["lease"]
        found = troubles.of_exception(failure.value, lease.host) if failure.value else None
        if found is not None:
            outcome.failed(self.run, lease, found)
        elif self.fatal is not None:
            self.run.frontier.release(lease)
        else:
            self._bug(lease, failure)
        self._over(lease)

    def _over(self, lease: Lease, latency: float | None = None, address: str | None = None) -> None:
        self.run.turns.over(lease, latency, address)
        self.run.counts[lease.outlet].delay = self.run.pace.hosts[lease.host].pause
        self._wake.set()
        self._tell()

    # --- what else happens

    def note_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Record what robots.txt said of a host, and keep to its Crawl-delay."""
        host = host_of(request.url)
        delay = robotparser.crawl_delay(AGENT)
        self.run.frontier.note_robots(host, status=request.meta.get("robots_status"), crawl_delay=delay)
        if host in self.run.pace.hosts:
            self.run.pace.hosts[host].crawl_delay = delay or 0.0

    def note_bug(self, failure: TwistedFailure, response: Response | None) -> None:
        """Record a fault of this program against the row that it happened to; the run goes on."""
        if isinstance(failure.value, (sqlite3.Error, OSError)):
            self.abort(failure.value)  # the database or the disk: no row can be written any more
            return
        request = response.request if response is not None else None
        lease = request.meta.get("lease") if request is not None else None
        if lease is None or lease.id not in self.run.turns.leases:
            self.run.bugs.append(failure.getTraceback())
            return
        self._bug(lease, failure)
        self._over(lease)

    def _bug(self, lease: Lease, failure: TwistedFailure) -> None:
        self.run.bugs.append(f"{lease.url}\n{failure.getTraceback()}")
        logger.error("%s: %s", lease.url, failure.getTraceback())
        detail = f"{type(failure.value).__name__}: {failure.value}"
        outcome.failed(self.run, lease, Failure(trouble=Trouble.BUG, detail=detail))

    def abort(self, error: Exception) -> None:
        """End the crawl: nothing more can be kept."""
        self.fatal = self.fatal or error
        self._wake.set()

    def closed(self, reason: str) -> None:
        """Close the WARC file and the frontier; give back what was leased."""
        if self.fatal is not None or (self.outcome == "interrupted" and reason == "start_error"):
            self.outcome = "failed"
        self._ended = time.monotonic()
        self.run.writer.close()
        self._tell(last=True)
        self.run.end(self.outcome)
        self.run.frontier.close()

    def _tell(self, *, last: bool = False) -> None:
        now = time.monotonic()
        if self.on_progress is None or (now - self._told < 0.25 and not last):
            return
        self._told = now
        queued = self.run.frontier.queued(self.run.outlets)
        for slug, counts in self.run.counts.items():
            counts.queued = queued.get(slug, 0)
        self.on_progress(Progress(outlets=self.run.counts, seconds=self.seconds, notes=tuple(self.run.notes)))
