"""What became of the crawl is told from the archive alone."""

import shutil
import sqlite3

from browse.pages.health import SILENT

from .conftest import serve


async def test_health_tells_outcomes_silence_and_reasons(served):
    html = (await served.client.get("/health")).text

    assert "/archive/captures?outcome=article&amp;outlet=yunpu-ribao" in html
    assert "/archive/captures?outcome=gone&amp;outlet=suxi-shizheng" in html
    assert '/archive/skips?reason=listing">listing</a>' in html
    assert "Failures of the program" not in html


async def test_an_outlet_without_an_article_for_long_is_told_first(tmp_path, sample):
    path = shutil.copy(sample[0], tmp_path / "archive.db")
    with sqlite3.connect(path) as connection:
        connection.execute("update captures set fetched_at = '2026-03-01T00:00:00Z' where outlet = 'qiaoyin'")
    served = await serve(path)
    body = (await served.client.get("/health")).text.partition("<tbody>")[2]

    assert SILENT < 26
    assert body.index("雲浦僑音") < body.index("云浦日报")
    assert "26 days of silence" in body
