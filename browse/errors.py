"""Answer what went wrong for a reason that a reader can mend, in plain words and with the right status."""

from collections.abc import Awaitable, Callable

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, NotFound, Request, Response

from browse.answers import refusal, trouble
from browse.archive import TooSlow
from browse.host import Datasette

TITLES = {
    400: "This cannot be answered",
    403: "This is not allowed",
    404: "There is nothing here",
    503: "This takes too long",
}
NOWHERE = "No page has this address."


def answer(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]] | None:
    """Return what makes the answer to an expected error; None for a bug, and where Datasette's own page says more."""
    found = explain(exception)
    if found is None:
        return None
    status, detail, advice = found

    async def reply() -> Response:
        path = str(request.scope.get("route_path", request.path)).partition("?")[0]  # without the setting base_url
        if path.endswith(".json") or path.startswith("/api"):
            return refusal(request, status=status, error=detail, advice=advice)
        title = TITLES.get(status, TITLES[400])
        return await trouble(datasette, request, status=status, title=title, detail=detail, advice=advice)

    return reply


def explain(exception: Exception) -> tuple[int, str, str] | None:
    """Return status, what is wrong and what to do, or None."""
    from datasette.views.base import DatasetteError  # noqa: PLC0415  (see browse.host)

    if isinstance(exception, NotFound):
        detail = str(exception.args[0]) if exception.args else ""
        return 404, NOWHERE if detail in {"", "404"} else detail, "Start from the search, or from the home page."
    if isinstance(exception, TooSlow | QueryInterrupted):
        return (
            503,
            "The question took longer than the time that is set for one.",
            "Narrow it: add a word, an outlet or a span of dates.",
        )
    if isinstance(exception, DatasetteError):
        return (exception.status, str(exception.message), "") if not exception.message_is_html else None
    if isinstance(exception, Forbidden):
        return 403, "This archive is not open to everybody.", "Sign in at /-/login, where its keepers offer that."
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]) if exception.args else "", ""
    return None
