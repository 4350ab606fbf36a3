"""Name what flows through the pipelines: frozen records, and the one exception that is a verdict.

capture → decode → Page → extract → Draft → trim → Draft → describe → Article → store
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.capture import Capture
from crawler.outlet import Outlet


class Reason(StrEnum):
    """Say in one word why a capture did not become an article; stored, counted, shown."""

    BLOCKED = "blocked"
    BROKEN = "broken"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    LISTING = "listing"
    NOT_ARTICLE = "not-article"
    NOT_MODIFIED = "not-modified"
    NOT_TEXT = "not-text"
    NO_TEXT = "no-text"
    REDIRECT = "redirect"
    ROBOTS = "robots"
    SOFT_404 = "soft-404"
    STATUS = "status"
    TOO_DEEP = "too-deep"
    TOO_LARGE = "too-large"
    UNDECODABLE = "undecodable"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    WITHDRAWN = "withdrawn"


class Skip(Exception):  # noqa: N818  (a verdict, not an error)
    """Refuse a capture with a reason that a person can read; it becomes a row of `skips`."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Tell where a value came from: the rule that gave it, the value, and whether it won."""

    field: str
    rule: str
    value: str
    won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    r"""Record one repair so that it can be read and reversed.

    `part` names the field that was repaired ("text", "title", …). `start` and `end` are offsets (characters) into
    the repaired field; putting `before` in place of `after` there gives the damaged text back. The text of an
    article is its paragraphs joined by "\n". `certain` is False where the repair had to guess.
    """

    rule: str
    before: str
    after: str
    start: int
    end: int
    certain: bool = True
    part: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """Record one line that stood in the extracted text and is not part of the article."""

    rule: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A capture as text: decoded, not yet read.

    `media` is "text/html" or "text/plain". `text` is the whole decoded source. `tree` is its parse, made once by
    `pipelines.parse`, owned by this page alone (the stages that follow may prune it); None for plain text. `scripts`
    are the script and style elements of that tree, in order, `heads` its title, meta and link elements: several stages
    want them, and looking costs a walk.
    `charset` is a Python codec name; `charset_evidence` says why, strongest first. `bad_bytes` counts the bytes that
    were no character. `outlet` is the outlet the page belongs to, where it is known.
    """

    capture: Capture
    outlet: Outlet | None
    media: str
    text: str
    charset: str
    charset_evidence: tuple[Evidence, ...] = ()
    bad_bytes: int = 0
    tree: HtmlElement | None = None
    scripts: tuple[HtmlElement, ...] = ()
    heads: tuple[HtmlElement, ...] = ()
    repairs: tuple[Repair, ...] = ()


class Anchor(NamedTuple):
    """A link: its element, where it leads as it stands there, and what stands before it in its line."""

    element: HtmlElement
    href: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stands on the page as its article, line by line, with what surrounds it.

    `lines` are the paragraphs of the body, in order, without empty ones. `head` and `tail` are the lines that stand
    just before and after the body, nearest first in neither: page order (describe reads 来源 and 责任编辑 there).
    `pruned` names the blocks that were left out whole, wherever on the page: rule, element, its first words.
    `named` are the elements of the page whose class or id names a field, `anchors` its links.
    `title` is the best headline candidate; `evidence` tells what else there was.
    """

    page: Page
    title: str | None
    lines: tuple[str, ...]
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    trimmed: tuple[Trimmed, ...] = ()
    repairs: tuple[Repair, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pruned: tuple[Trimmed, ...] = ()
    named: tuple[HtmlElement, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    captions: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()  # (name, absolute URL) of the documents linked from the body


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Tell where a page says that its text was taken from: the rule that found it, the address and its id.

    `url` is absolute; None where what stood there is withdrawn.
    """

    rule: str
    url: str | None
    address: str


class Precision(StrEnum):
    """Say how exactly a date was printed."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The box that government pages print above a notice; None where a line is absent."""

    number: str | None = None  # 发文字号
    index: str | None = None  # 索引号
    issuer: str | None = None  # 发布机构
    dated: str | None = None  # 成文日期, ISO day
    released: str | None = None  # 发布日期, ISO day
    topic: str | None = None  # 主题分类
    validity: str | None = None  # 有效性
    attachments: tuple[tuple[str, str], ...] = ()  # (name, absolute URL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A cleaned article with its fields and the log of what was done to it.

    `published_at` is aware, in the offset that the page means (Asia/Shanghai unless its outlet says otherwise).
    `source` is the outlet the page names as its 来源, without label. `script` is "zh-Hans", "zh-Hant", a
    language tag, or "zh-Hant-x-converted" for simplified text that a machine turned traditional.
    `part` tells which page of a longer article this one is, `parts` (number, address) where the later ones are.
    `origins` is where the page says that its text was taken from. `lead` is the summary that the page prints (摘要),
    `flags` are words such as "hijacked" and "future-date".
    """

    url: str
    capture: Capture
    outlet: str | None
    title: str | None
    paragraphs: tuple[str, ...]
    published_at: datetime | None = None
    precision: Precision | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    section: str | None = None
    keywords: tuple[str, ...] = ()
    lead: str | None = None
    script: str = "zh-Hans"
    flags: tuple[str, ...] = ()
    document: Document | None = None
    charset: str = "utf-8"
    charset_evidence: tuple[Evidence, ...] = ()
    repairs: tuple[Repair, ...] = ()
    trimmed: tuple[Trimmed, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=())
    pruned: tuple[Trimmed, ...] = ()
    captions: tuple[str, ...] = ()
    part: int = 1
    parts: tuple[tuple[int, str], ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def text(self) -> str:
        """Return the paragraphs joined by line feeds: the form that is stored, searched and compared."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The text of a file that a notice carries, one paragraph or row of a table a line.

    `format` is its kind by its bytes ("pdf", "docx", "xlsx", "xls").
    `pages` counts pages or sheets, where it has any. `cut` says where reading stopped before the end of the file.
    Offsets of `repairs` count in `text`.
    """

    format: str
    text: str
    pages: int | None = None
    cut: str | None = None
    repairs: tuple[Repair, ...] = ()
