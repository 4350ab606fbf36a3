"""Hold one site of the demonstration web: what each of its addresses answers, and what is true of it."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fangzhi.demo.record import Kind, Resource, Truth
from fangzhi.demo.story import Story

CHINA = timezone(timedelta(hours=8))
# the day that the sites print, for each day of the demonstration
TODAY = {1: "2026-03-11", 2: "2026-03-12", 3: "2026-03-13", 4: "2026-03-14", 5: "2026-03-15"}


class Site:
    """Collect the answers of one host for one day of the demonstration.

    `charset` is what pages are encoded in; `content_type` is the header that goes with them, which may say less or
    lie. `validators` makes the server send ETag and Last-Modified and answer 304; `compressed` makes it answer in
    gzip to whoever accepts that.
    """

    def __init__(  # noqa: PLR0913  (a site is its settings)
        self,
        slug: str,
        host: str,
        *,
        day: int,
        port: int,
        charset: str = "utf-8",
        content_type: str = "text/html; charset=utf-8",
        software: str = "nginx",
        validators: bool = False,
        compressed: bool = False,
    ) -> None:
        self.slug = slug
        self.host = host
        self.day = day
        self.port = port
        self.charset = charset
        self.content_type = content_type
        self.software = software
        self.validators = validators
        self.compressed = compressed
        self.resources: dict[str, Resource] = {}
        self.truths: list[Truth] = []

    @property
    def today(self) -> str:
        """Return the day that the pages print as theirs."""
        return TODAY[self.day]

    def url(self, path: str) -> str:
        """Return the absolute address of a path of this site."""
        return f"http://{self.host}:{self.port}{path}"

    def put(self, path: str, body: bytes, kind: Kind, *, content_type: str, status: int = 200) -> None:
        """Answer a path with bytes and record what it is."""
        headers = (("Content-Type", content_type),)
        self.resources[path] = Resource(body=body, status=status, headers=headers)
        self.truths.append(Truth(url=self.url(path), outlet=self.slug, kind=kind))

    def page(
        self,
        path: str,
        template: str,
        /,
        *,
        status: int = 200,
        modified: str | None = None,
        cookie: str | None = None,
        **values: object,
    ) -> None:
        """Answer a path with a page of this site's own template and charset; say what it is with `truth`.

        `modified` is the day or minute that Last-Modified names, where the site sends one; today's morning if None.
        `cookie` is what the page asks the browser to keep.
        """
        text = render(f"{self.slug}/{template}.html", site=self, path=path, **values)
        body = text.encode(self.charset, "xmlcharrefreplace")
        headers = [("Content-Type", self.content_type)]
        if self.validators and status == 200:
            headers.append(("Last-Modified", http_date(modified or f"{self.today} 06:00")))
        if cookie:
            headers.append(("Set-Cookie", cookie))
        self.resources[path] = Resource(body=body, status=status, headers=tuple(headers))

    def truth(self, path: str, kind: Kind, /, **fields: Any) -> None:
        """Record what is true of a path; `fields` are those of Truth."""
        self.truths.append(Truth(url=self.url(path), outlet=self.slug, kind=kind, **fields))

    def listing(self, path: str, template: str, /, **values: Any) -> None:
        """Answer a path with a page that lists others."""
        self.page(path, template, **values)
        self.truth(path, "list")

    def redirect(self, path: str, target: str, status: int, kind: Kind = "redirect") -> None:
        """Answer a path by naming another address; it is "gone" where that is another page than was asked for."""
        headers = (("Location", target), ("Content-Type", "text/html"))
        self.resources[path] = Resource(body=b"", status=status, headers=headers)
        self.truth(path, kind)

    def robots(self, *lines: str) -> None:
        """Answer /robots.txt."""
        self.put("/robots.txt", "\n".join((*lines, "")).encode(), "robots", content_type="text/plain")

    def count(self, name: str, most: int) -> int:
        """Return a number for a counter: it looks random, stands still for a day and moves on the next."""
        return crc32(f"{self.slug} {name} {self.day}".encode()) % most

    def hot(self, stories: tuple[Story, ...], size: int) -> tuple[Story, ...]:
        """Pick stories for a ranking that changes from day to day."""
        return tuple(sorted(stories, key=lambda story: self.count(story.id, 100_000))[:size])


def http_date(local: str) -> str:
    """Turn local time of publication into the form of HTTP and RSS headers.

    >>> http_date("2026-03-02 08:15")
    'Mon, 02 Mar 2026 00:15:00 GMT'
    """
    moment = datetime.fromisoformat(local).replace(tzinfo=CHINA)
    return format_datetime(moment.astimezone(UTC), usegmt=True)


@cache
def templates() -> Environment:
    """Return the templates of all sites."""
    folder = Path(__file__).parent / "pages"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, /, **values: object) -> str:
    """Fill one template."""
    return templates().get_template(name).render(**values)
