"""Hold what is known of the crawl and of each outlet, under the names that `fangzhi status --json` prints."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.usual import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class GapDay:
    """A day on which less is here than should be, and why; see `pipelines.usual`."""

    day: str
    expected: int
    obtained: int
    usual: int | None
    gap: Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Imports:
    """How many files were brought in from outside; of the last: when (UTC), its path, what made it."""

    files: int
    last_at: str
    last_file: str
    last_software: str


@dataclass(slots=True, kw_only=True)
class OutletStatus:
    """What is known of one outlet; `outlet` is None for what was added without one.

    Times are UTC, to the second; None where it never happened.
    """

    outlet: str | None
    last_success: str | None = None
    last_new: str | None = None
    captured: int = 0
    articles: int = 0
    changed: int = 0
    gone: int = 0
    queued: int = 0
    sources: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, str]] = field(default_factory=list)
    troubles: dict[str, int] = field(default_factory=dict)
    missing_editions: list[str] = field(default_factory=list)
    gaps: list[GapDay] = field(default_factory=list)  # newest first
    skips: dict[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return what people see as its name."""
        return self.outlet or "(no outlet)"


@dataclass(slots=True, kw_only=True)
class Overview:
    """The last crawls, newest first, whether one runs now, what was brought in, and every outlet in order of name."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    running: bool = False
    imports: Imports | None = None
    outlets: list[OutletStatus] = field(default_factory=list)

    def as_json(self) -> str:
        """Return all of it as JSON, the same names as in the code."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)
