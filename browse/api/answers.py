"""Share what every API address does: find the archive, read size and cursor, refuse in plain words."""

from collections.abc import Awaitable, Callable

from datasette.utils.asgi import Request, Response

from browse.answers import refusal
from browse.archive import Archive, TooSlow, find_archive
from browse.asking import BadSearch
from browse.cursors import BadCursor
from browse.host import Datasette
from browse.permission import ensure_readable

MOST = 100  # rows of one answer; `next` leads on
USUAL = 20


class BadRequest(ValueError):  # noqa: N818  (it reads as what it is)
    """An argument cannot be; the message says which, what was given, what is allowed."""


class Missing(LookupError):  # noqa: N818  (it reads as what it is)
    """What was asked for is not in the archive."""


class Withdrawn(LookupError):  # noqa: N818  (it reads as what it is)
    """What was asked for was taken out of the archive by a decision."""


Answer = Callable[[Request, Datasette, Archive], Awaitable[Response]]

# an error → its status and what to do
REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (BadSearch, 400, "See /api for what each argument may be."),
    (BadRequest, 400, "See /api for what each argument may be."),
    (BadCursor, 400, "Start again without a cursor."),
    (Missing, 404, "Ids come from /api/search and /api/changes."),
    (Withdrawn, 410, "It will not come back under this id."),
    (TooSlow, 503, "Narrow the question: add a word, an outlet or a span of dates."),
)


def address(answer: Answer) -> Callable[[Request, Datasette], Awaitable[Response]]:
    """Make an API address of a function: it is given the archive, and what it raises becomes a JSON error."""

    async def view(request: Request, datasette: Datasette) -> Response:
        archive = find_archive(datasette)
        if archive is None:
            return refusal(request, status=404, error="No archive is served here.", advice="")
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            return refusal(request, status=405, error=f"{request.method} is not allowed.", advice="Use GET.")
        await ensure_readable(datasette, request, archive)
        try:
            found = await answer(request, datasette, archive)
            found.headers["Last-Modified"] = archive.changed()
        except tuple(kind for kind, _, _ in REFUSALS) as error:
            status, advice = next((status, advice) for kind, status, advice in REFUSALS if isinstance(error, kind))
            detail = str(error) or "The question took longer than the time that is set for one."
            return refusal(request, status=status, error=detail, advice=advice)
        return found

    view.__name__, view.__doc__ = answer.__name__, answer.__doc__  # not functools.wraps: its signature would mislead
    return view


def size_of(request: Request) -> int:
    """Return how many rows are asked for, 1 to MOST."""
    given = request.args.get("size") or str(USUAL)
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST):
        raise BadRequest(f"size is {given[:40]!r}; it must be a number from 1 to {MOST}.")
    return int(given)
