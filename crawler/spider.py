"""Fetch what the frontier leases: one spider for all outlets, whose answers `handle.py` turns into outcomes."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure as TwistedFailure

from crawler import handle, troubles
from crawler.address import host_of, name_of
from crawler.backfill import further_pages
from crawler.discovery.listing import Listing
from crawler.frontier import Frontier
from crawler.guard import PRIVATE
from crawler.hold import FrontierBusy
from crawler.lease import LISTS, Failure, Found, Lease, Outcome, conditions
from crawler.outlet import Outlet, OutletError, Source
from crawler.pace import Pace
from crawler.plain import parts_from_settings
from crawler.plan import Plan
from crawler.render import is_rendered
from crawler.report import Counts, Progress
from crawler.rhythm import LONGEST_REST, Trouble
from crawler.robots import AGENT
from crawler.schema import SchemaError
from crawler.seeds import seed
from crawler.settings import USER_AGENT, VERSION
from crawler.stored import Stored
from crawler.turns import Turns
from crawler.watch import OutletFiles
from crawler.writer import WarcWriter

logger = logging.getLogger(__name__)

UNCONDITIONAL = 5  # every so many looks that found nothing changed, one without conditions
NAP = 1.0  # seconds; the longest time without a look at what has become due


class OutletSpider(Spider):
    """Crawl outlets: `scrapy crawl outlet -a name=NAME` for one, `crawler.crawl.crawl` for any number."""

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
        self.outlets = {outlet.slug: outlet for outlet in outlets}
        self.files = files
        self.frontier = frontier
        self.writer = writer
        self.plan = plan or Plan()
        self.on_progress = on_progress
        self.pace = Pace(self._delay_of)
        self.counts = {slug: Counts() for slug in self.outlets}
        self.sources: dict[int, Source] = {}
        self.bugs: list[str] = []
        self.notes: list[str] = []
        self.fatal: Exception | None = None
        self.outcome = "interrupted"
        self._liars: set[str] = set()
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
        at_once = self.settings.getint("CONCURRENT_REQUESTS")
        self.turns = Turns(frontier=self.frontier, pace=self.pace, plan=self.plan, at_once=at_once)
        self.frontier.begin({"version": VERSION, "outlets": sorted(self.outlets)})
        if mended := self.frontier.mend_times():
            self._note(f"the clock was ahead in an earlier crawl: {mended} addresses that it put off are due again")
        self.frontier.reconsider(self.outlets)
        if self.plan.since is not None:
            self.frontier.reach_back(self.outlets, self.plan.since, self.frontier.run_started)
        self._prepare()
        while self.fatal is None:
            self._reread()
            if self.turns.used_up and not self.turns.leases:
                self.outcome = "limit"
                return
            lease = self.turns.next(self.outlets)
            if lease is not None:
                yield self._request(lease)
                continue
            wait = self.turns.wait(NAP)
            if wait is not None:
                await self._nap(wait)
            elif self.plan.forever is None:
                self.outcome = "finished"
                return
            else:
                await self._next_round(self.plan.forever)

    async def _next_round(self, seconds: float) -> None:
        """Close this round in the record, wait, and open the next: new days of e-papers, sources that are due.

        Rounds that ask for nothing, a thousand a day, leave no row of their own.
        """
        self.frontier.end("finished", {slug: counts.done for slug, counts in self.counts.items()})
        asked = sum(one.done + one.failed + one.blocked + one.refused for one in self.counts.values())
        if asked == self._asked and self._round is not None:
            self.frontier.fold_into(self._round)
        else:
            self._round, self._asked = self.frontier.run, asked
        self._tell(last=True)
        over = time.monotonic() + seconds
        while not self._reread() and (left := over - time.monotonic()) > 0:
            await self._nap(min(left, NAP))
        self.frontier.begin({"version": VERSION, "outlets": sorted(self.outlets)})
        self._prepare()
        self.turns.awake()

    def _prepare(self) -> None:
        self.sources = seed(self.frontier, self.outlets, self.plan)
        self._liars = self.frontier.distrusted()
        cooling, delays = self.frontier.cooling(), self.frontier.crawl_delays()
        for host in self.frontier.hosts(self.outlets):
            self.pace.open(host, crawl_delay=delays.get(host, 0.0))
            if host in cooling:
                self.pace.rest(host, cooling[host] - self.frontier.clock())

    def _reread(self) -> bool:
        """Take over what somebody has changed in the outlet files since the last look; say whether anything was."""
        changes = self.files.changes() if self.files else []
        for change in changes:
            if change.error is not None:
                self._note(f"{change.error}; the crawl goes on with the file as it was")
            elif change.outlet is not None:
                self._take_over(change.outlet)
            elif change.slug in self.outlets:
                self._note(f"{change.slug}: its file is gone; nothing more is asked for")
                self.outlets[change.slug] = self.outlets[change.slug].model_copy(update={"enabled": False})
        return bool(changes)

    def _take_over(self, outlet: Outlet) -> None:
        before = self.outlets.get(outlet.slug)
        if not outlet.private and self.settings["USER_AGENT"] == USER_AGENT and (before is None or before.private):
            self._note(f"{outlet.slug}: is on the open web, and this crawl names no contact: left out until the next")
            return
        self._note(f"{outlet.slug}: its file has changed" + ("" if outlet.enabled else "; it is not enabled any more"))
        if outlet.private:
            PRIVATE.update(outlet.all_hosts)
        self.outlets[outlet.slug] = outlet
        self.counts.setdefault(outlet.slug, Counts())
        self.frontier.reconsider([outlet.slug])
        plan = replace(self.plan, retry_quarantine=False, recheck=None)
        self.sources |= seed(self.frontier, {outlet.slug: outlet}, plan)
        for host in self.frontier.hosts([outlet.slug]):
            self.pace.open(host)
        for host in self.pace.hosts:
            if name_of(host) in outlet.all_hosts:
                self.pace.retime(host)
        self.turns.awake()

    def _note(self, words: str) -> None:
        logger.warning("%s", words)
        self.notes.append(words)
        self._tell(last=True)

    async def _nap(self, seconds: float) -> None:
        self._wake.clear()
        self._tell()
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    def _request(self, lease: Lease) -> Request:
        if lease.stored is not None and not self.writer.holds(lease.stored):
            lease = replace(
                lease, stored=None
            )  # its bytes are lost: nothing may refer to them, all are asked for again
        # now and then the whole page is asked for: only so can validators that lie be found out
        trusted = lease.host not in self._liars and lease.unchanged % UNCONDITIONAL != UNCONDITIONAL - 1
        # what the server sends of a page that scripts make may stay the same while the page changes
        to_render = is_rendered(lease, self.outlets[lease.outlet])
        refer = lease.stored is not None and self.frontier.may_refer(lease.stored)
        # of a column that is read back to a day every page must tell what comes after it
        entire = to_render or (lease.kind == "column" and self.plan.since is not None)
        headers = conditions(lease) if trusted and refer and not entire else {}
        meta: dict[str, Any] = {"lease": lease, "refer": refer, "to_render": to_render, "handle_httpstatus_all": True}
        if self.outlets[lease.outlet].private:
            meta["proxy"] = None
        return Request(
            lease.url, self.parse, headers=headers, meta=meta, errback=self.failed, dont_filter=True, priority=1
        )

    # --- answers

    def parse(self, response: Response, **_: Any) -> None:
        """Turn an answer into an outcome of its row."""
        request = response.request
        assert request is not None  # noqa: S101  (for the type checker)
        lease: Lease = request.meta["lease"]
        outlet = self.outlets[lease.outlet].at(self.frontier.clock())
        answer = handle.Answer.of(response, lease, outlet, self.sources.get(lease.source or 0))
        verdict = handle.judge_answer(answer)
        counts = self.counts[lease.outlet]
        counts.bytes += request.meta.get("wire_size", 0)
        if verdict.failure is not None:
            self._failed(lease, verdict.failure, verdict.found)
        else:
            self._done(lease, verdict)
        blocked = verdict.failure is not None and verdict.failure.trouble is Trouble.BLOCKED
        if not blocked:
            self.pace.answered(lease.host)
        # the loopback address stands for many machines: those of a demonstration
        address = str(response.ip_address) if response.ip_address and response.ip_address.is_global else None
        self._over(lease, request.meta.get("download_latency"), address)

    def failed(self, failure: TwistedFailure) -> None:
        """Turn an exception of the downloader into a failure of its row."""
        request: Request = failure.request  # type: ignore[attr-defined]
        lease: Lease = request.meta["lease"]
        found = troubles.of_exception(failure.value, lease.host) if failure.value else None
        if found is not None:
            self._failed(lease, found)
        elif self.fatal is not None:
            self.frontier.release(lease)
        else:
            self._bug(lease, failure)
        self._over(lease)

    def _done(self, lease: Lease, verdict: handle.Handled) -> None:
        assert verdict.outcome is not None  # noqa: S101  (for the type checker)
        outlet, counts = self.outlets[lease.outlet], self.counts[lease.outlet]
        listing = [one for one in verdict.found if self._is_wanted(one)]
        known = self.frontier.known([one.url for one in listing])
        fresh = sum(one.url not in known and one.kind == "article" for one in listing)
        always = [one for one in verdict.always if one.kind != "sitemap" or self._is_wanted(one)]
        listed = Listing(found=verdict.found, more=verdict.more)
        back_to = self.plan.since
        further = further_pages(self.frontier, lease, listed, fresh=fresh, since=back_to) if verdict.read else ()
        found = [*listing, *always, *further]
        self.frontier.acknowledge(lease, verdict.outcome, found, fresh=fresh)
        self._check_validators(lease, verdict.outcome)
        if lease.kind == "edition":
            pages = 1 + len(verdict.always) if lease.page == 1 else 0
            self.frontier.note_edition(lease, "obtained", pages=pages, articles=fresh)
        if lease.kind in LISTS:
            counts.lists += 1
        elif lease.stored is None:
            counts.new += 1
        elif verdict.outcome.changed:
            counts.changed += 1
        else:
            counts.unchanged += 1
        logger.debug("%s %s: %d found, %d new", outlet.slug, lease.url, len(found), fresh)
        self.turns.found(found)

    def _check_validators(self, lease: Lease, outcome: Outcome) -> None:
        """Find out a host that sends other bytes under the same validator."""
        same = lease.etag is not None and lease.etag == outcome.etag and lease.last_modified == outcome.last_modified
        if outcome.changed and lease.stored is not None and same and lease.host not in self._liars:
            self._liars.add(lease.host)
            self.frontier.distrust(lease.host, f"{lease.url}: other bytes under the same ETag {lease.etag}")

    def _failed(self, lease: Lease, failure: Failure, found: Iterable[Found] = ()) -> None:
        counts = self.counts[lease.outlet]
        wanted = [one for one in found if self._is_wanted(one)]
        self.frontier.fail(lease, failure, wanted)
        counts.troubles[failure.trouble] = counts.troubles.get(failure.trouble, 0) + 1
        if failure.trouble is Trouble.BLOCKED:
            counts.blocked += 1
            seconds = self.pace.blocked(lease.host)
            self.frontier.cool_down(lease.host, seconds, f"blocked: {failure.detail}")
        elif failure.trouble is Trouble.ROBOTS:
            counts.refused += 1
        else:
            counts.failed += 1
        if failure.trouble is Trouble.BUSY:
            seconds = min(failure.asked or 30.0, LONGEST_REST)
            self.pace.rest(lease.host, seconds)
            self.frontier.cool_down(lease.host, seconds, failure.detail)
        if lease.kind == "edition" and lease.page == 1 and failure.trouble in (Trouble.GONE, Trouble.SOFT_404):
            self.frontier.note_edition(lease, "missing")
        logger.info("%s %s: %s (%s)", lease.outlet, lease.url, failure.trouble, failure.detail)
        self.turns.found(wanted)

    def _over(self, lease: Lease, latency: float | None = None, address: str | None = None) -> None:
        self.turns.over(lease, latency, address)
        self.counts[lease.outlet].delay = self.pace.hosts[lease.host].pause
        self._wake.set()
        self._tell()

    def _is_wanted(self, found: Found) -> bool:
        if found.day is None or found.kind in ("feed", "column"):
            return True
        if found.kind == "sitemap":  # of the day on which it last changed: what is in it is no younger
            return found.day >= (self.plan.since or date.min)
        return (self.plan.since or date.min) <= found.day <= (self.plan.until or date.max)

    # --- what else happens

    def note_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Record what robots.txt said of a host, and keep to its Crawl-delay."""
        host = host_of(request.url)
        delay = robotparser.crawl_delay(AGENT)
        self.frontier.note_robots(host, status=request.meta.get("robots_status"), crawl_delay=delay)
        if host in self.pace.hosts:
            self.pace.hosts[host].crawl_delay = delay or 0.0

    def note_bug(self, failure: TwistedFailure, response: Response | None) -> None:
        """Record a fault of this program against the row that it happened to; the run goes on."""
        if isinstance(failure.value, (sqlite3.Error, OSError)):
            self.abort(failure.value)  # the database or the disk: no row can be written any more
            return
        request = response.request if response is not None else None
        lease = request.meta.get("lease") if request is not None else None
        if lease is None or lease.id not in self.turns.leases:
            self.bugs.append(failure.getTraceback())
            return
        self._bug(lease, failure)
        self._over(lease)

    def _bug(self, lease: Lease, failure: TwistedFailure) -> None:
        self.bugs.append(f"{lease.url}\n{failure.getTraceback()}")
        logger.error("%s: %s", lease.url, failure.getTraceback())
        detail = f"{type(failure.value).__name__}: {failure.value}"
        self._failed(lease, Failure(trouble=Trouble.BUG, detail=detail))

    def payload(self, digest: str) -> Stored | None:
        """Return a record of any address that holds a payload and may be referred to; None for none."""
        return self.frontier.payload(digest)

    def abort(self, error: Exception) -> None:
        """End the crawl: nothing more can be kept."""
        self.fatal = self.fatal or error
        self._wake.set()

    def closed(self, reason: str) -> None:
        """Close the WARC file and the frontier; give back what was leased."""
        if self.fatal is not None or (self.outcome == "interrupted" and reason == "start_error"):
            self.outcome = "failed"
        self._ended = time.monotonic()
        self.writer.close()
        self._tell(last=True)
        self.frontier.end(self.outcome, {slug: counts.done for slug, counts in self.counts.items()})
        self.frontier.close()

    def _tell(self, *, last: bool = False) -> None:
        now = time.monotonic()
        if self.on_progress is None or (now - self._told < 0.25 and not last):
            return
        self._told = now
        queued = self.frontier.queued(self.outlets)
        for slug, counts in self.counts.items():
            counts.queued = queued.get(slug, 0)
        self.on_progress(Progress(outlets=self.counts, seconds=self.seconds, notes=tuple(self.notes)))

    def pause_of(self, host: str) -> float:
        """Return the seconds between two requests to a host: its own, or what its robots.txt or its answers ask."""
        self.pace.open(host)
        return self.pace.hosts[host].pause

    def _delay_of(self, host: str) -> float:
        if self.plan.delay is not None:
            return self.plan.delay
        name = name_of(host)
        delays = [outlet.delay for outlet in self.outlets.values() if name in outlet.all_hosts]
        return max(delays, default=5.0)
