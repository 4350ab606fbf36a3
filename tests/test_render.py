"""Pages that scripts make are made by a real browser, which reaches nothing but through the crawl itself."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from crawler.reader import iter_captures
from fangzhi.__main__ import cli
from fangzhi.demo import load_demo_outlets, serve, truth
from fangzhi.verify import verify
from pipelines.build import build, warc_files
from pipelines.digest import tables
from tests.asking import rows

pytest.importorskip("scrapy_playwright", reason="the extra `browser` is not installed")
pytestmark = pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium here")
RUNNER = Path(__file__).with_name("run_crawl.py")


def crawled(folder: Path, outlets, **options) -> dict:
    """Crawl in a process of its own, since a browser cannot be shared by forks; return the report."""
    given = {
        "outlets": [outlet.model_dump(mode="json") for outlet in outlets],
        "captures": str(folder / "captures"), "crawl_db": str(folder / "crawl.db"), "lifetime": 100, **options,
    }  # fmt: skip
    command = [sys.executable, str(RUNNER), json.dumps(given)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """Crawl the street office on both days; return folder, port and what the server was asked for."""
    folder = tmp_path_factory.mktemp("rendered")
    with serve(0, 1) as server:
        outlets = load_demo_outlets(server.port, scripted=True)
        crawled(folder, outlets.values())
        server.day = 2
        crawled(folder, outlets.values(), recheck=0)
        asked = {path for host, path, _ in server.requests if host.startswith("tanghe")}
        port = server.port
    build(folder / "captures", folder / "archive.db", outlets, workers=0)
    return folder, port, asked


def test_articles_that_scripts_make_read_as_they_were_written(days):
    folder, port, _ = days
    found = {
        url: (title, text) for url, title, text in rows(folder / "archive.db", "SELECT url, title, text FROM articles")
    }
    wanted = {one.url: one for one in truth(2, port, scripted=True) if one.readable}

    assert found == {url: (one.title, "\n".join(one.paragraphs)) for url, one in wanted.items()}
    assert len(found) == 4


def test_change_is_seen_though_the_server_sends_the_same_shell(days):
    archive = days[0] / "archive.db"
    shells = (
        "SELECT count(DISTINCT sha256), count(*) FROM captures WHERE fetched_as = 'shell' AND url LIKE '%7002.html'"
    )

    assert rows(archive, "SELECT url LIKE '%7002.html' FROM articles WHERE status = 'changed'") == [(1,)]
    assert rows(archive, shells) == [(1, 2)]
    assert rows(archive, "SELECT DISTINCT rendered, outcome FROM captures WHERE fetched_as = 'article'") == [
        (1, "article")
    ]


def test_robots_txt_and_the_outlets_hosts_bind_the_browser_too(days):
    _, _, asked = days

    assert {"/robots.txt", "/js/page.js", "/data/zwdt.json", "/data/7001.json"} <= asked
    assert not any(path.startswith("/stat") for path in asked)


def test_what_came_what_scripts_asked_for_and_what_they_made_are_all_kept(days):
    folder, port, _ = days
    records, urls = {}, {}
    for path in warc_files(folder / "captures"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                fields = dict(record.rec_headers.headers)
                records[fields["WARC-Record-ID"]] = (record.rec_type, fields)
                record.content_stream().read()
                urls.setdefault(fields.get("WARC-Target-URI"), []).append((record.rec_type, fields.get("Fangzhi-Kind")))
    article = f"http://tanghe.shitang.localhost:{port}/zwdt/2026/7001.html"
    made = [fields for kind, fields in records.values() if kind == "conversion"]

    assert urls[article][:3] == [("response", "shell"), ("request", None), ("conversion", "article")]
    assert ("response", "part") in urls[f"http://tanghe.shitang.localhost:{port}/data/7001.json"]
    assert made
    for fields in made:
        kind, source = records[fields["WARC-Refers-To"]]
        assert (kind, source["WARC-Target-URI"]) == ("response", fields["WARC-Target-URI"])


def test_archive_of_rendered_pages_is_built_anew_with_equal_content(days, tmp_path):
    folder, port, _ = days
    build(folder / "captures", tmp_path / "again.db", load_demo_outlets(port, scripted=True), workers=0)

    assert tables(tmp_path / "again.db") == tables(folder / "archive.db")


def test_what_the_scripts_of_an_article_asked_for_is_purged_with_it(days, tmp_path):
    folder, port, _ = days
    shutil.copytree(folder, tmp_path / "here")
    here = tmp_path / "here"
    ((text,),) = rows(here / "archive.db", "SELECT substr(text, 1, 20) FROM articles WHERE url LIKE '%7001.html'")
    captures = [one for path in warc_files(here / "captures") for one in iter_captures(path)]
    said = json.dumps(text).strip('"')
    before = {one.url for one in captures if text in one.body.decode() or said in one.body.decode()}
    url = f"http://tanghe.shitang.localhost:{port}/zwdt/2026/7001.html"
    stores = ("--captures", here / "captures", "--archive", here / "archive.db", "--crawl-db", here / "crawl.db")
    words = ["withdraw", url, "--level", "purge", "--reason", "ordered", *stores]
    done = CliRunner().invoke(cli, [*map(str, words)])
    captures = [one for path in warc_files(here / "captures") for one in iter_captures(path)]

    assert done.exit_code == 0, done.output
    assert before == {url, url.replace("/zwdt/2026/", "/data/").replace("html", "json")}
    assert [one.url for one in captures if text in one.body.decode() or said in one.body.decode()] == []
    assert {one.url for one in captures if one.purged} == before
    assert [one.url for one in captures if one.kind == "part" and one.url.endswith(".js") and not one.purged]
    assert list(verify(here / "captures", here / "archive.db", here / "crawl.db")) == []


CHALLENGE = "<html><script>document.cookie='__jsl_clearance=1';location.reload()</script></html>"
HANGS = "<html><body><p>x</p><script>while (true) {}</script></body></html>"
LEADS_AWAY = """<html><meta charset=utf-8><body><p id=a>before</p><script>
fetch('http://other.localhost:{port}/x.json').catch(() => fetch('http://127.0.0.1:{port}/y.json'))
  .catch(() => { document.getElementById('a').textContent = '石桥镇完成春耕机具检修，农机手全部到岗。'; });
</script></body></html>"""


def test_browser_solves_nothing_reaches_nothing_else_and_never_hangs_the_crawl(loopback):
    loopback.put("/list.html", "".join(f'<a href="/a/{n}.html">第{n}条</a>' for n in (1, 2, 3)))
    loopback.put("/a/1.html", CHALLENGE)
    loopback.put("/a/2.html", HANGS)
    loopback.put("/a/3.html", LEADS_AWAY.replace("{port}", str(loopback.port)))
    outlet = loopback.outlet(browser=True)
    report = crawled(loopback.folder, [outlet], timeout=6, delay=0)
    counts = report["outlets"]["paper"]
    why = dict(rows(loopback.folder / "crawl.db", "SELECT substr(url, -6, 1), error FROM urls WHERE kind = 'article'"))
    made = [one for one in loopback.captures() if one.rendered and one.kind == "article"]

    assert (counts["blocked"], counts["new"], report["bugs"]) == (1, 1, [])
    assert why == {"1": "blocked", "2": "broken-off", "3": None}
    assert [one.url[-9:] for one in made] == ["/a/3.html"]
    assert "石桥镇完成春耕机具检修" in made[0].body.decode()
    assert loopback.paths("other") == []
    assert not {path for _, path, _ in loopback.seen} & {"/x.json", "/y.json"}
    assert loopback.paths().count("/a/1.html") == 1


@pytest.mark.parametrize(
    "gone",
    ["sys.modules['scrapy_playwright'] = None", "import os; os.environ.update(PATH='/nowhere', HOME='/nowhere')"],
    ids=["extra", "chromium"],
)
def test_without_a_browser_one_line_names_the_fix(tmp_path, gone):
    code = f"import sys; {gone}; from fangzhi.__main__ import main; main()"
    command = [sys.executable, "-c", code, "demo", "--browser", "--no-serve", "--web-port", "8479"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 3
    assert "tanghe-jiedao: browser = true needs a browser: pip install 'fangzhi[browser]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_rendered_pages_are_read_back_as_such(days):
    folder, _, _ = days
    captures = [one for path in warc_files(folder / "captures") for one in iter_captures(path)]
    kinds = {(one.kind, one.rendered) for one in captures}

    assert kinds == {("robots", False), ("shell", False), ("part", False), ("column", True), ("article", True)}
