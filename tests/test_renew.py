"""Other code reads again what it concerns and nothing else: a copy of the program with one file changed shows it."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.writer import WarcWriter
from fangzhi.demo.pdf import pdf
from pipelines.build import build
from pipelines.digest import tables
from pipelines.places import places_of
from pipelines.privacy.mask import mask
from tests.asking import rows
from tests.two_days import OUTLETS, START, days, exchange, page

HOME = Path(__file__).parent.parent
FILES = {
    n: pdf(f"附件{n}", (f"清溪镇第{n}号登记表：共有{n + 3}户，由县民政局核对后公布，如有异议请在七日内提出。",))
    for n in (1, 2)
}
TWO = ((0, (b"_2", 2)), (1, (b"", 1)))  # each page of an article links to the other
# two builds by the changed program: of the archive that the unchanged one made, and of another from the beginning
BOTH = """
import json, sys
from pathlib import Path
from pipelines.build import build
captures, grown, fresh = map(Path, sys.argv[1:])
read = []
report = build(captures, grown, {}, workers=0, on_progress=lambda one: read.append([one.reach, one.capture.url]))
assert not report.fresh and not report.lost
outlets = __import__("pipelines.store").store.Store(grown).outlets()
build(captures, fresh, outlets, workers=0)
print(json.dumps([read, report.renewed]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Return a folder of captures and the archive of them: pages, an edit, a deletion, copies, files, refusals."""
    folder = tmp_path_factory.mktemp("renew")
    (folder / "captures").mkdir()
    parts = [page(20 + n).replace(b"</div></body>", b"<a href=20%s.html>%d</a></div></body>" % link) for n, link in TWO]
    links = "".join(f"<p><a href=/files/{n}.pdf>附件{n}：登记表.pdf</a></p>" for n in FILES)
    notice = page(0).replace(b"</div></body>", links.encode() + b"</div></body>")
    with WarcWriter(folder / "captures", clock=lambda: START, sync=False) as writer:
        for one in days(12):
            writer.write(one)
        writer.write(exchange("http://daily.example/0.html", notice, 40))
        for name, body in zip(("20", "20_2"), parts, strict=True):
            writer.write(exchange(f"http://daily.example/{name}.html", body, 42))
        for n, body in FILES.items():
            writer.write(exchange(f"http://daily.example/files/{n}.pdf", body, 41))
    build(folder / "captures", folder / "archive.db", OUTLETS, workers=0)
    assert rows(folder / "archive.db", "SELECT count(*) FROM files") == [(len(FILES),)]
    assert rows(folder / "archive.db", "SELECT count(*) FROM pages") == [(len(TWO),)]
    return folder


@pytest.fixture
def changed(tmp_path):
    """Return a function that appends lines to one file of a copy of the program, and says where that copy is."""

    def change(path: str, lines: str) -> Path:
        copy = tmp_path / "program"
        for name in ("crawler", "pipelines", "browse", "fangzhi"):
            shutil.copytree(HOME / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        with (copy / path).open("a") as file:
            file.write(lines)
        return copy

    return change


def run(program: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=program, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


def both(program: Path, folder: Path) -> tuple[list[list[str]], str]:
    """Return what was read for the archive to be as the changed program has it, and how the report tells that."""
    fresh = folder / "fresh.db"
    before = tables(folder / "archive.db")
    told = run(program, "-c", BOTH, folder / "captures", folder / "archive.db", fresh)
    after = tables(folder / "archive.db")

    assert after == tables(fresh)
    assert after != before
    assert not list(folder.glob("archive.db.fresh*"))
    read, words = json.loads(told.stdout.splitlines()[-1])
    return read, words


CAPTURES = len(days(12)) + 1 + len(TWO) + len(FILES)
PAGES = (
    12 + 3 + 2 + 3 + 1 + 2
)  # first sights, copies of a farm, edition pages, edits, a notice, an article of two pages


def test_reader_of_files_reads_files_alone(folder, changed):
    wrapped = (
        "\n_plain = read_pdf\n\n\ndef read_pdf(body):\n    return replace(_plain(body), lines=('新读法读出的字',))\n"
    )
    program = changed("pipelines/attachments/pdf.py", "\nfrom dataclasses import replace\n" + wrapped)
    done = run(program, "-m", "fangzhi", "build", "--captures", folder / "captures", "--archive", folder / "archive.db")

    assert f"  made again: {len(FILES)} files (pipelines/attachments/pdf.py changed)" in done.stderr
    assert f"; as they were: {CAPTURES - PAGES - len(FILES)} refusals and notes, {PAGES} pages" in done.stderr
    assert f"{len(FILES)} captures: {len(FILES)} attachment" in done.stderr
    assert rows(folder / "archive.db", "SELECT DISTINCT text FROM files") == [("新读法读出的字",)]
    found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'attachments:\"新读 读法\"'"
    assert rows(folder / "archive.db", found) == [(1,)]

    fresh = shutil.copy(folder / "archive.db", folder / "fresh.db")  # for the outlets that it knows
    run(program, "-m", "fangzhi", "build", "--fresh", "--captures", folder / "captures", "--archive", fresh)

    assert tables(folder / "archive.db") == tables(fresh)


def test_reader_of_pages_reads_pages_alone(folder, changed):
    lines = "\n_plain = describe\n\n\ndef describe(draft):\n    return replace(_plain(draft), section='新栏目')\n"
    program = changed("pipelines/describe/__init__.py", "\nfrom dataclasses import replace\n" + lines)
    read, words = both(program, folder)

    assert {reach for reach, _ in read} == {"page"}
    assert len(read) == PAGES
    assert words.startswith(f"{PAGES} pages (pipelines/describe/__init__.py changed); as they were: ")
    assert rows(folder / "archive.db", "SELECT DISTINCT section FROM articles") == [("新栏目",)]


OTHER = "\n_plain = places_of\n\n\ndef places_of(*given):\n    return _plain('天津市和平区开会。和平区卫健委到会。')\n"
SOONER = "\n\n\nLOOKS = 1\nSPAN = timedelta(0)\n"
KINDS = "\n\n\nORIGINAL = (lambda copy: -ord(copy.article[-1]),)\nORIGINAL[0].__name__ = 'last_digit'\n"


@pytest.mark.parametrize(
    ("path", "lines", "part"),
    [
        ("pipelines/places/__init__.py", OTHER, "places"),
        ("pipelines/history.py", SOONER, "relations"),
        ("pipelines/relate.py", KINDS, "relations"),
    ],
    ids=["places", "history", "originals"],
)
def test_what_is_derived_is_derived_without_a_look_at_the_captures(folder, changed, path, lines, part):
    read, words = both(changed(path, lines), folder)

    assert read == []
    assert words.startswith(f"the {part} of all articles, without a look at the captures ({path} changed)")


def test_present_reading_that_is_not_stored_is_read_again(folder, changed):
    first = "return replace(told, present=min(one for one in looks if one.content).capture) if told else None"
    lines = (
        f"\n_plain = history\n\n\ndef history(looks):\n    looks = [*looks]\n    told = _plain(looks)\n    {first}\n"
    )
    read, _ = both(changed("pipelines/history.py", lines), folder)
    again = {url for _, url in read}

    assert again == {f"http://daily.example/{n}.html" for n in (0, 3, 4, 5)}


@pytest.mark.parametrize("broken", [False, True], ids=["reading", "copying"])
def test_build_that_is_killed_while_it_reads_again_leaves_the_archive_as_it_was(folder, changed, broken):
    lines = "\n_plain = describe\n\n\ndef describe(draft):\n    return replace(_plain(draft), section='新栏目')\n"
    program = changed("pipelines/describe/__init__.py", "\nfrom dataclasses import replace\n" + lines)
    dying = BOTH.replace(
        "read.append([one.reach, one.capture.url])", "(read.append(1), len(read) == 5 and os._exit(0))"
    )
    before = tables(folder / "archive.db")
    run(program, "-c", "import os" + dying, folder / "captures", folder / "archive.db", folder / "fresh.db")

    assert tables(folder / "archive.db") == before
    assert (folder / "archive.db.fresh").is_file()
    if broken:
        (folder / "archive.db.fresh").write_bytes(b"")

    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=9), sync=False) as writer:
        writer.write(exchange("http://daily.example/90.html", page(90), 90))
    read, _ = both(program, folder)

    assert ["page", "http://daily.example/90.html"] in read
    assert len(read) == PAGES + 1
    assert {reach for reach, _ in read} == {"page"}


PARTS = (
    "13800138000",
    "11010519491231002X",
    "联系人",
    "手机",
    "heping@hexi.example",
    "驻马店市驿城区",
    "和平区",
    "天津市",
)


@given(st.lists(st.sampled_from([*PARTS, "昨日", "，", "。", "\n", "3", "区"]), max_size=20).map("".join))
def test_places_of_what_is_stored_are_those_of_what_was_read(text):
    masked, _ = mask(text)
    read, stored = places_of(text, text[:12]), places_of(masked, mask(text[:12])[0])

    assert [(place.code, place.score) for place in read] == [(place.code, place.score) for place in stored]
    assert [[match.start for match in place.matches] for place in read] == [
        [match.start for match in place.matches] for place in stored
    ]
