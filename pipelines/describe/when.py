"""Choose when an article was published among all the dates of its page."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.describe.moments import Moment, moments
from pipelines.describe.scene import Scene
from pipelines.describe.scripts import time_in_scripts
from pipelines.extract.fold import simplify
from pipelines.records import Evidence, Precision

LABEL = re.compile(
    r"(?:(?:发布|发表|发稿|刊发|刊登|上传|录入|添加|公布|公开|提交|创建|更新|张贴|发文|实际入稿|入稿|报道)?(?:时间|日期|日)"
    r"\s*[:|丨]?\s*[\[(]?|(?:发布|发表|更新)[于在]?\s*:?|(?:编辑|创建)[于在]\s*:?)\s*$"
)
OTHER_LABEL = re.compile(  # of when something else happened
    r"(?:更新|修改|最后|成文|生成|施行|实施|失效|打印|截止|活动|会议|开标|报名|现在|当前|今天是|印发)\S{0,4}\s*:?\s*\S{0,2}$"
)
CLOCK_LABEL = re.compile(r"(?:今天是?|现在(?:时间|是)?|当前(?:时间|日期)?|今日)\s*:?\s*$")  # the page's own clock
META = (
    *("pubdate", "publishdate", "article:published_time", "publish_time", "publishtime", "og:release_date", "pubtime"),
    *(
        "weibo:article:create_at",
        "article:create_at",
        "datepublished",
        "apub:time",
        "bytedance:published_time",
        "_pubtime",
    ),
    *("firstpublishedtime", "dc.date", "date"),
)
# where a date is found, and by what; the evidence says more behind the zones' names and "meta"
RULES = (
    *("near-label", "near-headline", "near-other-label", "meta", "after", "script", "url"),
    *("closing", "opening", "above"),
)
IN_URL = re.compile(r"(?<!\d)(20\d\d|19\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")
OLDEST = 1990  # no Chinese page is older
TRUSTED = 60  # from this score on, a time of day is the article's own


class Candidate(NamedTuple):
    """A date with the rule that found it; the greatest score wins, the one found first among equals."""

    score: float
    rule: str
    moment: Moment
    text: str


class _Clock(NamedTuple):
    """When the page was fetched, and the zone its outlet prints times in."""

    now: datetime
    zone: ZoneInfo

    def read(self, text: str) -> Iterator[Moment]:
        limit = self.now + timedelta(days=366)
        return (
            moment
            for moment in moments(text, self.now, self.zone)
            if moment.when.year >= OLDEST and moment.when <= limit
        )


class Published(NamedTuple):
    """When an article was published; None where the page prints no plausible date. `flags` say what was refused."""

    when: datetime | None
    precision: Precision | None
    flags: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def published(scene: Scene) -> Published:
    """Return when the article was published, how exactly that is printed, and what else the page offered.

    The printed time beside the headline wins over the page's <meta>, that over what follows the text, that over what
    scripts, the address and the text itself say. A date after the fetch, or before the outlet existed, is flagged and
    never taken for the truth: the next plausible one is.
    """
    capture = scene.draft.page.capture
    outlet = scene.draft.page.outlet
    fetched = capture.fetched_at if capture.fetched_at.tzinfo else capture.fetched_at.replace(tzinfo=UTC)
    clock = _Clock(fetched, ZoneInfo(outlet.timezone if outlet else "Asia/Shanghai"))
    found = [*_near(scene, clock), *_meta(scene, clock), *_elsewhere(scene, clock), *_url(capture.url, clock)]
    if not any(row.score >= TRUSTED for row in found):
        found.extend(_script(scene, clock))
    since = outlet.since if outlet else None
    return _elect(found, fetched + timedelta(days=1), since)


def _near(scene: Scene, clock: _Clock) -> Iterator[Candidate]:
    text = "\n".join(scene.near.folded)
    for moment in clock.read(text):
        before, words = _before(text, moment.start), text[moment.start : moment.end]
        if CLOCK_LABEL.search(before):
            continue
        exact = 0.0 if moment.precision is Precision.DAY else 8.0
        if OTHER_LABEL.search(before):
            yield Candidate(52 + exact, "near-other-label", moment, words)
        elif LABEL.search(before):
            yield Candidate(100 + exact, "near-label", moment, words)
        else:
            yield Candidate(80 + exact - 5 * moment.start / len(text), "near-headline", moment, words)


def _before(text: str, start: int) -> str:
    """Return what stands before a date on its line; a label that ends the line above counts."""
    above, _, here = text[max(0, start - 14) : start].rpartition("\n")
    return above if not here.strip() and above.rstrip().endswith(":") else here


def _meta(scene: Scene, clock: _Clock) -> Iterator[Candidate]:
    for name in META:
        for moment in clock.read(simplify(scene.meta.get(name, ""))):
            yield Candidate(70, f"meta-{name}", moment, scene.meta[name])
            break


def _elsewhere(scene: Scene, clock: _Clock) -> Iterator[Candidate]:
    for zone, score in ((scene.after, 50), (scene.closing, 20), (scene.opening, 15), (scene.above, 12)):
        for line in zone.folded:
            for moment in clock.read(line):
                before = line[max(0, moment.start - 14) : moment.start]
                labelled = bool(LABEL.search(before)) and not OTHER_LABEL.search(before)
                alone = moment.end - moment.start > 0.8 * len(line)
                if labelled or alone or zone is scene.above:
                    rule = f"{zone.name}-{'label' if labelled else 'line'}"
                    yield Candidate(score + 10 * labelled, rule, moment, line[moment.start : moment.end])


def _script(scene: Scene, clock: _Clock) -> Iterator[Candidate]:
    told = time_in_scripts(scene, clock.zone)
    if told:
        yield from (Candidate(60, "script", moment, told) for moment in clock.read(told))


def _url(url: str, clock: _Clock) -> Iterator[Candidate]:
    match = IN_URL.search(url)
    if match:
        yield from (Candidate(30, "url", moment, match.group()) for moment in clock.read("-".join(match.groups())))


def _elect(found: list[Candidate], latest: datetime, since: date | None) -> Published:
    plausible, flags = [], []
    ranked = sorted(found, key=lambda row: -row.score)
    for row in ranked:
        if row.moment.when > latest:
            flag = "future-date"
        elif since is not None and row.moment.when.date() < since:
            flag = "before-outlet"
        else:
            plausible.append(row)
            continue
        if row is ranked[0]:
            flags.append(flag)
    if not plausible:
        return Published(None, None, tuple(flags), _evidence(ranked, None))
    best = plausible[0]
    if best.moment.precision is Precision.DAY:  # the same day, to the minute, elsewhere in the page's own words
        day = best.moment.when.date()
        finer = [
            row for row in plausible if row.moment.when.date() == day and row.moment.precision is not Precision.DAY
        ]
        best = next((row for row in finer if row.score >= TRUSTED), best)
    return Published(best.moment.when, best.moment.precision, tuple(flags), _evidence(ranked, best))


def _evidence(ranked: list[Candidate], best: Candidate | None) -> tuple[Evidence, ...]:
    rows = sorted(ranked, key=lambda row: row is not best)[:8]
    return tuple(Evidence(field="date", rule=row.rule, value=row.text.strip(), won=row is best) for row in rows)
