"""Share what every page address does: find the archive, and answer in words what a reader can mend."""

from collections.abc import Awaitable, Callable

from datasette.utils.asgi import Request, Response

from browse.answers import trouble
from browse.archive import Archive, find_archive
from browse.asking import BadSearch
from browse.cursors import BadCursor
from browse.host import Datasette
from browse.permission import ensure_readable

Page = Callable[[Request, Datasette, Archive], Awaitable[Response]]


def view(page: Page) -> Callable[[Request, Datasette], Awaitable[Response]]:
    """Make an address of a function that is given the archive."""

    async def answer(request: Request, datasette: Datasette) -> Response:
        archive = find_archive(datasette)
        if archive is None:
            return await trouble(
                datasette, request, status=404, title="No archive", detail="No archive is served here."
            )
        await ensure_readable(datasette, request, archive)
        try:
            return await page(request, datasette, archive)
        except (BadSearch, BadCursor) as error:
            return await trouble(datasette, request, status=400, title="This cannot be answered", detail=str(error))

    answer.__name__, answer.__doc__ = page.__name__, page.__doc__
    return answer
