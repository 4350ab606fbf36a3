"""The live table of a crawl counts what a build makes of the captures, beside what was fetched."""

import time
from io import StringIO

from rich.console import Console

from crawler.report import Counts, Progress
from fangzhi import crawling
from fangzhi.crawling import Watch, table_of
from fangzhi.tally import Made, Tally
from tests.weekly_paper import build_weeks


def test_articles_of_a_build_appear_beside_the_pages(tmp_path):
    with Tally(tmp_path / "archive.db", every=0.05) as tally:
        before = tally.of("daily")
        build_weeks(tmp_path)
        deadline = time.monotonic() + 60
        while tally.of("daily").articles < 74 and time.monotonic() < deadline:
            time.sleep(0.02)
        console = Console(width=80, file=StringIO())
        progress = Progress(outlets={"daily": Counts(new=74, delay=2.5)}, seconds=60.0)
        console.print(table_of(progress, {"daily": "云岭日报"}, title="crawling", width=80, tally=tally))
        shown = console.file.getvalue()

    assert before == Made(0, 0)
    assert shown.splitlines()[1].split()[-4:] == ["/min", "delay", "articles", "skips"]
    assert shown.splitlines()[2].split()[-4:] == ["74", "2.5", "74", "0"]
    assert Tally(tmp_path / "archive.db").of("daily") == Made(0, 0)  # what was there before is not counted


def test_where_nobody_watches_a_line_tells_what_is_in_the_archive(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(crawling, "PLAIN_EVERY", 0.0)
    with Watch({"daily": "云岭日报"}, tmp_path / "archive.db") as watch:
        build_weeks(tmp_path)
        watch.tally._now = watch.tally._count()
        watch(Progress(outlets={"daily": Counts(new=74, queued=3)}, seconds=37.0))

    said = "crawling: 74 fetched, 3 queued, 0 failed, 2 a second; in the archive: 74 new articles, 0 skips"
    assert capsys.readouterr().err.splitlines() == [said]
