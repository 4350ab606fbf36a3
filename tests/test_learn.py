"""What stands around an outlet's articles is learnt, and nothing is read otherwise for it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.capture import Capture
from crawler.template import Template
from pipelines.build import build
from pipelines.digest import digest
from pipelines.flow import Reader
from pipelines.learn.book import FOLDER, Learnt, read_learnt, write_learnt
from pipelines.learn.lesson import lesson
from pipelines.learn.place import is_checked, says_the_same
from pipelines.learn.school import ALWAYS, ENOUGH, templates_of
from pipelines.outcome import Lesson, Outcome
from tests.asking import rows
from tests.learnt_paper import OUTLET, START, captured, moved, page, publish

WAY = ("div.wrap", "div.main", "div.article-content#doc_0")
PROSE = "<div class='box'>" + "<p>县里的有关部门表示，将继续做好各项工作，请广大群众放心。</p>" * 12 + "</div>"


@pytest.fixture(scope="module")
def templates() -> tuple[Template, ...]:
    lessons = [lesson(captured(page(number), number=number), OUTLET) for number in range(3)]
    return templates_of([one for one in lessons if one], ALWAYS)


def read(body: bytes, templates: tuple[Template, ...], *, checked: bool = False) -> Outcome:
    return Reader({"heshui": OUTLET.taught(templates)}).outcome(captured(body, checked=checked))


def test_lesson_tells_furniture_from_what_matters():
    found = lesson(captured(page(1)), OUTLET)
    assert found is not None
    assert found.way == WAY
    assert found.idle == {(0, "div.top"), (0, "div.foot"), (1, "div.side"), (2, "div.near")}
    assert found.vital == {(2, "div.info")}  # date, source and author


def test_page_is_read_the_same_without_its_furniture(templates):
    whole, learnt = read(page(9), ()), read(page(9), templates)
    assert (whole.template, learnt.template) == (None, templates[0].id)
    assert says_the_same(learnt.reading.article, whole.reading.article)
    assert learnt.reading.article.authors == ("陈一鸣",)
    assert len(learnt.reading.article.pruned) < len(whole.reading.article.pruned)


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("the article stands elsewhere", page(9, body="article-text")),
        ("a block that was furniture says more than the article", page(9, side=PROSE)),
        ("no date is left", page(9).replace(b"2026-03-02 09:00", b"")),
        ("the text is damaged", page(9).replace("干部".encode(), "干部\u200b".encode())),
        ("there is no article any more", page(9).replace(b"<p>", b"<!--").replace(b"</p>", b"-->")),
        (
            "the way is there twice",
            page(9).replace(b'<div class="foot">', b'<div class="wrap"></div><div class="foot">'),
        ),
    ],
)
def test_page_in_doubt_is_read_whole(why, body, templates):
    learnt, whole = read(body, templates), read(body, ())
    assert learnt.template is None, why
    assert learnt == whole


def test_page_of_another_version_time_or_outlet_is_read_whole(templates):
    (one,) = templates
    for other in (
        replace(one, extractor="0.0"),
        replace(one, since=START),
        replace(one, until=START - timedelta(seconds=1)),
    ):
        assert read(page(9), (other,)).template is None
    assert read(page(9), (replace(one, until=START),)).template == one.id


def test_page_that_strays_is_told_by_those_read_both_ways(templates):
    assert read(page(9), templates, checked=True).template == templates[0].id
    stray = read(moved(9), templates, checked=True)
    assert (stray.template, stray.strayed) == (None, templates[0].id)
    assert stray.reading.article.authors == ("李远山",)


@pytest.mark.parametrize(
    ("lessons", "made"),
    [
        # three pages of one make, and a block that was idle on two of them
        ([(WAY, {"a"}, set()), (WAY, {"a", "b"}, set()), (WAY, {"b"}, set())], [(WAY, ("a", "b"), 3)]),
        # a block that mattered once stays
        ([(WAY, {"a", "b"}, set()), (WAY, {"a", "b"}, set()), (WAY, {"a"}, {"b"})], [(WAY, ("a",), 3)]),
        # a block seen once is not known well enough, and two pages are too few
        ([(WAY, {"a"}, set()), (WAY, {"b"}, set()), (WAY, {"c"}, set())], []),
        ([(WAY, {"a"}, set()), (WAY, {"a"}, set())], []),
        # two makes; of a way and its beginning the one that more pages show
        (
            [(WAY, {"a"}, set())] * 3 + [(("table.x",), {"b"}, set())] * 4 + [(WAY[:2], {"c"}, set())] * 3,
            [(("table.x",), ("b",), 4), (WAY[:2], ("c",), 3)],
        ),
    ],
)
def test_templates_are_what_lessons_agree_on(lessons, made):
    given = [
        Lesson(way=way, idle=frozenset((0, name) for name in idle), vital=frozenset((0, name) for name in vital))
        for way, idle, vital in lessons
    ]
    found = [(one.way, tuple(name for _, name in one.furniture), one.pages) for one in templates_of(given, ALWAYS)]
    assert found == made


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Iterator[Path]:
    """Three days of a paper: learnt at the end of the first, read by that on the second, made anew on the third."""
    folder = tmp_path_factory.mktemp("learnt")
    captures, archive, outlets = folder / "captures", folder / "archive.db", {"heshui": OUTLET}
    publish(captures, range(ENOUGH), day=0)
    first = build(captures, archive, outlets, workers=2)
    publish(captures, range(100, 120), day=1)
    second = build(captures, archive, outlets, workers=2)
    publish(captures, range(200, 205), day=2, body="article-text")
    third = build(captures, archive, outlets, workers=2)
    assert [one.learnt for one in (first, second, third)] == [["heshui"], [], []]
    return folder


def by_template(archive: Path) -> list[tuple[str, int, int]]:
    query = "SELECT substr(fetched_at, 1, 10), count(template), count(*) FROM captures GROUP BY 1"
    return [tuple(row) for row in rows(archive, query)]


def test_outlet_is_learnt_after_enough_pages_and_read_by_it(built):
    days = [START + timedelta(days=day) for day in range(3)]
    counts = zip((f"{day:%Y-%m-%d}" for day in days), (0, 20, 0), (ENOUGH, 20, 5), strict=True)
    assert by_template(built / "archive.db") == list(counts)
    ((container, furniture, pages, since, until),) = rows(
        built / "archive.db", "SELECT container, furniture, pages, since, until FROM templates"
    )
    assert container == WAY[-1]
    assert [0, "div.top"] in json.loads(furniture)
    assert pages >= 3
    assert since > f"{days[0]:%Y-%m-%d}"
    assert until is None


def test_rebuild_reads_every_page_as_it_was_read(built, tmp_path):
    build(built / "captures", tmp_path / "again.db", {"heshui": OUTLET}, workers=0)
    assert digest(tmp_path / "again.db") == digest(built / "archive.db")


def test_articles_are_those_of_an_archive_that_learnt_nothing(built, tmp_path):
    shared = tmp_path / "captures"
    shared.mkdir()
    for path in (built / "captures").glob("*.warc.gz"):
        (shared / path.name).hardlink_to(path)
    build(shared, tmp_path / "plain.db", {"heshui": OUTLET}, workers=2)
    columns = "id, title, text, published_local, source, authors, editors, section, keywords, lead, flags, region"
    query = f"SELECT {columns} FROM articles ORDER BY id"
    assert rows(built / "archive.db", query) == rows(tmp_path / "plain.db", query)
    trimmed = "SELECT article, n, rule, line FROM trimmed ORDER BY 1, 2"
    assert rows(built / "archive.db", trimmed) == rows(tmp_path / "plain.db", trimmed)


def test_template_that_strays_is_used_no_more(tmp_path, templates):
    captures, archive, outlets = tmp_path / "captures", tmp_path / "archive.db", {"heshui": OUTLET}
    publish(captures, range(4), day=0)
    write_learnt(captures, "heshui", Learnt(templates=templates))
    day = START + timedelta(days=1)
    checked = next(n for n in range(9, 9999) if is_checked(captured_as(moved(n, at=day))))
    publish(captures, [checked], day=1, make=moved)
    build(captures, archive, outlets, workers=0)
    publish(captures, range(10_000, 10_004), day=2, make=moved)
    build(captures, archive, outlets, workers=0)
    assert [(count, whole) for _, count, whole in by_template(archive)] == [(4, 4), (0, 1), (0, 4)]
    ((retired,),) = [one.templates for one in read_learnt(captures).values()]
    assert retired.until == day
    assert rows(archive, "SELECT authors, count(*) FROM articles GROUP BY 1 ORDER BY 2") == [
        ('["陈一鸣"]', 4),
        ('["李远山"]', 5),
    ]


def captured_as(body: bytes) -> Capture:
    """A page with the digest that it will have in a WARC file."""
    return replace(captured(body), sha256=hashlib.sha256(body).hexdigest())


def test_damaged_book_is_named_with_its_remedy(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "heshui.json").write_text('{"templates": [{"way": 3}]}')
    with pytest.raises(ValueError, match=r"heshui\.json: .*delete it"):
        read_learnt(tmp_path)


def test_what_was_learnt_survives_being_written(tmp_path, templates):
    learnt = Learnt(templates=templates, taken=START, times=2)
    write_learnt(tmp_path, "heshui", learnt)
    assert read_learnt(tmp_path) == {"heshui": learnt}


def test_captures_that_nobody_can_write_to_are_built_all_the_same(tmp_path, caplog):
    publish(tmp_path / "captures", range(ENOUGH), day=0)
    (tmp_path / "captures" / FOLDER).write_text("a file where a folder is wanted")
    report = build(tmp_path / "captures", tmp_path / "archive.db", {"heshui": OUTLET}, workers=0)
    assert (report.articles, report.learnt) == (ENOUGH, [])
    assert "what was learnt cannot be kept" in caplog.text
