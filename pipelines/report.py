"""Count what a build did."""

from collections import Counter
from dataclasses import dataclass, field

from pipelines.outcome import Kind, Outcome
from pipelines.records import Reason


@dataclass(slots=True)
class BuildReport:
    """What a build did: this run's captures by what became of them, new articles, what could not be read.

    `reasons` counts the skips. `unreadable` names every damaged stretch of a WARC file, `torn` the files that merely
    end inside their last record, as after a crash; both with place and reason. `wrong_outlets` says what is wrong with
    outlet files. `fresh` says whether everything was read anew, and `why`; `renewed` what else is made
    again, since other code or other settings had made it. `learnt` are the outlets whose pages were learnt, so that
    further ones are read faster.
    """

    captures: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)  # URL, error in one line
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    torn: list[tuple[str, str]] = field(default_factory=list)
    wrong_outlets: list[str] = field(default_factory=list)
    fresh: bool = False
    why: str = ""
    renewed: str = ""
    learnt: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def lost(self) -> bool:
        """Say whether anything that was captured is not in the archive, or not as its outlet's file would have it."""
        return bool(self.failures or self.unreadable or self.wrong_outlets or self.reasons[Reason.UNREADABLE])

    def count(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.captures += 1
        self.kinds[outcome.kind] += 1
        if outcome.refusal:
            self.reasons[outcome.refusal.reason.value] += 1
        if outcome.failure:
            self.failures.append((outcome.capture.url, outcome.failure.error))
