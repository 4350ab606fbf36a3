"""What a scan of the folded text finds, the search index finds, and nothing else."""

import re
import sqlite3
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import foldmaker
from pipelines.fold import WORD, fold
from pipelines.migrations import SEARCH_TEXT_FIRST
from pipelines.query import MAX_WORDS, Problem, query, understand
from pipelines.segment import cut, runs
from pipelines.snippet import mark, snippet, spans

TABLE = Path(foldmaker.__file__).with_name("fold_table.txt")
WORDS = "疫情防控督查通知發布后後乾干里裏的一 \u3000\n，。《》、-"
T2S, S2T = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
texts = st.text(
    st.one_of(st.sampled_from(WORDS), st.sampled_from("aB１2ｃ"), st.characters(codec="utf-8")), max_size=60
)


def index(*documents: str) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(SEARCH_TEXT_FIRST)
    rows = [(number, "", cut(text)) for number, text in enumerate(documents)]
    connection.executemany("INSERT INTO articles_fts(rowid, title, text) VALUES (?, ?, ?)", rows)
    return connection


def found(connection: sqlite3.Connection, typed: str) -> set[int]:
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
    return {row[0] for row in connection.execute(sql, [query(typed)])}


def shape(text: str) -> str:
    return "|".join(runs(text))


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=4), st.data())
def test_quoted_substring_is_found_where_a_scan_finds_it_and_nowhere_else(documents, data):
    text = documents[0]
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : start + data.draw(st.integers(1, 30))].replace('"', " ")
    wanted = {number for number, other in enumerate(documents) if shape(piece) and shape(piece) in shape(other)}

    assert found(index(*documents), f'"{piece}"') == wanted


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=4), st.data())
def test_typed_substring_finds_every_text_that_has_all_its_words(documents, data):
    text = re.sub('["“「]|(?<!\\S)[-－]', "。", documents[0])
    documents = [text, *documents[1:]]
    start = data.draw(st.integers(0, len(text)))
    piece = "".join(text[start : start + data.draw(st.integers(1, 30))])
    piece = re.sub(r"(?<!\S)[-－]", "", piece)
    words = [shape(word) for word in piece.split() if shape(word) and word not in ("OR", "|", "｜")]
    wanted = {n for n, other in enumerate(documents) if words and all(word in shape(other) for word in words)}

    assert found(index(*documents), piece) == wanted


@settings(deadline=None)
@given(
    st.text(
        st.sampled_from("疫情防控督查領導小組發布後臺灣颱風乾燥干部里程裏面頭髮并州併購制製複雜覆蓋"),
        min_size=1,
        max_size=30,
    )
)
def test_text_is_found_in_the_other_script(text):
    simplified, traditional = T2S.convert(text), S2T.convert(text)

    for script in (text, simplified, traditional):
        assert found(index(script), text) == {0}
        assert found(index(text), script) == {0}


@settings(deadline=None)
@given(st.text())
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(("one", "other"), [
    ("后宫", "後宮"), ("里面", "裏面"), ("里面", "裡面"), ("关于", "關於"), ("干部", "幹部"), ("干燥", "乾燥"),
    ("台风", "颱風"),
    ("台湾", "臺灣"), ("发展", "發展"), ("头发", "頭髮"), ("着手", "著手"), ("只有", "祇有"), ("制造", "製造"),
    ("复杂", "複雜"),
    ("二〇二二", "二○二二"), ("ＡＢＣ１２３", "abc123"), ("群众", "羣衆"), ("为了", "爲了"), ("线索", "綫索"),
])  # fmt: skip
def test_both_writings_of_a_word_meet(one, other):
    assert fold(one) == fold(other)


def test_word_characters_are_single_terms_to_the_tokenizer():
    characters = re.findall(f"[{WORD}]", fold("".join(map(chr, [*range(0xD800), *range(0xE000, 0x40000)]))))
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 0')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    rows = [(ord(character), f"{character}中") for character in set(characters)]
    connection.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", rows)
    terms = connection.execute("SELECT doc, group_concat(term) FROM v GROUP BY doc").fetchall()

    assert len(rows) > 90_000
    assert {chr(doc): term for doc, term in terms} == {character: f"{character}中" for character in characters}


def test_table_is_what_the_maker_makes():
    if f"OpenCC {opencc.__version__} " not in TABLE.read_text("utf-8"):
        pytest.skip("the table is frozen; another OpenCC is installed than it was made with")

    assert foldmaker.table() == TABLE.read_text("utf-8")


@pytest.mark.parametrize(("typed", "problem"), [
    ("", Problem.EMPTY), (" \u3000\n", Problem.EMPTY), ("。，！", Problem.NO_WORD), ('"""', Problem.NO_WORD),
    ("\x00", Problem.NO_WORD),
    ("-疫情", Problem.ONLY_EXCLUDED), ("OR", Problem.NO_WORD), ("疫 " * (MAX_WORDS + 1), Problem.TOO_LONG),
])  # fmt: skip
def test_query_that_says_nothing_finds_nothing_and_says_why(typed, problem):
    assert understand(typed).problem == problem
    assert found(index("疫情", "督查", "。"), typed) == set()


@pytest.mark.parametrize(("typed", "wanted"), [
    ("疫情 督查", {0}), ("疫情　督查", {0}), ("疫情 OR 督查", {0, 1, 2}), ("疫情|督查", set()),
    ("疫情 | 督查", {0, 1, 2}),
    ('"疫情督查"', {0}), ("“疫情督查”", {0}), ("「督查疫情」", set()), ("疫情 -督查", {1}),
    ("疫情 －督查", {1}), ("查", {0, 2}),
    ("疫 督", {0}), ('"疫情', {0, 1}), ("*", set()), ("疫情 NOT", set()), ("title:疫情", set()), ("a:b^c(", set()),
    ("防控 OR 督查 -疫情", {2}), ("COVID", {1}), ("ovid", {1}), ("ｃｏｖｉｄ－１９", {1}), ("x" * 5000, set()),
])  # fmt: skip
def test_query_language(typed, wanted):
    assert found(index("疫情督查", "疫情防控 COVID-19", "督查"), typed) == wanted


def test_headline_is_searched_alone_on_request():
    connection = sqlite3.connect(":memory:")
    connection.execute(SEARCH_TEXT_FIRST)
    rows = [(1, cut("疫情通报"), cut("正文")), (2, cut("通知"), cut("疫情"))]
    connection.executemany("INSERT INTO articles_fts(rowid, title, text) VALUES (?, ?, ?)", rows)

    assert found(connection, "headline:疫情") == found(connection, "标题：疫情") == {1}
    assert found(connection, "疫情") == {1, 2}
    assert found(connection, '疫情 -headline:"疫情通报"') == {2}


@settings(deadline=None)
@given(texts, texts)
def test_marks_leave_the_text_alone(text, typed):
    marked = mark(text, typed, marks=("\ue000", "\ue001"))

    assert marked.replace("\ue000", "").replace("\ue001", "") == text.replace("\ue000", "").replace("\ue001", "")


def test_hits_are_marked_across_scripts_and_spaces():
    assert mark("關於發布<疫 情>通報", "发布 疫情", marks=("[", "]")) == "關於[發布]<[疫 情]>通報"
    assert spans("ＣＯＶＩＤ－１９ 病例", "covid-19病") == [(0, 10)]


def test_snippet_shows_where_the_hits_are_densest():
    text = "疫情。" + "甲" * 300 + "督查督查" + "乙" * 300
    shown = snippet(text, "督查 疫情", marks=("[", "]"), width=40)

    assert "[督查][督查]" in shown
    assert shown.startswith("…甲")
    assert shown.endswith("乙…")
    assert len(shown) == 40 + 4 + 2


def test_snippet_escapes_the_text_and_not_the_marks():
    shown = snippet("<b>疫情</b>", "疫情", marks=("<mark>", "</mark>"), escape=lambda text: text.replace("<", "&lt;"))

    assert shown == "&lt;b><mark>疫情</mark>&lt;/b>"
