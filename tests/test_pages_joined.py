"""In the archive the pages of an article are one text, in whatever order they come; what is missing shows."""

import json
import random
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import permutations
from shutil import copytree
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from fangzhi.__main__ import cli
from pipelines.build import build
from pipelines.digest import tables
from pipelines.flow import Reader
from pipelines.renew import Stale, renew
from pipelines.similar.sketch import signature
from pipelines.store import Store
from pipelines.url import article_id
from pipelines.versions import Derived
from tests.asking import rows
from tests.paged_article import PLACE, TEXTS, TITLE, capture, exchange, name
from tests.two_days import OUTLETS, write

WHOLE = "\n".join(TEXTS)
DAMAGED = TEXTS[1].replace("清晨", "qīng清chén晨").replace("铁砧", "铁&amp;#30775;")
EDITED = TEXTS[1].replace("万炉生", "方炉生")
NAME = article_id(PLACE + "991.html")


def read(*captures):
    reader = Reader({})
    return [reader.outcome(one) for one in captures]


def archived(path, outcomes, batch=1):
    with Store(path) as store:
        for place in range(0, len(outcomes), batch):
            store.add(outcomes[place : place + batch])
    return tables(path)


def told(path):
    return rows(path, "SELECT title, text, chars, editors, flags, status FROM articles")


def test_pages_are_one_text_in_whatever_order_they_come(tmp_path):
    outcomes = read(capture(1), capture(2), capture(3))
    found = [archived(tmp_path / f"{n}.db", order) for n, order in enumerate(permutations(outcomes))]
    path = tmp_path / "0.db"

    assert all(one == found[0] for one in found)
    assert archived(tmp_path / "at once.db", outcomes, batch=3) == found[0]
    assert told(path) == [(TITLE, WHOLE, len(WHOLE), '["林晚舟"]', "[]", "alive")]
    assert rows(path, "SELECT n, capture, start FROM pages") == [
        (1, "a.warc.gz:1", 0), (2, "a.warc.gz:2", len(TEXTS[0]) + 1), (3, "a.warc.gz:3", len(WHOLE) - len(TEXTS[2])),
    ]  # fmt: skip
    assert rows(path, "SELECT DISTINCT article FROM captures") == [(NAME,)]
    assert rows(path, "SELECT id, how FROM aliases ORDER BY url") == [
        (article_id(PLACE + f"991_{n}.html"), "page") for n in (2, 3)
    ]
    tables = ("sketches", "sketches_recent", "sketches_newest")
    numbers = {number for table in tables for (number,) in rows(path, f"SELECT number FROM {table}")}
    assert numbers == set(signature(WHOLE))  # copies are found by the whole text


def test_repairs_of_a_later_page_are_where_the_log_says(tmp_path):
    archived(tmp_path / "a.db", read(capture(3), capture(2, text=DAMAGED), capture(1)))
    [(text,)] = rows(tmp_path / "a.db", "SELECT text FROM articles")
    logged = rows(tmp_path / "a.db", "SELECT after, offsets FROM repairs WHERE part = 'text'")

    assert logged
    for after, offsets in logged:
        for start, end in json.loads(offsets):
            assert text[start:end] == after
            assert start > len(TEXTS[0])


def test_missing_page_is_flagged_until_it_comes_and_that_is_no_edit(tmp_path):
    path = tmp_path / "a.db"
    archived(path, read(capture(3), capture(1)))
    before = told(path), rows(path, "SELECT n, url, capture IS NULL FROM pages")
    archived(path, read(capture(2, hours=50)))

    assert before[0] == [(TITLE, f"{TEXTS[0]}\n{TEXTS[2]}", 101, '["林晚舟"]', '["incomplete"]', "alive")]
    assert before[1] == [(1, PLACE + "991.html", 0), (2, PLACE + "991_2.html", 1), (3, PLACE + "991_3.html", 0)]
    assert [row[1:] for row in told(path)] == [(WHOLE, len(WHOLE), '["林晚舟"]', "[]", "alive")]
    assert rows(path, "SELECT count(*) FROM versions") == [(1,)]


def test_later_page_alone_is_an_article_without_its_beginning(tmp_path):
    archived(tmp_path / "a.db", read(capture(2)))

    assert [row[1:] for row in told(tmp_path / "a.db")] == [
        (TEXTS[1], len(TEXTS[1]), "[]", '["incomplete"]', "alive"),
    ]  # fmt: skip
    assert rows(tmp_path / "a.db", "SELECT n, capture IS NULL FROM pages") == [(1, 1), (2, 0), (3, 1)]


def history_of_edits():
    """Three pages; a day later the second is another; a day later the first and, in one round, the third."""
    third, first = TEXTS[2].replace("邻县", "外省"), TEXTS[0].replace("六百步", "五百步")
    return read(
        *(capture(number) for number in (1, 2, 3)),
        *(capture(1, hours=24), capture(2, hours=24.1, text=EDITED)),
        *(capture(3, hours=48, text=third), capture(1, hours=48.1, text=first)),
    )


def test_edit_of_any_page_is_a_version_and_one_round_is_one(tmp_path):
    outcomes = history_of_edits()
    whole = archived(tmp_path / "whole.db", outcomes, batch=7)
    orders = [random.Random(seed).sample(outcomes, 7) for seed in range(5)]
    found = [archived(tmp_path / f"{n}.db", order, batch=1 + n % 3) for n, order in enumerate(orders)]

    assert rows(tmp_path / "whole.db", "SELECT n, text IS NULL FROM versions") == [(1, 0), (2, 0), (3, 1)]
    assert rows(tmp_path / "whole.db", "SELECT n, kind, before, after FROM edits") == [
        (2, "wording", "万", "方"), (3, "figure", "六百", "五百"), (3, "wording", "邻县", "外省"),
    ]  # fmt: skip
    assert rows(tmp_path / "whole.db", "SELECT text FROM version_texts WHERE n = 2") == [
        ("\n".join((TEXTS[0], EDITED, TEXTS[2])),)
    ]
    assert all(one == whole for one in found)


def test_pages_that_the_pager_names_no_more_go(tmp_path):
    archived(tmp_path / "a.db", read(capture(1), capture(2), capture(3), capture(1, hours=24, pager="")))

    assert [row[1] for row in told(tmp_path / "a.db")] == [TEXTS[0]]
    assert rows(tmp_path / "a.db", "SELECT count(*) FROM versions") == [(2,)]


def test_server_that_answers_every_number_with_one_page_doubles_nothing(tmp_path):
    archived(tmp_path / "a.db", read(capture(1), *(capture(number, text=TEXTS[0]) for number in (2, 3))))

    assert [row[1] for row in told(tmp_path / "a.db")] == [TEXTS[0]]


def test_first_page_without_a_pager_is_joined_by_the_word_of_the_later_one(tmp_path):
    outcomes = read(capture(1, pager=""), capture(2))
    found = [archived(tmp_path / f"{n}.db", order) for n, order in enumerate(permutations(outcomes))]

    assert found[0] == found[1]
    assert [row[1] for row in told(tmp_path / "0.db")] == ["\n".join(TEXTS[:2])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with two days of the article; its second page answers with 404 at last."""
    folder = tmp_path_factory.mktemp("paged")
    days = [exchange(number) for number in (3, 1, 2)]
    days += [exchange(2, hours=24, text=EDITED), exchange(2, hours=48, status=404)]
    build(write(folder / "captures", days, files=2), folder / "archive.db", OUTLETS, workers=0)
    return folder


async def test_page_and_api_show_all_pages_and_their_captures(folder):
    client = Datasette([str(folder / "archive.db")], settings={"num_sql_threads": 1}).client
    article = (await client.get(f"/api/article/{NAME}")).json()["article"]
    other = await client.get(f"/article/{article_id(PLACE + '991_2.html')}")
    page = (await client.get(f"/article/{NAME}")).text
    found = (await client.get("/api/search?q=铁砧")).json()["articles"]

    assert article["text"] == "\n".join((TEXTS[0], EDITED, TEXTS[2]))
    assert [one["n"] for one in article["pages"]] == [1, 2, 3]
    assert all(one["sha256"] and one["warc_file"] for one in article["pages"])
    assert (other.status_code, other.headers["location"]) == (301, f"/article/{NAME}")
    assert page.index('id="page-2"') < page.index("叮叮当当") < page.index('id="page-3"') < page.index("酱香")
    assert [one["id"] for one in found] == [NAME]


def test_wacz_holds_every_page_of_an_article(folder, tmp_path):
    target = tmp_path / "found.wacz"
    words = ["export", f"--archive={folder / 'archive.db'}", f"--captures={folder / 'captures'}", f"--output={target}"]
    done = CliRunner().invoke(cli, words)
    with ZipFile(target) as packed:
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()]

    assert "1 articles exported" in done.output, (done.output, done.exception)
    assert [page["url"] for page in pages if "url" in page] == [PLACE + name(number) for number in (1, 2, 3)]


def test_withdrawing_by_a_later_page_leaves_nothing_of_any(folder, tmp_path):
    folder = copytree(folder, tmp_path / "paged")
    places = [f"--captures={folder / 'captures'}", f"--archive={folder / 'archive.db'}"]
    words = ["withdraw", *places, f"--crawl-db={folder / 'crawl.db'}", PLACE + "991_2.html"]
    done = CliRunner().invoke(cli, [*words, "--level=purge", "--reason=当事人要求"])
    left = b"".join(path.read_bytes() for path in folder.rglob("*.db*"))
    outcomes = rows(folder / "archive.db", "SELECT DISTINCT outcome, url FROM captures")
    before = tables(folder / "archive.db")
    build(folder / "captures", folder / "archive.db", OUTLETS, fresh=True, workers=0)

    assert done.exit_code == 0, (done.output, done.exception)
    assert outcomes == [("withdrawn", "")]
    assert [text[:6] for text in (*TEXTS, EDITED) if text[:6].encode() in left] == []
    assert tables(folder / "archive.db") == before


def test_relations_made_anew_out_of_the_rows_are_the_same(tmp_path):
    path = tmp_path / "a.db"
    before = archived(path, history_of_edits(), batch=7)
    with closing(sqlite3.connect(path)) as database:
        renew(database, Stale(Counter(), Counter(), tuple(Derived)))
        database.commit()

    assert {name: one for name, one in tables(path).items() if name != "regions"} == {
        name: one for name, one in before.items() if name != "regions"
    }
