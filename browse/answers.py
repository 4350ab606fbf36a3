"""Make answers: an HTML page, a JSON document, a feed, each with its ETag and its policy."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from datasette.utils.asgi import Request, Response

from browse import languages
from browse.host import Datasette
from browse.policy import OURS

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
}


async def page(
    datasette: Datasette, request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> Response:
    """Return a page made of a template of ours, in the reader's language."""
    body = await datasette.render_template(template, dict(context), request=request, view_name="fangzhi")
    headers = {"Content-Security-Policy": OURS, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
    response = Response.html(body, status=status, headers=headers)
    wish = request.args.get("lang")
    if wish in languages.LANGUAGES:
        response.set_cookie(languages.COOKIE, wish, max_age=365 * 86400)
    return conditional(request, response)


async def trouble(  # noqa: PLR0913  (status and wording, each by name)
    datasette: Datasette, request: Request, *, status: int, title: str, detail: str, advice: str = ""
) -> Response:
    """Return a page that says in plain words what is wrong and what to do."""
    context = {"title": title, "detail": detail, "advice": advice, "status": status}
    return await page(datasette, request, "trouble.html", context, status=status)


def link(datasette: Datasette, request: Request, path: str) -> str:
    """Return the whole address of a path of ours."""
    return str(datasette.absolute_url(request, datasette.urls.path(path)))


def document(
    request: Request, data: Mapping[str, Any], *, status: int = 200, links: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON document for tools of any origin; `links` become a Link header, by relation."""
    headers = {**CORS, "Cache-Control": "no-cache"}
    if links:
        headers["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())
    body = json.dumps(data, ensure_ascii=False, default=str)
    return conditional(
        request, Response(body, status=status, headers=headers, content_type="application/json; charset=utf-8")
    )


def refusal(request: Request, *, status: int, error: str, advice: str) -> Response:
    """Return a JSON error: what is wrong, what to do."""
    return document(request, {"ok": False, "status": status, "error": error, "advice": advice}, status=status)


def conditional(request: Request, response: Response) -> Response:
    """Add the body's digest as ETag; answer 304 without a body where the asker has it already."""
    body = response.body if isinstance(response.body, bytes) else str(response.body).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    known = {name.strip().removeprefix("W/") for name in request.headers.get("if-none-match", "").split(",")}
    if response.status == 200 and (tag in known or "*" in known):
        response.status = 304
        response.body = b""
    return response
