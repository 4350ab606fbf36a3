"""Stand around Datasette: remember the search of a request, close the ways past our search, set the headers."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl, urlencode

from browse.policy import EVERYWHERE
from browse.question import take_apart

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# The query of the request at hand: Datasette's render_cell hook is given no request.
current_search: ContextVar[str | None] = ContextVar("current_search", default=None)

ASKED = "_asked"
CLOSED = frozenset({"_searchmode", "_fts_table", "_fts_pk", ASKED})  # each would lead around the query cutter
FIELDS = {"title": "headline", "text": "text", "source": "source", "authors": "author", "outlet": "outlet"}


def rewrite(query_string: str) -> tuple[str, str | None]:
    """Return the query string with the closed arguments dropped and column searches turned into ours, and the search.

    A search of conditions alone (`outlet:zmd`) has nothing for the index; it travels on as `_asked`, which Datasette
    keeps in the addresses of further pages and our hook answers.

    >>> rewrite("_search=%E7%96%AB&_searchmode=raw&_size=5")
    ('_search=%E7%96%AB&_size=5', '疫')
    >>> rewrite("_search_title=a"), rewrite("_search=outlet:zmd&_size=5")
    (('_search=headline%3Aa', 'headline:a'), ('_asked=outlet%3Azmd&_size=5', 'outlet:zmd'))
    """
    pairs = parse_qsl(query_string, keep_blank_values=True)
    boxes = [value for key, value in pairs if key == "_search"] or [value for key, value in pairs if key == ASKED]
    columns = [
        f"{FIELDS.get(key.removeprefix('_search_'), key.removeprefix('_search_'))}:{value}"
        for key, value in pairs
        if key.startswith("_search_")
    ]
    search = " ".join(part for part in (*boxes[:1], *columns) if part) or None
    question = take_apart(search or "")
    conditions_only = bool(question.conditions) and not question.words
    if not columns and not conditions_only and not any(key in CLOSED for key, _ in pairs):
        return query_string, search
    kept = [(key, value) for key, value in pairs if not key.startswith("_search") and key not in CLOSED]
    if search is not None:
        kept.insert(0, (ASKED if conditions_only else "_search", search))
    return urlencode(kept), search


class Around:
    """An ASGI application that wraps Datasette's."""

    def __init__(self, app: App, policy: str) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        rewritten, search = rewrite((scope.get("query_string") or b"").decode("latin-1"))
        scope = {**scope, "query_string": rewritten.encode("latin-1", "replace")}
        token = current_search.set(search)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self.guard(list(message.get("headers") or []))}
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        finally:
            current_search.reset(token)

    def guard(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Return the headers of an answer with the protective ones added where it has none of its own."""
        present = {bytes(name).lower() for name, _ in headers}
        wanted = [*EVERYWHERE, ("content-security-policy", self.policy)]
        added = [(name.encode(), value.encode()) for name, value in wanted if name.encode() not in present]
        return [*headers, *added]
