"""Write the Atom feed of a search, so that a newsroom can follow it."""

import re
from functools import partial
from xml.etree import ElementTree as ET

from datasette.utils.asgi import Request, Response

from browse.answers import conditional, link
from browse.archive import Archive
from browse.asking import Search, read
from browse.display import calm
from browse.entries import Entry, by_ids
from browse.finding import latest
from browse.host import Datasette
from browse.views import view

SIZE = 50
ATOM = "http://www.w3.org/2005/Atom"
NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


@view
async def atom(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/search.atom?q=…`: the articles that came into the archive last, with their printed time."""
    search = read(request.args)
    ids = await latest(archive, search, SIZE)
    known = await by_ids(archive, ids)

    whole = partial(link, datasette, request)
    feed = _feed(search, whole(search.link()), whole(search.link("/search.atom")))
    entries = [known[name] for name in ids if name in known]
    _add(feed, "updated", max((entry.first_seen for entry in entries), default="1970-01-01T00:00:00Z"))
    for entry in entries:
        _entry(feed, entry, whole(f"/article/{entry.id}"))
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return conditional(request, Response(body, headers=headers, content_type="application/atom+xml; charset=utf-8"))


def _feed(search: Search, page: str, own: str) -> ET.Element:
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", own)
    _add(feed, "title", " ".join(value for _, value in search.items()) or "Fangzhi 方志")
    _add(feed, "link", rel="self", href=own, type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=page, type="text/html")
    return feed


def _entry(feed: ET.Element, entry: Entry, address: str) -> None:
    element = ET.SubElement(feed, f"{{{ATOM}}}entry")
    _add(element, "id", address)
    _add(element, "title", entry.title or "–")
    _add(element, "link", rel="alternate", href=address, type="text/html")
    _add(element, "updated", entry.first_seen)
    if entry.published_at:
        _add(element, "published", entry.published_at)
    author = ET.SubElement(element, f"{{{ATOM}}}author")
    _add(author, "name", entry.outlet_name or entry.source or "–")
    _add(element, "summary", str(entry.snippet))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text is not None:
        element.text = NO_XML.sub("", calm(text))
