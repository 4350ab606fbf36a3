"""Count what a crawl does, per outlet, for whoever watches it and for the exit code."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Counts:
    """What happened at one outlet in this run. `queued` is how much is due now; the rest only grows."""

    lists: int = 0  # feeds, sitemaps, columns, editions fetched
    new: int = 0  # articles and attachments captured for the first time
    changed: int = 0  # captured again with other bytes
    unchanged: int = 0  # looked at again, same bytes or "not modified"
    failed: int = 0
    blocked: int = 0
    refused: int = 0  # by robots.txt
    bytes: int = 0  # of payload, over the wire
    queued: int = 0
    delay: float = 0.0  # seconds between two requests, at present
    troubles: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Return how many addresses were fetched with success."""
        return self.lists + self.new + self.changed + self.unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A moment of a crawl: counts by outlet (slug), seconds since it began, what a person should know by now."""

    outlets: Mapping[str, Counts]
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """Return addresses fetched per second, over the whole run."""
        return sum(counts.done for counts in self.outlets.values()) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What a crawl did. `outcome` is finished, limit, interrupted or failed; `bugs` are faults of this program.

    `failures` counts addresses whose fetch failed: they are rows with a reason and will be tried again, so they are
    no loss. `cut` is the number of bytes of torn records that were cut off WARC files before the crawl.
    """

    outcome: str
    outlets: Mapping[str, Counts]
    seconds: float
    bugs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()  # outlet files that were edited while it ran and are wrong now
    cut: int = 0
    files: tuple[str, ...] = ()  # WARC files written by this run

    @property
    def failures(self) -> int:
        """Return how many fetches failed."""
        return sum(counts.failed for counts in self.outlets.values())

    @property
    def captured(self) -> int:
        """Return how many articles and attachments were captured with new bytes."""
        return sum(counts.new + counts.changed for counts in self.outlets.values())

    @property
    def exit_code(self) -> int:
        """Return 0 where all went well, 1 where this program failed, 130 where it was interrupted."""
        if self.bugs or self.outcome == "failed":
            return 1
        return 130 if self.outcome == "interrupted" else 0
