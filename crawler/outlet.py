"""Describe an outlet: one small TOML file says who it is and how its articles are found."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from crawler.template import Template

HERE = Path(__file__).parent / "outlets"


class OutletError(ValueError):
    """An outlet file is wrong or unknown; the message names file, key, what was given and what is allowed."""


class Kind(StrEnum):
    """Say what an outlet is; the probable original of a text is sought in this order."""

    GOVERNMENT = "government"
    COMMISSION = "commission"
    PAPER = "paper"
    EPAPER = "epaper"
    PORTAL = "portal"
    FARM = "farm"
    MILL = "mill"
    MIRROR = "mirror"


class UrlClass(StrEnum):
    """Say what a URL of an outlet leads to."""

    ARTICLE = "article"
    LIST = "list"
    ASSET = "asset"
    NEVER = "never"


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Model):
    """One way in which an outlet's articles are discovered.

    `feed`: RSS or Atom at `url`. `sitemap`: a sitemap, news sitemap or index of them at `url`. `column`: a list page at
    `url`, followed over its pages (`next` is a regular expression over link texts or addresses). `epaper`: editions by
    day, `url` holding strftime fields such as `/html/%Y-%m/%d/node_1.htm`, from `since` on.
    """

    type: Literal["feed", "sitemap", "column", "epaper"]
    url: str
    next: Pattern | None = None
    pages: int = Field(default=5, ge=1, le=1000)
    since: date | None = None
    until: date | None = None


# the order in which rules are tried: what must never be fetched first, then what is surest
ORDER = (UrlClass.NEVER, UrlClass.ASSET, UrlClass.ARTICLE, UrlClass.LIST)


class Urls(_Model):
    """Regular expressions, searched in the whole URL, tried in the order never, asset, article, list."""

    article: tuple[Pattern, ...] = ()
    list: tuple[Pattern, ...] = ()
    asset: tuple[Pattern, ...] = (r"\.(?:pdf|docx?|xlsx?)(?:\?|$)",)
    never: tuple[Pattern, ...] = ()


class Same(_Model):
    r"""A rule for addresses that lead to articles known by others, such as those of a mobile site or a new domain.

    `find` is a regular expression over the address without its scheme, `put` what stands in its place, with groups as
    `\1`. What it gives is the address that the article is known by for ever: for a domain that an outlet moved to,
    the old one. `since` and `until` are the days on which the rule holds.
    """

    find: Pattern
    put: str
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Same":
        """Refuse a `put` with groups that `find` does not have."""
        try:
            re.compile(f"{self.find}|").sub(self.put, "")
        except (re.error, IndexError) as error:
            raise ValueError(f"put does not fit find: {error}") from None
        return self


class Override(_Model):
    """What this outlet needs told, between two days: a rule for captures of that time alone."""

    valid_from: date | None = None
    valid_until: date | None = None
    body: str | None = None  # XPath of the article's body
    charset: str | None = None  # a codec name that wins over every declaration
    urls: Urls | None = None  # the URL rules of that time, in place of the file's


class Rule(NamedTuple):
    """The URL rule that decided on an address: its class, its place in the file (from 1), its pattern."""

    kind: UrlClass
    place: str
    pattern: str


class Outlet(_Model):
    """An outlet as its file describes it; `slug` is the file's name without `.toml`.

    `region` is a code of GB/T 2260; `region_name` names it where that standard does not know it. Nothing is asked of
    an outlet that is not `enabled`.
    """

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    home: HttpUrl
    kind: Kind
    region: str | None = Field(default=None, pattern=r"^\d{6}$")
    region_name: str | None = None
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    script: Literal["zh-Hans", "zh-Hant"] = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    since: date | None = None
    delay: float = Field(default=5.0, ge=0, le=600)
    enabled: bool = True
    private: bool = False
    browser: bool = False  # its pages are made by scripts: a browser renders them
    checked: bool = False
    note: str = ""
    sources: tuple[Source, ...] = Field(min_length=1)
    urls: Urls = Urls()
    same: tuple[Same, ...] = ()
    overrides: tuple[Override, ...] = ()
    _learnt: tuple[Template, ...] = PrivateAttr(())  # no setting: what reading has found out about its pages

    @property
    def learnt(self) -> tuple[Template, ...]:
        """Return what reading has learnt of this outlet's pages, the newest first."""
        return self._learnt

    def taught(self, templates: Iterable[Template]) -> Self:
        """Return this outlet with what reading has learnt of its pages."""
        outlet = self.model_copy()
        outlet._learnt = tuple(templates)  # noqa: SLF001  (a copy of one's own kind)
        return outlet

    @cached_property
    def all_hosts(self) -> frozenset[str]:
        """Return every host (name or IP address) that is this outlet's own, lower case, without port and brackets."""
        return frozenset(host.lower().strip("[]") for host in (self.home.host or "", *self.hosts))

    def owns(self, url: str) -> bool:
        """Say whether a URL stands on one of this outlet's hosts."""
        return (urlsplit(url).hostname or "").lower() in self.all_hosts

    def classify(self, url: str, day: date | None = None) -> UrlClass | None:
        """Return what a URL leads to by this outlet's rules, or None where no rule knows it.

        The rules are those of the file; with a day, those that were in force then.
        """
        rule = (self if day is None else self.as_of(day)).rule_for(url)
        return rule.kind if rule else None

    def rule_for(self, url: str) -> Rule | None:
        """Return the rule by which `classify` decides on a URL, or None where no rule knows it."""
        for kind in ORDER:
            for number, pattern in enumerate(getattr(self.urls, kind.value), 1):
                if re.search(pattern, url):
                    return Rule(kind, f"urls.{kind.value}[{number}]", pattern)
        return None

    def day_at(self, moment: float) -> date:
        """Return the day that it is at the outlet at a moment (seconds since 1970)."""
        return datetime.fromtimestamp(moment, ZoneInfo(self.timezone)).date()

    def as_of(self, day: date) -> Self:
        """Return this outlet with the URL rules that are in force on a day."""
        override = self.override(day)
        return self if override is None or override.urls is None else self.model_copy(update={"urls": override.urls})

    def at(self, moment: float) -> Self:
        """Return this outlet with the URL rules that are in force at a moment (seconds since 1970)."""
        return self.as_of(self.day_at(moment))

    def known_as(self, url: str, day: date) -> str:
        """Return the address by which the article at an address is known on a day, each rule of `same` in its turn."""
        scheme, mark, rest = url.partition("://")
        for rule in self.same if mark else ():
            if (rule.since or date.min) <= day <= (rule.until or date.max):
                rest = re.sub(rule.find, rule.put, rest, count=1)
        return f"{scheme}{mark}{rest}"

    def override(self, day: date) -> Override | None:
        """Return the override in force on a day, the last one written winning."""
        for rule in reversed(self.overrides):
            if (rule.valid_from or date.min) <= day <= (rule.valid_until or date.max):
                return rule
        return None


def load_outlet(path: Path) -> Outlet:
    """Read one outlet file; raise OutletError that names file, key, what was given and what is allowed."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise OutletError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OutletError(f"{path}: not valid TOML: {error}") from None
    try:
        return Outlet(slug=path.stem, **data)
    except ValidationError as error:
        lines = [
            f"{path}: {'.'.join(map(str, wrong['loc'])) or 'file'}: {wrong['msg']} (given: {wrong['input']!r})"
            for wrong in error.errors(include_url=False)
        ]
        raise OutletError("\n".join(lines)) from None


class Outlets(NamedTuple):
    """The outlets of a folder by slug, in order of name, and what is wrong with the files that could not be read."""

    known: dict[str, Outlet]
    wrong: dict[str, OutletError]


def read_outlets(folder: Path = HERE) -> Outlets:
    """Read every `*.toml` of a folder; one that is wrong stops no other. Raises OutletError for no folder."""
    if not folder.is_dir():
        raise OutletError(f"{folder}: no such folder of outlet files")
    read = Outlets({}, {})
    for path in sorted(folder.glob("*.toml")):
        try:
            read.known[path.stem] = load_outlet(path)
        except OutletError as error:
            read.wrong[path.stem] = error
    return read


def load_outlets(folder: Path = HERE) -> dict[str, Outlet]:
    """Read every `*.toml` of a folder, by slug, in order of name; raise OutletError at the first that is wrong."""
    known, wrong = read_outlets(folder)
    for error in wrong.values():
        raise error
    return known
