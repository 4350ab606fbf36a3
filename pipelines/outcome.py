"""Say what became of one capture: an article, a skip or a failure, ready to be stored."""

from dataclasses import dataclass
from enum import StrEnum

from crawler.capture import Capture
from pipelines.places import Place
from pipelines.records import Article, Attachment, Evidence, Reason
from pipelines.versions import Reach

Block = tuple[int, str]  # at which step of the way to an article, and the block's name


class Kind(StrEnum):
    """Say what a capture tells about the article at its address."""

    ARTICLE = "article"
    ATTACHMENT = "attachment"  # a file whose text was read
    SEEN = "seen"  # unchanged, says the server
    GONE = "gone"  # 404, 410, or a page that says so with status 200
    SKIP = "skip"
    WITHDRAWN = "withdrawn"  # by a decision of the archive's keepers
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A verdict on a capture: the stage that gave it, the reason, particulars."""

    stage: str
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A bug, or a worker that died: stage, error in one line, traceback where there is one."""

    stage: str
    error: str
    traceback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charset:
    """The charset that a capture was decoded with, why, and how many bytes were no character in it."""

    name: str
    evidence: tuple[Evidence, ...]
    bad_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as read from one capture, with what is derived from its text.

    `content` is the digest that tells versions apart, `fingerprint` the one that copies share ("" for a short text),
    `terms` title and text cut for the search index, `places` what it is about, the main place first, `sketch` the
    numbers by which copies in part are found (None: still to be made).
    """

    article: Article
    content: str
    fingerprint: str
    terms: tuple[str, str]
    places: tuple[Place, ...] = ()
    sketch: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What one page teaches: the way to its article, the blocks beside it that matter, and those that do not."""

    way: tuple[str, ...]
    idle: frozenset[Block]
    vital: frozenset[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one capture. `capture` comes without its body, whose size is `size` (bytes).

    `page` is the id of the article at the capture's address, `own` that of the address itself, where that is a page of
    an article with several and has another one; `leads_to` the id at the address that a redirect names,
    `asked_by` that of the page whose scripts asked for it,
    `outlet` the slug of the outlet that the capture belongs to. One of `reading`, `attachment`, `refusal`
    and `failure` is set. `masks` is how many numbers of private persons were masked in it, by rule. `reach` says which
    code took part. `template` is the id of the learnt template by which the page was read, `strayed` of one by which it
    would have been read otherwise, `lesson` is what it teaches, where that was asked.
    """

    capture: Capture
    size: int
    page: str
    outlet: str | None
    kind: Kind
    reach: Reach = Reach.PAGE
    own: str | None = None
    leads_to: str | None = None
    asked_by: str | None = None
    charset: Charset | None = None
    reading: Reading | None = None
    attachment: Attachment | None = None
    refusal: Refusal | None = None
    failure: Failure | None = None
    masks: tuple[tuple[str, int], ...] = ()
    template: str | None = None
    strayed: str | None = None
    lesson: Lesson | None = None
