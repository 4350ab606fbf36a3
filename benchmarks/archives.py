"""Make archives of any size out of generated articles, through the real writer.

What a build hands to its store: articles of a hundred outlets over the years, some of them reprinted, mended,
rewritten or gone, with sources, places and pages that are no articles among them. Each batch comes from a seed of its
own, so that an archive can be begun, interrupted and gone on with.

FANGZHI_SHARED=DIR python benchmarks/archives.py /tmp/archive.db --articles 1000000 --share 0.35
"""

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from texts import Writer

from crawler.capture import Capture
from crawler.outlet import Kind as OutletKind
from crawler.outlet import Outlet
from pipelines.connect import connected
from pipelines.fingerprint import content_digest, fingerprint
from pipelines.outcome import Kind, Outcome, Reading, Refusal
from pipelines.places import Match, Place
from pipelines.places.regions import Level, Region, regions
from pipelines.records import Article, Precision, Reason, Repair
from pipelines.segment import cut
from pipelines.similar.sketch import signature
from pipelines.store import Store
from pipelines.url import article_id

START = datetime.fromisoformat("2006-01-01T00:00:00+08:00")
EVERY = timedelta(minutes=10)  # an article: 144 a day
BATCH = 500
OUTLETS = 100
REPRINTED, MENDED, REWRITTEN, GONE, SKIPPED = 0.15, 0.05, 0.02, 0.02, 0.2
UNKNOWN = 2000  # names that stand as source and are no outlet's
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Story:
    """An article as its outlet prints it."""

    url: str
    outlet: Outlet
    at: datetime
    source: str | None
    title: str
    text: str


class Press:
    """Outlets that print without end; the same seed and batch print the same articles."""

    def __init__(self, seed: int = 1, *, share: float = 1.0) -> None:
        """Print texts of so many times (`share`) the length of those that are imitated."""
        self.seed = seed
        self.writer = Writer(seed)
        self.writer.lengths = [max(60, int(length * share)) for length in self.writer.lengths]
        self.luck = random.Random(seed)
        self.counties = [one for one in regions().values() if one.level is Level.COUNTY and one.until is None]
        self.outlets = [self._outlet(number) for number in range(OUTLETS)]

    def _outlet(self, number: int) -> Outlet:
        home = self.counties[number * len(self.counties) // OUTLETS]
        kinds = (OutletKind.PAPER, OutletKind.GOVERNMENT, OutletKind.PORTAL, OutletKind.COMMISSION)
        told = {"slug": f"outlet-{number}", "name": f"{home.name}报", "home": f"http://outlet{number}.example/",
                "kind": kinds[number % 4], "region": home.code,
                "sources": [{"type": "column", "url": f"http://outlet{number}.example/list/"}]}  # fmt: skip
        return Outlet.model_validate(told)

    def batch(self, first: int, count: int) -> list[Outcome]:
        """Return what became of the captures of `count` articles, from the article of number `first` on."""
        self.luck.seed(f"{self.seed} {first}")
        self.writer.luck.seed(f"{self.seed} {first} texts")
        told: list[Outcome] = []
        texts: list[tuple[str, str, Outlet]] = []
        for number in range(first, first + count):
            outlet = self.luck.choices(self.outlets, cum_weights=range(1, OUTLETS + 1))[0]
            if texts and self.luck.random() < REPRINTED:
                title, text, origin = self.luck.choice(texts)
                text, source = f"{text}\n（{outlet.name}编辑整理）", origin.name
            else:
                title, text = self.writer.article()
                source = self._source(outlet)
                texts.append((title, text, outlet))
            at = START + number * EVERY
            url = f"{outlet.home}{at:%Y%m}/{number}.html"
            told += self.looks(Story(url, outlet, at, source, title, text))
        return told

    def _source(self, outlet: Outlet) -> str | None:
        fate = self.luck.random()
        if fate < 0.2:
            return None
        return outlet.name if fate < 0.8 else f"第{int(UNKNOWN * self.luck.random() ** 3)}通讯社"

    def looks(self, story: Story) -> Iterator[Outcome]:
        """Yield every look at the address of an article, and at a list that leads to it."""
        yield self._read(story)
        if self.luck.random() < REWRITTEN:
            text = f"{story.text}\n记者从会上获悉，有关情况另行通报。"
            yield self._read(replace(story, text=text), after=DAY)
        if self.luck.random() < GONE:
            for day in (3, 4, 5):
                yield _refused(story.url, story, Kind.GONE, Reason.SOFT_404, after=day * DAY)
        if self.luck.random() < SKIPPED:
            yield _refused(f"{story.url}/list", story, Kind.SKIP, Reason.LISTING)

    def _read(self, story: Story, after: timedelta = timedelta(hours=1)) -> Outcome:
        url, title, text = story.url, story.title, story.text
        capture = _capture(url, story.at + after)
        repairs = ()
        if self.luck.random() < MENDED:
            repairs = (Repair(rule="undo_pinyin", before="ang", after=text[:1], start=0, end=1),)
        article = Article(
            url=url, capture=capture, outlet=story.outlet.slug, title=title, paragraphs=tuple(text.split("\n")),
            published_at=story.at, precision=Precision.MINUTE, source=story.source, authors=("李明",), repairs=repairs,
        )  # fmt: skip
        return Outcome(
            capture=capture,
            size=len(text) * 3 + 60_000,
            page=article_id(url),
            outlet=story.outlet.slug,
            kind=Kind.ARTICLE,
            reading=Reading(
                article=article,
                content=content_digest(title, text),
                fingerprint=fingerprint(text),
                terms=(cut(title), cut(text)),
                sketch=signature(text),
                places=self._places(title),
            ),
        )

    def _places(self, title: str) -> tuple[Place, ...]:
        if self.luck.random() < 0.4:
            return ()
        county: Region = self.luck.choice(self.counties)
        match = Match(part="title", start=0, words=title[:2], weight=1.0, why="named")
        return (Place(code=county.code, name=county.name, level=county.level, score=1.0, matches=(match,)),)


def _refused(url: str, story: Story, kind: Kind, reason: Reason, after: timedelta = timedelta()) -> Outcome:
    return Outcome(
        capture=_capture(url, story.at + after),
        size=900,
        page=article_id(url),
        outlet=story.outlet.slug,
        kind=kind,
        refusal=Refusal(stage="admit", reason=reason, detail=""),
    )


def _capture(url: str, at: datetime) -> Capture:
    at = at.astimezone(UTC)
    place = int((at - START).total_seconds())
    return Capture(
        url=url, fetched_at=at, status=200, headers=(("Content-Type", "text/html"),), body=b"", sha256=f"{place:064x}",
        warc_file=f"{at:%Y%m}.warc.gz", warc_offset=crc32(f"{url} {at}".encode()),
    )  # fmt: skip


def fill(path: Path, count: int, *, seed: int = 1, share: float = 1.0, every: int = 50_000) -> dict[str, float]:
    """Bring an archive of generated articles to so many; return the seconds of processor that each part took.

    Prints the pace by the clock after each `every` articles.
    """
    press = Press(seed, share=share)
    cost = dict.fromkeys(("make", "store", "finish"), 0.0)
    with Store(path) as store:
        number = store.start_build()
        store.set_outlets({outlet.slug: outlet for outlet in press.outlets})
        done = held(path)
        since = time.perf_counter()
        while done < count:
            start = time.process_time()
            batch = press.batch(done, min(BATCH, count - done))
            made = time.process_time()
            done += store.add(batch)
            cost["make"] += made - start
            cost["store"] += time.process_time() - made
            if done % every == 0:
                print(f"{done:9} articles, {(time.perf_counter() - since) / every * 1000:.2f} ms each", flush=True)
                since = time.perf_counter()
        start = time.process_time()
        store.finish_build(number, {}, tidy=True)
        cost["finish"] = time.process_time() - start
    return cost


def held(path: Path) -> int:
    """Return the number of articles that an archive has."""
    db = connected(path)
    (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
    db.close()
    return int(count)


def main() -> None:
    """Fill an archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--share", type=float, default=1.0, help="length of the texts, of that of real ones")
    wanted = parser.parse_args()
    print({part: round(value, 1) for part, value in fill(wanted.archive, wanted.articles, share=wanted.share).items()})


if __name__ == "__main__":
    main()
