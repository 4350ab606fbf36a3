"""Five days of the demonstration web: of each thing that happens, SQL, the API and the page say the same, and right."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from datasette.plugins import pm

from browse import plugin
from fangzhi.demo.sites import daily, farm, health, mirror, overseas, portal
from fangzhi.demo.story import stories
from pipelines.url import article_id

if not pm.is_registered(plugin):  # where the project is not installed
    pm.register(plugin, "fangzhi")
METADATA = Path(__file__).parents[1] / "datasette_metadata.json"


class Record:
    """The archive after the last day, asked in the three ways; addresses are given by site and story."""

    def __init__(self, days):
        self.days = days
        settings = {"sql_time_limit_ms": 5000, "num_sql_threads": 1}
        metadata = json.loads(METADATA.read_text("utf-8"))
        self.client = Datasette([str(days.archive(5))], metadata=metadata, settings=settings).client

    def url(self, site, number: str, host: str = "") -> str:
        name = site.__name__.rpartition(".")[2]
        story = next(one for one in stories(name) if one.id == number)
        return f"http://{host or site.HOST}:{self.days.port}{site.address(story)}"

    def row(self, url: str, day: int = 5):
        (found,) = self.days.rows(day, "SELECT * FROM articles WHERE id = ?", article_id(url))
        return found

    async def json(self, path: str):
        response = await self.client.get(path)
        assert response.status_code == 200, response.text[:300]
        return response.json()

    async def article(self, url: str):
        return (await self.json(f"/api/article?url={quote(url, safe='')}"))["article"]

    async def page(self, path: str) -> str:
        response = await self.client.get(path)
        assert response.status_code == 200, response.text[:300]
        return response.text


@pytest.fixture
def record(demo_days) -> Record:
    return Record(demo_days)


EDITED = [
    (portal, "100233", ["figure", "figure", "figure", "correction"], "numbers and a notice"),
    (portal, "100235", ["headline"], "headline"),
    (daily, "21002", ["name"], "a name taken out"),
    (daily, "21006", ["cut"], "a paragraph cut"),
]


@pytest.mark.parametrize(("site", "number", "kinds", "_"), EDITED, ids=[row[3] for row in EDITED])
async def test_an_edit_is_kept_as_a_version_and_classed(record, site, number, kinds, _):
    url = record.url(site, number)
    name = article_id(url)
    told = record.days.rows(5, "SELECT kind FROM edits WHERE article = ? ORDER BY n, place", name)
    versions = (await record.json(f"/api/article/{name}/versions"))["versions"]
    listed = await record.json(f"/api/changes?edit={kinds[0]}&size=100")

    assert [row["kind"] for row in told] == kinds
    assert [edit["kind"] for edit in versions[1]["edits"]] == kinds
    assert (len(versions), versions[0]["changed"], 0 < versions[1]["changed"] < 0.2) == (2, None, True)
    assert [change["article"]["id"] for change in listed["changes"]] == [name]
    assert name in await record.page(f"/changes?edit={kinds[0]}")
    assert "characters of both" in await record.page(f"/article/{name}/versions")
    assert record.row(url)["status"] == "changed"


def test_nothing_else_is_a_version(record):
    several = record.days.rows(5, "SELECT DISTINCT article FROM versions WHERE n > 1")

    assert {row["article"] for row in several} == {article_id(record.url(site, number)) for site, number, *_ in EDITED}


async def test_a_removal_is_missing_at_first_and_gone_when_days_have_shown_it(record):
    url = record.url(daily, "21016")
    found = await record.article(url)
    changes = (await record.json("/api/changes?kind=gone&size=100"))["changes"]

    assert [record.row(url, day)["status"] for day in range(1, 6)] == ["alive", "alive", "alive", "gone", "gone"]
    assert (found["status"], found["gone_at"][:10], found["last_seen"][:10]) == ("gone", "2026-03-14", "2026-03-11")
    assert found["absences"][0]["missing_at"][:10] == "2026-03-12"
    assert found["id"] in {change["article"]["id"] for change in changes}
    assert "Last seen alive" in await record.page(f"/article/{found['id']}")
    assert len(found["text"]) > 100


async def test_what_returns_is_said_to_be_back(record):
    url = record.url(daily, "21018")
    found = await record.article(url)
    changes = (await record.json("/api/changes?kind=back"))["changes"]

    assert [record.row(url, day)["status"] for day in (3, 4, 5)] == ["alive", "gone", "back"]
    assert (found["status"], found["gone_at"], found["absences"][0]["back_at"][:10]) == ("back", None, "2026-03-15")
    assert [change["article"]["id"] for change in changes] == [found["id"]]
    assert "there again" in await record.page(f"/article/{found['id']}")


async def test_one_404_is_no_deletion_and_a_block_page_no_look(record):
    once, blocked = await record.article(record.url(daily, "21010")), await record.article(record.url(portal, "100239"))

    assert (once["status"], [absence["gone_at"] for absence in once["absences"]]) == ("alive", [None])
    assert (blocked["status"], blocked["absences"]) == ("alive", [])
    looks = "SELECT outcome FROM captures WHERE article = ? AND outcome = 'skip'"
    assert len(record.days.rows(5, looks, blocked["id"])) == 1


async def test_a_move_with_redirects_keeps_ids_and_both_addresses(record):
    old, new = record.url(overseas, "1021"), record.url(overseas, "1021", overseas.NEW_HOST)
    found = await record.article(new)
    second = await record.client.get(f"/article/{article_id(new)}", follow_redirects=False)

    assert (found["id"], found["url"], found["status"]) == (article_id(old), new, "alive")
    assert [(one["url"], one["how"], one["since"][:10]) for one in found["aliases"]] == [(new, "moved", "2026-03-13")]
    assert (second.status_code, second.headers["location"]) == (301, f"/article/{article_id(old)}")
    assert overseas.NEW_HOST in await record.page(f"/article/{article_id(old)}")
    assert record.days.rows(5, "SELECT count(*) AS n FROM articles WHERE outlet = 'huaize-qiaosheng'")[0]["n"] == 10


async def test_a_move_without_redirects_keeps_ids_by_the_rule_of_the_outlet(record):
    old, new = record.url(health, "5011"), record.url(health, "5011", health.NEW_HOST)
    found = await record.article(new)

    assert (found["id"], found["url"], found["status"]) == (article_id(old), new, "alive")
    assert [(one["url"], one["how"], one["since"][:10]) for one in found["aliases"]] == [(new, "rule", "2026-03-14")]
    assert record.days.rows(5, "SELECT count(*) AS n FROM articles WHERE outlet = 'shitang-wjw'")[0]["n"] == 12


async def test_a_site_made_anew_is_one_upheaval_and_no_deletions_in_the_stream(record):
    (upheaval,) = record.days.rows(5, "SELECT * FROM upheavals")
    changes = (await record.json("/api/changes?kind=gone&size=100"))["changes"]
    outlet = (await record.json("/api/outlet/wensun-fanwen"))["outlet"]

    assert (upheaval["outlet"], upheaval["missing"], upheaval["held"]) == ("wensun-fanwen", 6, 6)
    assert {change["article"]["outlet"] for change in changes} == {"huaize-ribao"}
    assert [one["missing"] for one in outlet["upheavals"]] == [6]
    assert "made anew" in await record.page("/changes")
    assert "made anew" in await record.page("/outlet/wensun-fanwen")
    gone = "SELECT count(*) AS n FROM articles WHERE outlet = 'wensun-fanwen' AND status = 'gone'"
    assert record.days.rows(5, gone)[0]["n"] == 6


def copy_at(record, there: str, day: int = 5):
    path = next(copy.path for copy in farm.copies(day) if copy.story.id == there)
    return record.row(f"http://{farm.HOST}:{record.days.port}{path}", day)


async def test_a_farm_that_copied_before_the_original_was_seen_is_no_original(record):
    before, after = copy_at(record, "21023", 3), copy_at(record, "21023")
    wanted = "SELECT * FROM wanted WHERE outlet = 'huaize-ribao'"
    copies = (await record.json(f"/api/cluster/{after['cluster']}"))["copies"]

    assert before["cluster"] is None
    assert [row["texts"] for row in record.days.rows(3, wanted)] == [1]  # whose original is asked for by its name
    assert record.days.rows(5, wanted) == []
    assert before["first_seen"] < record.row(record.url(daily, "21023"))["first_seen"]
    assert [copy["url"] for copy in copies if copy["is_original"]] == [record.url(daily, "21023")]


def test_the_most_wanted_originals_are_listed_with_their_outlet(record):
    command = [sys.executable, "-m", "fangzhi", "status", "--wanted", "--archive", str(record.days.archive(3))]
    told = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=60, check=True).stdout
    found = {one["name"]: one for one in json.loads(told)}
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    assert (found["槐泽日报"]["outlet"], found["槐泽日报"]["texts"]) == ("huaize-ribao", 1)
    assert (found["岚江晚刊"]["outlet"], found["岚江晚刊"]["copies"]) == (None, 1)
    assert "槐泽新闻网" not in found
    assert "岚江晚刊" in shown


async def test_a_chain_of_copies_is_kept(record):
    second = copy_at(record, "21021")
    copies = {copy["article"]: copy for copy in (await record.json(f"/api/cluster/{second['cluster']}"))["copies"]}
    first = copies[copies[second["id"]]["taken_from"]]

    assert first["outlet"] == "huaize-news"
    assert copies[first["taken_from"]]["url"] == record.url(daily, "21021")
    assert copies[first["taken_from"]]["taken_from"] is None
    assert "Taken from" in await record.page(f"/cluster/{second['cluster']}")


async def test_links_to_the_page_that_was_copied_tell_the_chain(record):
    taken = {number: copy_at(record, number) for number in (*farm.LINKED, farm.NAMED)}
    rules = {
        number: json.loads(
            record.days.rows(5, "SELECT evidence FROM reprints WHERE article = ?", row["id"])[0]["evidence"]
        )
        for number, row in taken.items()
    }
    told = await record.article(taken["21003"]["url"])
    copies = (await record.json(f"/api/cluster/{told['cluster']}"))["copies"]
    parent = {copy["article"]: copy["taken_from"] for copy in copies}
    outlets = {copy["article"]: copy["outlet"] for copy in copies}

    assert [rules[number]["taken_from"] for number in farm.LINKED] == ["link_named"] * 3
    assert rules[farm.NAMED]["taken_from"] == "source_named"
    assert [one["rule"] for one in told["origins"]] == ["original_link"]
    assert outlets[parent[told["id"]]] == "huaize-news"
    assert outlets[parent[parent[told["id"]]]] == "huaize-ribao"
    assert told["origins"][0]["url"] in await record.page(f"/article/{told['id']}")


async def test_farm_and_mirror_are_known_by_what_they_do(record):
    acts = {row["site"]: row["acts_as"] for row in record.days.rows(5, "SELECT site, acts_as FROM conduct")}
    told = (await record.json("/api/outlet/lanzuo-jixie"))["outlet"]["conduct"]
    page = await record.page("/outlet/chenyu-kuaixun")

    assert {site: kind for site, kind in acts.items() if kind} == {"chenyu-kuaixun": "farm", "lanzuo-jixie": "mirror"}
    assert (told["acts_as"], told["copies"], told["damaged"]) == ("mirror", 13, 13)
    assert "under another headline" in page
    assert "acts as:" in page


async def test_a_hijacked_mirror_is_a_copy_that_keeps_what_was_taken_out(record):
    there, number, _ = next(copy for copy in mirror.COPIES if copy[0] == "21002")
    copy = record.row(f"http://{mirror.HOST}:{record.days.port}{mirror.address(number)}")
    original = record.row(record.url(daily, there))

    assert copy["cluster"] == original["cluster"]
    assert "冉松年" in copy["text"].replace("鬆", "松")
    assert "冉松年" not in original["text"]


async def test_no_id_changes_from_day_to_day(record):
    for day in range(1, 5):
        earlier = {row["id"] for row in record.days.rows(day, "SELECT id FROM articles")}
        later = {row["id"] for row in record.days.rows(day + 1, "SELECT id FROM articles")}
        assert earlier <= later
