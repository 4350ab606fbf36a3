"""Golden pages: the bytes of a page as received give exactly its article."""

import json

import pytest

from pipelines.flow import read
from tests.golden_pages import PAGES, capture, fields, write

FOLDERS = sorted(path for path in PAGES.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_page_gives_its_article(folder, request):
    if request.config.getoption("--write-golden"):
        write(folder)

    assert fields(read(capture(folder))) == json.loads((folder / "article.json").read_text("utf-8"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_same_page_gives_the_same_article_every_time(folder):
    first = read(capture(folder))

    assert all(read(capture(folder)) == first for _ in range(5))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_field_says_where_it_came_from(folder):
    article = read(capture(folder))
    told = {item.field for item in article.evidence if item.won}

    assert "text" in told
    for name, value in (("title", article.title), ("date", article.published_at), ("source", article.source)):
        assert (value is None) or name in told
    assert {item.value for item in article.evidence if item.field == "authors"} == set(article.authors)
