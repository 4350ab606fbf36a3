"""The whole way at once: the demonstration web, crawled by the real command, against what is true of it."""

import json
import subprocess
import sys

import pytest

from fangzhi.demo import DemoServer, truth
from pipelines.digest import tables


def squeeze(text: str | None) -> str:
    return "".join((text or "").split())


def test_every_article_of_the_web_is_in_the_archive_once_and_nothing_else(demo_days):
    found = [row["url"] for row in demo_days.rows(1, "SELECT url FROM articles")]

    assert sorted(found) == sorted(one.url for one in demo_days.readable(1))


# the damage of these three destroyed bytes at punctuation: what stood there can only be guessed
GUESSED = ("/a/1192.html", "/a/1193.html", "/a/1194.html")


@pytest.mark.parametrize("field", ["title", "date", "source", "authors", "editors", "text"])
def test_every_article_reads_as_it_was_written(demo_days, field):
    found = {row["url"]: row for row in demo_days.rows(1, "SELECT * FROM articles")}
    wrong = []
    for one in demo_days.readable(1):
        row = found[one.url]
        aside = {squeeze(line) for line in one.optional}
        got = {
            "title": squeeze(row["title"]),
            "date": (row["published_local"] or "").replace("T", " ")[: len(one.date or "")],
            "source": row["source"],
            "authors": set(json.loads(row["authors"])),
            "editors": set(json.loads(row["editors"])),
            "text": squeeze("".join(line for line in row["text"].split("\n") if squeeze(line) not in aside)),
        }[field]
        want = {
            "title": squeeze(one.title),
            "date": one.date or "",
            "source": one.source,
            "authors": set(one.authors),
            "editors": set(one.editors),
            "text": squeeze("".join(one.paragraphs)),
        }[field]
        if got != want and not (field == "text" and one.url.endswith(GUESSED)):
            wrong.append((one.url, want, got))

    assert wrong == []


def test_every_capture_is_an_article_or_a_row_that_says_why_not(demo_days):
    counts = demo_days.rows(2, "SELECT outcome, count(*) AS n FROM captures GROUP BY outcome")
    skips = demo_days.rows(2, "SELECT count(*) AS n FROM skips")[0]["n"]
    without = sum(row["n"] for row in counts if row["outcome"] not in {"article", "attachment", "failure"})

    assert skips == without
    assert demo_days.rows(2, "SELECT * FROM failures") == []


def test_block_pages_and_soft_404s_are_no_articles(demo_days):
    kinds = {"blocked", "soft-404", "missing", "gone", "disallowed"}
    refused = {one.url for one in truth(1, demo_days.port) if one.kind in kinds}
    found = {row["url"] for row in demo_days.rows(1, "SELECT url FROM articles")}

    assert refused
    assert refused & found == set()


def test_what_robots_txt_disallows_was_not_asked_for(demo_days):
    disallowed = {one.url for one in truth(1, demo_days.port) if one.kind == "disallowed"}
    captured = {row["url"] for row in demo_days.rows(2, "SELECT url FROM captures")}

    assert disallowed
    assert disallowed & captured == set()


def test_the_second_run_sees_the_edit_the_removal_and_the_new_articles(demo_days):
    before = {one.url for one in demo_days.readable(1)}
    after = {one.url for one in demo_days.readable(2)}
    now = {row["url"]: row["status"] for row in demo_days.rows(2, "SELECT url, status FROM articles")}

    assert set(now) == before | after
    missing = "SELECT a.url FROM absences b JOIN articles a ON a.id = b.article WHERE b.back_at IS NULL"
    assert {row["url"] for row in demo_days.rows(2, missing)} == before - after
    assert "gone" not in now.values()  # one 404 is not a deletion
    assert [url for url, status in now.items() if status == "changed"] == [
        f"http://news.huaize.localhost:{demo_days.port}/2026/03/04/c_100233.html"
    ]


def test_the_edited_article_keeps_both_versions_and_the_removed_one_its_text(demo_days):
    versions = demo_days.rows(2, "SELECT count(*) AS kept FROM versions GROUP BY article HAVING kept > 1")
    missing = demo_days.rows(2, "SELECT a.text FROM absences b JOIN articles a ON a.id = b.article")

    assert [row["kept"] for row in versions] == [2]
    assert [len(row["text"]) > 100 for row in missing] == [True, True]


def test_copies_stand_in_one_cluster_with_the_paper_as_the_original(demo_days):
    copies = [one for one in demo_days.readable(1) if one.original]
    clusters = {row["url"]: row["cluster"] for row in demo_days.rows(1, "SELECT url, cluster FROM articles")}
    together = [one.url for one in copies if clusters[one.url] and clusters[one.url] == clusters.get(one.original)]
    originals = {
        row["url"]
        for row in demo_days.rows(
            1, "SELECT a.url FROM reprints r JOIN articles a ON a.id = r.article WHERE r.is_original"
        )
    }

    assert len(together) >= 0.9 * len(copies), {one.url for one in copies} - set(together)
    assert originals <= {one.original for one in copies}


@pytest.mark.parametrize("words", ["疫情", "督查", "督察", "衛生", "卫生"])
def test_two_characters_are_found_wherever_they_stand_in_either_script(demo_days, words):
    from pipelines.fold import fold  # noqa: PLC0415
    from pipelines.query import query  # noqa: PLC0415

    wanted = {
        row["id"]
        for row in demo_days.rows(2, "SELECT id, title, text FROM articles")
        if fold(words) in fold(f"{row['title']}\n{row['text']}")
    }
    found = demo_days.rows(
        2,
        "SELECT id FROM articles WHERE key IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)",
        query(words),
    )

    assert {row["id"] for row in found} == wanted


@pytest.mark.parametrize(
    ("words", "kind"), [("断电应急预案上墙", "pdf"), ("执业资格证书编号", "docx"), ("碧波浴池 3号", "xlsx")]
)
def test_notice_is_found_by_words_of_its_attachment_alone(demo_days, words, kind):
    from pipelines.query import query  # noqa: PLC0415

    found = demo_days.rows(
        1,
        """SELECT a.text, t.format, t.text AS attached FROM articles a JOIN attachment_texts t ON t.article = a.id
        WHERE a.key IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)""",
        query(words),
    )
    first = words.split()[0]

    assert [(row["format"], first in row["attached"], first in row["text"]) for row in found] == [(kind, True, False)]


def test_deleting_the_archive_and_building_it_afresh_gives_equal_tables(demo_days):
    command = [sys.executable, "-m", "fangzhi", "build", "--fresh", "--archive", "again.db"]
    done = subprocess.run(command, cwd=demo_days.folder, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    assert tables(demo_days.folder / "again.db") == tables(demo_days.archive(5))


def test_what_the_summary_tells_was_counted(demo_days):
    told = demo_days.told[2]

    assert f"{len({row['url'] for row in demo_days.rows(2, 'SELECT url FROM articles')})}  articles" in told
    assert "1  edited since first seen" in told
    assert "2  missing at the last look" in told


def test_the_demonstration_refuses_a_day_it_does_not_have():
    with pytest.raises(ValueError, match="days 1 to 5"):
        DemoServer(0, day=6)
