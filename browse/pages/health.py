"""The page of the crawl's health: what was looked at, what came of it, who has fallen silent, what went wrong."""

from collections import Counter, defaultdict
from typing import Any

from datasette.utils.asgi import Request, Response

from browse.answers import page
from browse.archive import Archive
from browse.display import mapped, parsed
from browse.host import Datasette
from browse.views import view

BUILDS = "select id, started, finished, extractor, counts from builds order by id desc limit 10"
OUTCOMES = """select outlet, outcome, count(*) as captures, max(fetched_at) as last from captures
    group by outcome, outlet"""
OUTLETS = "select id, name from outlets"
REASONS = """select reason, stage, count(*) as captures from skips group by reason, stage
    order by captures desc, reason limit 40"""
FAILURES = """select f.capture, f.stage, f.error, c.url, c.fetched_at from failures f
    join captures c on c.id = f.capture order by c.fetched_at desc, f.capture limit 30"""
DAMAGES = "select file, start_offset, end_offset, reason from damages order by file desc, start_offset limit 30"
HELD = frozenset({"article", "seen"})  # outcomes of a look that found an article
SILENT = 7  # days without an article, counted back from the last look at anything, that are worth a word


@view
async def health(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/health`, out of the archive alone."""
    rows = await archive.remembered(OUTCOMES)
    names = {row["id"]: row["name"] for row in await archive.remembered(OUTLETS)}
    last = max((row["last"] for row in rows), default=None)
    looked: defaultdict[str | None, list[Any]] = defaultdict(list)
    for row in rows:
        looked[row["outlet"]].append(row)
    context = {
        "last": last,
        "outlets": sorted(
            (_outlet(outlet, names.get(outlet), found, last) for outlet, found in looked.items()),
            key=lambda one: (-(one["silent"] or 0), -one["captures"]),
        ),
        "unseen": sorted((name, slug) for slug, name in names.items() if slug not in looked),
        "builds": [(row, mapped(row["counts"])) for row in await archive.rows(BUILDS)],
        "reasons": await archive.remembered(REASONS),
        "failures": await archive.rows(FAILURES),
        "damages": await archive.rows(DAMAGES),
    }
    return await page(datasette, request, "health.html", context)


def _outlet(outlet: str | None, name: str | None, found: list[Any], last: str | None) -> dict[str, Any]:
    """Return how one outlet does: captures by outcome, the last look, the last article, days of silence."""
    outcomes = Counter({row["outcome"]: row["captures"] for row in found})
    held = max((row["last"] for row in found if row["outcome"] in HELD), default=None)
    silent = _days(held, last)
    return {
        "id": outlet,
        "name": name or outlet,
        "captures": outcomes.total(),
        "outcomes": outcomes,
        "held": held,
        "last": max(row["last"] for row in found),
        "silent": silent if silent is None or silent >= SILENT else 0,
    }


def _days(earlier: str | None, later: str | None) -> int | None:
    """Return the whole days between two stored times, None where one is missing."""
    first, second = parsed(earlier), parsed(later)
    return (second - first).days if first and second else None
