"""Send an answer piece by piece, so that it may be longer than memory."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class ByteStream:
    """An answer of Datasette's kind made of pieces as they come.

    A failure on the way ends the connection before its end, so that nobody takes a part for the whole.
    """

    def __init__(self, pieces: AsyncGenerator[bytes, None], *, media: str, name: str) -> None:
        self._pieces = pieces
        self._headers = {
            "Content-Type": media,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
        }

    async def asgi_send(self, send: Send) -> None:
        """Send the head, every piece and the end."""
        headers = [[name.encode(), value.encode()] for name, value in self._headers.items()]
        async with aclosing(self._pieces) as pieces:
            first = await anext(pieces, b"")  # what fails before the first piece is still answered in words
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
