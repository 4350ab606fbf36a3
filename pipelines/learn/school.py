"""Make templates of what pages of an outlet teach, where enough of them have been read whole."""

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.capture import Capture
from crawler.outlet import Outlet
from crawler.reader import WarcError, read_capture
from crawler.template import Template
from pipelines.learn.book import Learnt, read_learnt, write_learnt
from pipelines.outcome import Block, Lesson, Outcome
from pipelines.store import Store
from pipelines.versions import VERSIONS, Reach

ENOUGH = 60  # articles read whole before lessons are taken from an outlet
PATIENCE = 3  # times that this is doubled after lessons that led nowhere
PAGES = 12  # lessons taken at a time
AGREED = 3  # of them that must show the same way
SHOWN = 2  # pages on which a block stood and had no part in what was read; there is none on which it had
AT_ONCE = 40  # outlets that are learnt at a time
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(seconds=1)  # the archive knows times to the second

Teacher = Callable[[Iterable[Capture], Mapping[str, Outlet]], Generator[Outcome, None, None]]


def take_lessons(
    store: Store, captures: Path, outlets: Mapping[str, Outlet], teacher: Teacher, *, anew: bool = False
) -> list[str]:
    """Learn the pages of the outlets of which enough were read whole; return the slugs of those that were learnt.

    What is learnt holds for pages fetched after all that the archive has: what is in it stays as it was read, and a
    rebuild reads each page as it was read before. `anew` says that all of it is about to be read by another version:
    then it holds for every page.
    """
    newest = store.newest()
    if newest is None:
        return []
    known = dict.fromkeys(outlets, Learnt()) | ({} if anew else read_learnt(captures))
    examples = {
        slug: store.examples(slug, since=known[slug].taken, least=_enough(known[slug]), whole=not anew)[:PAGES]
        for slug in sorted(outlets)
    }
    due = [slug for slug, pages in examples.items() if pages][:AT_ONCE]
    pages = _captures(captures, [page for slug in due for page in examples[slug]])
    lessons: defaultdict[str | None, list[Lesson]] = defaultdict(list)
    for outcome in teacher(pages, {slug: outlets[slug].taught(()) for slug in due}) if due else ():
        lessons[outcome.outlet] += [outcome.lesson] if outcome.lesson else []
    learnt = []
    for slug in due:
        made = templates_of(lessons[slug], ALWAYS if anew else newest + TICK)
        times = 0 if made else known[slug].times + 1
        write_learnt(captures, slug, Learnt(templates=(*made, *known[slug].templates), taken=newest, times=times))
        learnt += [slug] if made else []
    return learnt


def templates_of(lessons: Sequence[Lesson], since: datetime) -> tuple[Template, ...]:
    """Return a template for each way that enough lessons show, the one that most show first.

    Of two ways of which one is the beginning of the other only that is taken which more lessons show.
    """
    ways: defaultdict[tuple[str, ...], list[Lesson]] = defaultdict(list)
    for one in lessons:
        ways[one.way].append(one)
    made: list[Template] = []
    for way, some in sorted(ways.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        furniture = _furniture(some)
        if len(some) >= AGREED and furniture and not any(_is_along(one.way, way) for one in made):
            made.append(
                Template(way=way, furniture=furniture, pages=len(some), extractor=VERSIONS[Reach.PAGE], since=since)
            )
    return tuple(made)


def _is_along(one: Sequence[str], other: Sequence[str]) -> bool:
    return all(a == b for a, b in zip(one, other, strict=False))


def retire(captures: Path, strayed: Iterable[tuple[str, str]], until: datetime) -> None:
    """Put templates (slug, id) out of use for pages fetched after a moment (UTC): one of their pages read otherwise."""
    known = read_learnt(captures)
    for slug, template in strayed:
        if slug in known:
            known[slug] = known[slug].retired(template, until)
            write_learnt(captures, slug, known[slug])


def _enough(learnt: Learnt) -> int:
    """Return how many articles must have been read whole since the last lessons; more where these led nowhere."""
    return ENOUGH << min(learnt.times, PATIENCE)


def _furniture(lessons: Sequence[Lesson]) -> tuple[Block, ...]:
    idle = Counter(block for one in lessons for block in one.idle)
    vital = {block for one in lessons for block in one.vital}
    return tuple(sorted(block for block, count in idle.items() if count >= SHOWN and block not in vital))


def _captures(folder: Path, places: Iterable[tuple[str, int]]) -> Iterator[Capture]:
    """Yield captures by file and offset (bytes), but those that cannot be read or are destroyed."""
    for name, offset in places:
        try:
            capture = read_capture(folder / name, offset)
        except (OSError, WarcError):
            continue
        if capture.body and not capture.purged:
            yield capture
