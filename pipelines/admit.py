"""Refuse what is no article before a byte of it is decoded: redirects, errors, lists, files, challenge pages."""

from collections.abc import Callable
from urllib.parse import urlsplit

from crawler.capture import Capture
from crawler.outlet import Outlet, UrlClass
from crawler.verdict import judge
from pipelines.records import Reason, Skip

LISTS = frozenset({"column", "edition", "feed", "home", "sitemap"})  # what the crawler fetches to find articles
GONE = frozenset({404, 410})

Rule = Callable[[Capture, Outlet | None], Skip | None]


def admit(capture: Capture, outlet: Outlet | None = None) -> None:
    """Raise Skip with the first rule that refuses a capture."""
    for rule in RULES:
        if skip := rule(capture, outlet):
            raise skip


def _purged(capture: Capture, _: Outlet | None) -> Skip | None:
    return Skip(Reason.WITHDRAWN, "a tombstone") if capture.purged else None


def _unchanged(capture: Capture, _: Outlet | None) -> Skip | None:
    return Skip(Reason.NOT_MODIFIED, "the server says that nothing changed") if capture.not_modified else None


def _not_the_site(capture: Capture, outlet: Outlet | None) -> Skip | None:
    verdict = judge(capture, outlet)
    return Skip(Reason(verdict.kind), f"{verdict.rule}: {verdict.detail}") if verdict else None


def _moved(capture: Capture, _: Outlet | None) -> Skip | None:
    if capture.status not in range(300, 400):
        return None
    return Skip(Reason.REDIRECT, f"to {capture.header('Location') or 'nowhere'} (HTTP {capture.status})")


def _failed(capture: Capture, _: Outlet | None) -> Skip | None:
    if capture.status == 0 or capture.status in range(200, 300):
        return None
    return Skip(Reason.STATUS, f"HTTP {capture.status}")


def _fetched_as_list(capture: Capture, _: Outlet | None) -> Skip | None:
    return Skip(Reason.LISTING, f"fetched as {capture.kind}") if capture.kind in LISTS else None


def _before_scripts(capture: Capture, _: Outlet | None) -> Skip | None:
    if capture.kind == "shell":
        return Skip(Reason.NOT_ARTICLE, "the page before its scripts made it: see its conversion")
    return Skip(Reason.NOT_ARTICLE, "asked for by the scripts of a page") if capture.kind == "part" else None


def _robots(capture: Capture, _: Outlet | None) -> Skip | None:
    if capture.kind == "robots" or urlsplit(capture.url).path == "/robots.txt":
        return Skip(Reason.NOT_ARTICLE, "rules for robots")
    return None


def _known_address(capture: Capture, outlet: Outlet | None) -> Skip | None:
    if outlet is None:
        return None
    found = outlet.classify(capture.url, capture.fetched_at.date())
    if found is UrlClass.LIST:
        return Skip(Reason.LISTING, "a list page by the outlet's rules")
    if found is UrlClass.NEVER:
        return Skip(Reason.NOT_ARTICLE, "never wanted by the outlet's rules")
    return None


def _payload_elsewhere(capture: Capture, _: Outlet | None) -> Skip | None:
    if capture.revisit_of is None or capture.body:
        return None
    return Skip(Reason.UNREADABLE, f"the record that holds its payload is missing ({capture.revisit_of})")


RULES: tuple[Rule, ...] = (
    _purged,
    _unchanged,
    _payload_elsewhere,
    _not_the_site,
    _moved,
    _failed,
    _fetched_as_list,
    _before_scripts,
    _robots,
    _known_address,
)
