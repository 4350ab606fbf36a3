"""Prepare our templates: filters, and what each of them knows of the reader and the place."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from datasette.utils.asgi import Request
from jinja2 import Environment

from browse import display, languages
from browse.archive import Archive
from browse.host import Datasette

STATIC = Path(__file__).parent / "static"
NAVIGATION = (
    ("/search", "Search"),
    ("/outlets", "Outlets"),
    ("/regions", "Regions"),
    ("/clusters", "Reprints"),
    ("/changes", "Changes"),
    ("/coverage", "Coverage"),
)
LANGUAGE_TAGS = {"zh-Hant-x-converted": "zh-Hant"}


def install(env: Environment, datasette: Datasette, archive: Archive) -> None:
    """Add our filters to Datasette's environment, and an English wording for its page of bugs."""
    env.globals.update(variables(datasette, archive, None))
    env.filters["calm"] = display.calm
    env.filters["short"] = display.short
    env.filters["visible"] = display.visible
    env.filters["when"] = display.when
    env.filters["moment"] = display.moment
    env.filters["web_link"] = display.web_link
    env.filters["listed"] = display.listed
    env.filters["quote"] = lambda text: quote(str(text), safe="")
    env.filters["translated"] = lambda values, t: [(value, t(str(value))) for value in values]
    env.filters["pairs"] = lambda rows, first, second: [(row[first], row[second]) for row in rows]
    env.filters["language_tag"] = lambda script: LANGUAGE_TAGS.get(str(script), str(script or "zh-Hans"))


def environment(datasette: Datasette) -> Environment:
    """Return Datasette's Jinja environment; the stable line and the coming 1.0 name it differently."""
    found: Environment = getattr(datasette, "jinja_env", None) or datasette.get_jinja_environment()
    return found


def variables(datasette: Datasette, archive: Archive, request: Request | None) -> dict[str, Any]:
    """Return what every template is given."""
    language = languages.choose(request)
    path = request.scope.get("route_path", request.path) if request else "/"
    return {
        "t": languages.translator(language),
        "language": language,
        "language_link": lambda wanted: language_link(request, wanted),
        "archive_name": archive.name,
        "navigation": NAVIGATION,
        "here": path,
        "asset": lambda name: asset(datasette, name),
    }


def language_link(request: Request | None, wanted: str) -> str:
    """Return the present address with `?lang=` for another language."""
    query = request.query_string if request else ""
    pairs = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if key != "lang"]
    return "?" + urlencode([*pairs, ("lang", wanted)])


def asset(datasette: Datasette, name: str) -> str:
    """Return the address of one of our static files, with a digest so that a browser may keep it."""
    return str(datasette.urls.path(f"/-/fangzhi/{name}?{_digest(name)}"))


@lru_cache(maxsize=32)
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]


def address(path: str, params: Mapping[str, Any]) -> str:
    """Return a path with those parameters that have a value.

    >>> address("/search", {"q": "疫情", "outlet": None, "flag": ["a", "b"]})
    '/search?q=%E7%96%AB%E6%83%85&flag=a&flag=b'
    """
    pairs = [
        (key, str(one))
        for key, value in params.items()
        for one in (value if isinstance(value, list | tuple) else [value])
        if one not in {None, ""}
    ]
    return f"{path}?{urlencode(pairs)}" if pairs else path
