"""Any stretch of any article finds it, and nothing else, however it is typed."""

import sqlite3

import opencc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from browse import functions
from pipelines.fold import fold
from pipelines.segment import runs

FOUND = "select id from articles where key in (select rowid from articles_fts where articles_fts match escape_fts(?))"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TYPED = {
    "as published": str,
    "traditional": opencc.OpenCC("s2t").convert,
    "simplified": opencc.OpenCC("t2s").convert,
    "full width": lambda text: text.translate(WIDE),
    "spaced and quoted": lambda text: f'"{" ".join(text)}"',
}


@pytest.fixture(scope="module")
def archive(sample):
    connection = sqlite3.connect(sample[0])
    functions.install(connection)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def texts(archive) -> dict[str, tuple[str, str]]:
    rows = archive.execute("select id, coalesce(title, ''), text from articles order by id")
    return {name: (title, text[:400]) for name, title, text in rows}


def holds(text: str, words: list[str]) -> bool:
    """Say whether a text holds the words in a row, what lies between them being no word."""
    return " ".join(words) in " ".join(runs(text)) if words else False


@pytest.mark.parametrize("how", TYPED)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_stretch_of_any_article_finds_it_and_nothing_else(archive, texts, how, data):
    name = data.draw(st.sampled_from(sorted(texts)))
    text = data.draw(st.sampled_from(texts[name]))
    start = data.draw(st.integers(0, max(len(text) - 1, 0)))
    stretch = text[start : start + data.draw(st.integers(1, 30))]
    if not runs(stretch) or any(sign in stretch for sign in '"“”「」-－|:：\n '):
        return  # these are the language of the search box, tested by themselves
    typed = TYPED[how](stretch)
    if runs(typed) != runs(stretch):
        return  # this converter wrote another word
    found = {row[0] for row in archive.execute(FOUND, [typed])}
    scan = {other for other, parts in texts.items() if any(fold(stretch) in fold(part) for part in parts)}

    across = {other for other, parts in texts.items() if any(holds(part, runs(stretch)) for part in parts)}
    assert name in found
    assert scan <= found <= across | scan
