"""Say what a run is asked to do: one record of options, from the command line down to the spider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.encodings import MAX_BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is asked to do.

    `limit` ends it after so many articles and attachments. `since` and `until` (days, inclusive) leave out what is
    known to be of another day, and reach back that far into e-papers and columns. `recheck` makes due again what was
    fetched longer ago than that; `known_only` looks again at the articles and attachments that are held, and at
    nothing else. `delay` (seconds) replaces the outlets' own, for loopback. `patience` (seconds) is how long a run
    waits for a retry before it ends. `forever` (seconds) makes a run that would end wait so long and look again.

    `contact` is how a webmaster reaches the operator; it stands in the user agent. `resolve` maps a host suffix to an
    IP address. `timeout` (seconds) bounds one fetch, `max_body` (bytes) one body: what is larger is kept up to there.
    """

    limit: int | None = None
    since: date | None = None
    until: date | None = None
    recheck: timedelta | None = None
    known_only: bool = False
    delay: float | None = None
    patience: float = 15.0
    retry_quarantine: bool = False
    forever: float | None = None
    contact: str | None = None
    resolve: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 60.0
    max_body: int = MAX_BODY
