"""Law: an article finds its copies without a pass over all, and clusters do not depend on who came first."""

import importlib
import random
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.similar.cluster import clusters, clusters_in
from pipelines.similar.index import HUBS, SCHEMA, Index, Link
from pipelines.similar.sketches import TABLES
from pipelines.similar.verdict import Relation, same_text
from tests.tables import table

HERE = Path(__file__).parent
STORIES = table("similar/stories")
DAY = "{}月{}日，云汐县新增病例{}例，治愈出院{}例。"
ADVICE = "请居民出门戴口罩，回家先洗手，房间每天通风两次，身体不适时及时就诊，不要带病上班上学。" * 2


def name(text):
    return sha256(text.encode()).hexdigest()[:16]


class Archive:
    """An index in memory over texts that are named by their digest."""

    def __init__(self, texts=()):
        self.db = sqlite3.connect(":memory:")
        for statement in SCHEMA:
            self.db.execute(statement)
        self.texts = {}
        self.index = Index(self.db, self.texts.__getitem__)
        for text in texts:
            self.add(text)

    def add(self, text):
        found = self.index.add(name(text), text)
        self.texts[name(text)] = text
        return {link.a if link.b == name(text) else link.b for link, _ in found}

    def clusters(self):
        return clusters_in(self.index, self.index.component(*self.texts))

    def rows(self):
        return [self.db.execute(f"SELECT * FROM {table}").fetchall() for table in (*TABLES, "links")]


def copies_of(story):
    sentences = story.replace("\n", "").split("。")
    return [
        story,
        story[: round(len(story) * 0.65)],
        "。".join(reversed(sentences)),
        story + "更多精彩内容请关注本站，转载请注明出处，商务合作请来电。",
    ]


@pytest.fixture
def made(monkeypatch):
    monkeypatch.syspath_prepend(HERE.parent / "benchmarks")
    return importlib.import_module("notices")


@settings(deadline=None, max_examples=25)
@given(st.permutations([copy for story in STORIES for copy in copies_of(story)]))
def test_clusters_are_the_same_in_whatever_order_articles_come(texts):
    expected = sorted(tuple(sorted(map(name, copies_of(story)))) for story in STORIES)

    assert Archive(texts).clusters() == expected


def test_copy_of_a_daily_report_is_found_among_hundreds_on_the_same_form(made):
    luck = random.Random(2)
    form = made.FORMS[0]
    archive = Archive(form.fill(luck) for _ in range(HUBS * 8))
    for _ in range(12):
        report = form.fill(luck)
        archive.add(report)

        assert archive.add(f"转载：{report[: round(len(report) * 0.7)]}") == {name(report)}


def test_reports_on_one_form_make_no_cluster(made):
    luck = random.Random(3)
    forms = [form for form in made.FORMS if form.name != "appointments"]  # some are known failures

    assert Archive({form.fill(luck) for form in forms for _ in range(HUBS + 4)}).clusters() == []


def much_reprinted(seed):
    luck = random.Random(seed)
    story, words = STORIES[0], STORIES[3] + STORIES[5]
    return [
        story[: luck.randint(round(len(story) * 0.75), len(story))] + "".join(luck.sample(words, 20))
        for _ in range(HUBS * 3)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_text_reprinted_more_often_than_there_are_hubs_is_one_cluster(seed):
    texts = much_reprinted(seed)

    assert Archive(texts).clusters() == [tuple(sorted(map(name, texts)))]


@pytest.mark.parametrize("seed", range(3))
def test_what_copies_share_is_told_the_same_in_whatever_order_more_than_the_hubs_came(seed):
    texts = much_reprinted(seed)
    names = [name(text) for text in texts]

    def told(arrived):
        share = Archive(arrived).index.shares(names)
        return [share(one, other) for one in names for other in names]

    assert told(texts) == told(texts[::-1]) == told(random.Random(seed).sample(texts, len(texts)))
    assert None not in told(texts)[:HUBS]


def test_chain_of_copies_is_one_cluster():
    story = STORIES[0]
    first, last = story[: round(len(story) * 0.6)], story[round(len(story) * 0.4) :]
    archive = Archive([first, last])

    assert archive.clusters() == []

    archive.add(story)

    assert archive.clusters() == [tuple(sorted(map(name, (first, story, last))))]


def test_copy_too_cut_to_tell_two_notices_apart_does_not_tie_them():
    one, two = DAY.format(3, 5, 12, 7) + ADVICE, DAY.format(3, 6, 15, 9) + ADVICE
    archive = Archive([one, two, one[len(DAY) :]])

    assert same_text(one, two).relation is Relation.FORM
    assert len(archive.index.component(name(one))) == 2
    assert [len(cluster) for cluster in archive.clusters()] == [2]


def test_taking_an_article_out_leaves_no_trace():
    archive = Archive(copies_of(STORIES[1]))
    before = archive.rows()
    added = STORIES[1] + "本站编辑推荐。"
    archive.add(added)

    assert archive.rows() != before

    archive.index.remove(name(added), added)

    assert archive.rows() == before


def test_adding_an_article_again_changes_nothing():
    archive = Archive(copies_of(STORIES[2]))
    before = archive.rows()
    archive.add(STORIES[2])

    assert archive.rows() == before


def test_text_without_words_is_no_candidate():
    archive = Archive(["……", "　", STORIES[0]])

    assert archive.add("！！！") == set()


def test_links_closer_than_others_are_taken_first():
    links = [Link("a", "c", 0.6), Link("a", "b", 0.9), Link("b", "c", 0.7)]
    sizes = {"a": 3, "b": 2, "c": 1}

    assert clusters(links, sizes=sizes, apart=lambda one, two: {one, two} == {"a", "c"}) == [("a", "b")]
