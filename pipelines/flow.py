"""Compose the stages: one capture becomes an article, a skip or a failure."""

import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.address import normalise
from crawler.capture import Capture
from crawler.outlet import Outlet
from crawler.parts import part_of
from pipelines.admit import GONE, admit
from pipelines.attachments import read_attachment
from pipelines.attachments.marks import is_attachment
from pipelines.fingerprint import content_digest, fingerprint
from pipelines.learn.lesson import lesson
from pipelines.outcome import Failure, Kind, Outcome, Reading, Refusal
from pipelines.places import places_of
from pipelines.privacy.mask import mask_article, mask_attachment
from pipelines.records import Article, Reason, Skip
from pipelines.segment import cut
from pipelines.similar.sketch import signature
from pipelines.stages import Trail, article_of
from pipelines.url import identity
from pipelines.versions import Reach


def read(capture: Capture, outlet: Outlet | None = None, *, trail: Trail | None = None) -> Article:
    """Return the article that a capture holds; raise Skip where it holds none. `trail` is told every stage."""
    trail = trail or Trail()
    trail.stage = "admit"
    admit(capture, outlet)
    if is_attachment(capture, outlet):
        raise Skip(Reason.NOT_ARTICLE, "a file such as notices carry, no page")
    return article_of(capture, outlet, trail)


class Reader:
    """Read captures of many outlets; never raises for what a capture holds.

    With `masks` numbers of private persons are masked in what was read, before anything is derived from it.
    """

    def __init__(self, outlets: Mapping[str, Outlet], *, masks: bool = False) -> None:
        self.outlets = outlets
        self._masks = masks
        self._hosts = {host: one for _, one in sorted(outlets.items(), reverse=True) for host in one.all_hosts}

    def outlet_of(self, capture: Capture) -> Outlet | None:
        """Return the outlet of a capture: the one that fetched it, else the one that owns its host."""
        named = self.outlets.get(capture.outlet) if capture.outlet else None
        return named or self._owner(capture.url)

    def _owner(self, url: str) -> Outlet | None:
        return self._hosts.get((urlsplit(url).hostname or "").lower())

    def outcome(self, capture: Capture) -> Outcome:
        """Return what became of a capture; a bug becomes a failure with its traceback."""
        trail = Trail()
        try:
            return self._read(capture, trail)
        except Skip as skip:
            kind = _kind(skip.reason, capture.status)
            refusal = Refusal(stage=trail.stage, reason=skip.reason, detail=skip.detail)
            leads_to = self._leads_to(capture) if skip.reason is Reason.REDIRECT else None
            blank = replace(self._blank(capture, kind), reach=trail.reach)
            return replace(blank, charset=trail.charset, refusal=refusal, leads_to=leads_to)
        except Exception as error:  # noqa: BLE001  (the one place: a bug costs one capture, and is told)
            failure = Failure(
                stage=trail.stage, error=f"{type(error).__name__}: {error}"[:500], traceback=traceback.format_exc()
            )
            return replace(self._blank(capture, Kind.FAILURE), charset=trail.charset, failure=failure)

    def lesson(self, capture: Capture) -> Outcome:
        """Return what a page of an outlet teaches, as an outcome without any other content."""
        blank, outlet = self._blank(capture, Kind.SKIP), self.outlet_of(capture)
        try:
            return replace(blank, lesson=lesson(capture, outlet) if outlet else None)
        except Exception:  # noqa: BLE001  (a page on which reading fails is told where it is read, and teaches nothing)
            return blank

    def failure(self, capture: Capture, error: str) -> Outcome:
        """Return the outcome of a capture that killed its reader or took too long."""
        return replace(self._blank(capture, Kind.FAILURE), failure=Failure(stage="worker", error=error))

    def _blank(self, capture: Capture, kind: Kind) -> Outcome:
        outlet = self.outlet_of(capture)
        return Outcome(
            capture=replace(capture, body=b""),
            size=len(capture.body),
            page=identity(capture.url, outlet, capture.fetched_at.date()),
            outlet=outlet.slug if outlet else None,
            kind=kind,
            asked_by=identity(capture.asked_by, outlet, capture.fetched_at.date()) if capture.asked_by else None,
        )

    def _leads_to(self, capture: Capture) -> str | None:
        """Return the id of the page that a redirect names; None where it names its own."""
        target = normalise(capture.header("Location") or "", capture.url)
        if target is None:
            return None
        outlet, day = self.outlet_of(capture), capture.fetched_at.date()
        found = identity(target, outlet if outlet and outlet.owns(target) else self._owner(target), day)
        return found if found != identity(capture.url, outlet, day) else None

    def _read(self, capture: Capture, trail: Trail) -> Outcome:
        outlet = self.outlet_of(capture)
        trail.stage = "admit"
        admit(capture, outlet)
        if is_attachment(capture, outlet):
            trail.stage, trail.reach = "attachment", Reach.FILE
            attachment, masked = read_attachment(capture), Counter[str]()
            if self._masks:
                attachment, masked = mask_attachment(attachment)
            blank = replace(self._blank(capture, Kind.ATTACHMENT), reach=trail.reach, masks=_counts(masked))
            return replace(blank, attachment=attachment)
        article, masked = article_of(capture, outlet, trail), Counter[str]()
        if self._masks:
            trail.stage = "mask"
            article, masked = mask_article(article)
        trail.stage = "relate"
        blank = replace(self._blank(capture, Kind.ARTICLE), template=trail.template, strayed=trail.strayed)
        blank = replace(blank, masks=_counts(masked))
        reading = Reading(
            article=replace(article, capture=blank.capture),
            content=content_digest(article.title, article.text),
            fingerprint=fingerprint(article.text),
            terms=(cut(article.title or ""), cut(article.text)),
            places=places_of(article.text, article.title, outlet.region if outlet else None),
            sketch=signature(article.text),
        )
        page, own = blank.page, blank.page
        address = capture.url
        if address.startswith("file:"):  # a saved page has the address that it tells of itself
            address = article.url
            own = page = identity(address, outlet, capture.fetched_at.date())
        if article.part > 1 or article.parts:  # all its pages are one article
            page = identity(part_of(address).first, outlet, capture.fetched_at.date())
        return replace(blank, page=page, own=own if own != page else None, charset=trail.charset, reading=reading)


def _counts(masked: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(masked.items()))


def _kind(reason: Reason, status: int) -> Kind:
    if reason is Reason.WITHDRAWN:
        return Kind.WITHDRAWN
    if reason is Reason.NOT_MODIFIED:
        return Kind.SEEN
    if reason is Reason.SOFT_404 or (reason is Reason.STATUS and status in GONE):
        return Kind.GONE
    return Kind.SKIP
