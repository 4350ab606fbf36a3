"""`fangzhi status` tells people, programs and alarms the same things: of a real crawl memory and a real archive."""

import json
import re
import sqlite3
import subprocess
import sys
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from crawler.frontier import Frontier
from crawler.lease import Failure, Found, Outcome
from crawler.rhythm import Trouble
from fangzhi.__main__ import cli
from fangzhi.status.alerts import RULES, alerts
from fangzhi.status.overview import overview
from tests.weekly_paper import MONDAY, OUTLET, build_weeks

NOW = MONDAY + timedelta(weeks=7, days=1, hours=4)
SAMPLE = re.compile(r'fangzhi_[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?\d+')


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    """An archive with a silent Monday, and the memory of its crawl: a dead feed, blocked pages, one given up."""
    folder = tmp_path_factory.mktemp("status")
    build_weeks(folder)
    with sqlite3.connect(folder / "archive.db") as database:
        database.execute("UPDATE builds SET started = ?", [NOW.isoformat()])
    database.close()
    with Frontier(folder / "crawl.db", clock=NOW.timestamp) as memory:
        remember(memory)
        memory.end("finished")
    return folder


def remember(memory: Frontier, slug="daily") -> None:
    memory.begin({"outlets": [slug]})
    source = memory.register(OUTLET, "column", OUTLET.sources[0].url)
    pages = [Found(url=f"http://daily.example/{one}.html", kind="article") for one in range(6)]
    memory.add(slug, [Found(url=OUTLET.sources[0].url, kind="column")], source=source)
    memory.add(slug, pages, source=source, via=OUTLET.sources[0].url)
    entry = memory.lease("daily.example", [slug])
    for _ in range(3):
        memory.fail(entry, Failure(trouble=Trouble.DNS, detail="no such name"))
    for trouble in (Trouble.TOO_LARGE, *[Trouble.BLOCKED] * 3):
        memory.fail(memory.lease("daily.example", [slug]), Failure(trouble=trouble, detail="x", status=200))
    memory.acknowledge(memory.lease("daily.example", [slug]), Outcome(status=200, stored=None, changed=True))


def status(folder, *words):
    paths = ["--crawl-db", str(folder / "crawl.db"), "--archive", str(folder / "archive.db")]
    return CliRunner().invoke(cli, ["status", *paths, *words])


def test_people_read_what_was_fetched_what_failed_and_which_days_lack_something(weeks):
    shown = status(weeks).output

    assert re.search(r"last crawl: began 2026-02-24 06:00, finished 2026-02-24 06:00 \(UTC\)", shown)
    assert re.search(r"^ daily +2026-02-24 06:00 +2026-02-24 06:00 +1 +74 +0 +0 +5 *$", shown, re.MULTILINE)
    assert "daily: column http://daily.example/list.html: failed 3 times in a row: dns: no such name" in shown
    assert "daily: 3 × blocked: a firewall answered in place of the site" in shown
    assert "given up: http://daily.example/0.html: the answer is larger than is kept (x)" in shown
    assert "daily: gap on 2026-02-16: 0 articles, usual are 6" in shown
    assert "(no outlet)" not in shown


def test_programs_read_the_same(weeks):
    told = json.loads(status(weeks, "--json").output)
    (daily,) = told["outlets"]

    assert (told["running"], told["runs"][0]["outcome"]) == (False, "finished")
    assert (daily["outlet"], daily["captured"], daily["queued"], daily["articles"]) == ("daily", 1, 5, 74)
    assert daily["troubles"] == {"blocked": 3, "dns": 1, "too-large": 1}
    assert daily["gaps"][0] == {"day": "2026-02-23", "expected": 0, "obtained": 0, "usual": 6, "gap": "unusual"}
    assert [source["failures"] for source in daily["sources"]] == [3]


def test_an_alarm_reads_one_line_each_and_a_code_of_its_own(weeks):
    checked = status(weeks, "--check")

    assert checked.exit_code == 10
    assert "daily: 3 addresses: a firewall answered in place of the site" in checked.output.splitlines()


def test_prometheus_reads_every_line(weeks):
    lines = status(weeks, "--metrics").output.splitlines()
    samples = [line for line in lines if not line.startswith("#")]

    assert all(SAMPLE.fullmatch(line) for line in samples)
    assert 'fangzhi_outlet_articles{outlet="daily"} 74' in samples
    assert 'fangzhi_outlet_troubles{outlet="daily",trouble="blocked"} 3' in samples
    assert 'fangzhi_source_failures{outlet="daily",type="column",url="http://daily.example/list.html"} 3' in samples
    assert f"fangzhi_crawl_last_timestamp_seconds {NOW.timestamp():.0f}" in samples
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {re.match(r"\w+", line)[0] for line in samples} <= named


def rules_of(found, now):
    return {alert.rule for alert in alerts(found, now)}


def test_every_rule_of_the_alarm_has_a_case_for_and_against_it(weeks, tmp_path):
    found = overview(weeks / "crawl.db", weeks / "archive.db")
    quiet = overview(weeks / "nowhere.db", weeks / "archive.db")
    with Frontier(tmp_path / "killed.db", clock=NOW.timestamp) as memory:
        memory.begin({"outlets": ["daily"]})
    killed = overview(tmp_path / "killed.db", tmp_path / "no.db")
    for_it = {
        "crawl_failed": rules_of(killed, NOW),
        "no_crawl": rules_of(found, NOW + timedelta(days=3)),
        "gap": rules_of(found, NOW),
        "dead_source": rules_of(found, NOW),
        "firewall": rules_of(found, NOW),
    }
    against_it = {
        "crawl_failed": rules_of(found, NOW),
        "no_crawl": rules_of(found, NOW + timedelta(days=1)),
        "gap": rules_of(found, NOW + timedelta(days=30)),
        "dead_source": rules_of(quiet, NOW),
        "firewall": rules_of(quiet, NOW),
    }

    assert set(for_it) == set(against_it) == {rule.__name__ for rule in RULES}
    assert [name for name, seen in for_it.items() if name not in seen] == []
    assert [name for name, seen in against_it.items() if name in seen] == []


def test_a_crawl_that_runs_is_not_said_to_be_killed(tmp_path):
    with Frontier(tmp_path / "crawl.db", clock=NOW.timestamp) as memory:
        memory.begin({"outlets": ["daily"]})
        running = overview(tmp_path / "crawl.db", tmp_path / "archive.db")

        assert running.running
        assert rules_of(running, NOW + timedelta(days=9)) == set()
        assert "not ended: it runs" in status(tmp_path).output
    assert "not ended: it was killed" in status(tmp_path).output


def test_days_on_which_an_outlet_gave_no_answer_at_all_are_gaps(weeks, tmp_path):
    """A site that is down leaves no capture: that it was asked is known to crawl.db alone."""
    later = NOW + timedelta(weeks=1)
    with Frontier(tmp_path / "crawl.db", clock=later.timestamp) as memory:
        memory.begin({"outlets": ["daily"]})
        memory.end("finished")
    before = {day.day for day in overview(weeks / "crawl.db", weeks / "archive.db").outlets[0].gaps}
    with sqlite3.connect(weeks / "archive.db") as old, sqlite3.connect(tmp_path / "archive.db") as database:
        old.backup(database)
        database.execute("UPDATE builds SET started = ?", [later.isoformat()])
    old.close()
    database.close()
    after = {day.day for day in overview(tmp_path / "crawl.db", tmp_path / "archive.db").outlets[0].gaps}

    assert after - before == {"2026-03-02"}  # the Monday; the Tuesday has begun, no other day has ever more than one
    assert date.fromisoformat(max(after)) < later.date()


def test_what_was_added_without_an_outlet_is_said_to_have_none(tmp_path):
    (tmp_path / "a.html").write_text("<title>x</title><p>没有正文", "utf-8")
    command = [sys.executable, "-m", "fangzhi", "add", "a.html"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    shown = status(tmp_path).output

    assert "(no outlet): no article in: 1 " in shown
    assert not re.search(r"^ *:", shown, re.MULTILINE)
    assert json.loads(status(tmp_path, "--json").output)["outlets"][0]["outlet"] is None


def test_forms_exclude_each_other(weeks):
    assert status(weeks, "--json", "--metrics").exit_code == 2
