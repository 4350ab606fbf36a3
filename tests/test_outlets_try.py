"""The dry run: what a crawl would do with an address, and which rule of which file says so."""

import json
import subprocess
import sys
from datetime import date

import pytest

from crawler.foresee import STEPS, Asked, Fate, foresee
from crawler.frontier import Frontier
from crawler.lease import Failure, Found, Outcome
from crawler.outlet import Outlet
from crawler.rhythm import RETRIES, Trouble
from crawler.robots import RobotsLines
from fangzhi.demo import serve

TODAY = date(2026, 3, 12)
HOME = "http://paper.example"
OUTLET = Outlet.model_validate(
    {
        "slug": "paper",
        "name": "河湾日报",
        "home": f"{HOME}/",
        "kind": "paper",
        "sources": [{"type": "column", "url": f"{HOME}/list.html"}],
        "urls": {"article": [r"/x/\d+", r"/a/\d+\.html$"], "list": [r"/list"], "never": ["/comment/"]},
        "overrides": [
            {"valid_until": "2019-12-31", "urls": {"article": [r"/old/\d+"]}},
            {"valid_from": "2026-01-01", "body": "//div[@id='zoom']"},
        ],
    }
)
OPEN = RobotsLines(b"", None)
CLOSED = RobotsLines(b"User-agent: *\nDisallow: /a/9\nAllow: /a/8", None)


@pytest.fixture(scope="module")
def memory(tmp_path_factory):
    """A crawl.db in which /a/1 is held, /a/2 waits for another try, /a/3 was given up, /a/4 was only found."""
    with Frontier(tmp_path_factory.mktemp("try") / "crawl.db") as memory:
        memory.begin({})
        memory.add("paper", [Found(url=f"{HOME}/a/{one}.html", kind="article") for one in (1, 2, 3, 4)])
        leases = [memory.lease("paper.example", ["paper"]) for _ in range(3)]
        memory.acknowledge(leases[0], Outcome(status=200, stored=None, changed=True))
        memory.fail(leases[1], Failure(trouble=Trouble.GONE, detail="status 404"))
        assert RETRIES[Trouble.TOO_LARGE] == ()
        memory.fail(leases[2], Failure(trouble=Trouble.TOO_LARGE, detail="truncated: length"))
        memory.database.execute("INSERT INTO never VALUES (?)", (f"{HOME}/a/6.html".partition("://")[2],))
        yield memory


# the step that decides: the address, what a source takes it for, robots.txt; the fate, words of why
FATES = [
    ("not_an_address", "javascript:void(0)", None, OPEN, Fate.NO_ADDRESS, "not an address"),
    ("off_site", "http://stranger.example/a/7.html", None, OPEN, Fate.OFF_SITE, "none of paper.example"),
    ("never", f"{HOME}/comment/a/7.html", "article", OPEN, Fate.NEVER, "never by urls.never[1] '/comment/'"),
    ("withdrawn", f"{HOME}/a/6.html", "article", OPEN, Fate.NEVER, "withdrawn, never to be fetched again"),
    ("unclaimed", f"{HOME}/about", None, OPEN, Fate.NO_RULE, "sitemaps and columns leave it alone"),
    ("forbidden", f"{HOME}/a/9.html", None, CLOSED, Fate.ROBOTS, "line 2: Disallow: /a/9; by its address article by"),
    ("forbidden", f"{HOME}/a/7.html", None, None, Fate.ROBOTS, "cannot be had"),
    ("a_list", f"{HOME}/list_2.html", None, OPEN, Fate.LIST, "list by urls.list[1] '/list'"),
    ("a_list", f"{HOME}/feed", "feed", OPEN, Fate.LIST, "a page of a source (feed)"),
    ("given_up", f"{HOME}/a/3.html", None, OPEN, Fate.GIVEN_UP, "larger than is kept (truncated: length); fangzhi"),
    ("held", f"{HOME}/a/1.html", None, OPEN, Fate.HELD, r"article by urls.article[2] '/a/\d+\.html$'"),
    ("waits", f"{HOME}/a/2.html", None, OPEN, Fate.WAITS, "the page is gone (404 or 410) (status 404); to be tried"),
    ("to_fetch", f"{HOME}/a/4.html", None, OPEN, Fate.FETCH, "found, not fetched yet; article by urls.article[2]"),
    ("to_fetch", f"{HOME}/a/8.html", None, CLOSED, Fate.FETCH, "robots.txt, line 3: Allow: /a/8"),
    ("to_fetch", f"{HOME}/f.pdf", None, OPEN, Fate.FETCH, "asset by urls.asset[1]"),
    ("to_fetch", f"{HOME}/story", "article", OPEN, Fate.FETCH, "article, as its source says; no URL rule matches"),
]


@pytest.mark.parametrize(("step", "url", "kind", "robots", "fate", "why"), FATES)
def test_every_address_meets_a_fate_with_its_reason(memory, step, url, kind, robots, fate, why):
    asked = Asked(
        url=url,
        outlet=OUTLET,
        today=TODAY,
        kind=kind,
        robots=robots,
        row=memory.row(url),
        withdrawn=memory.is_withdrawn(url),
    )
    told = foresee(asked)

    assert told.fate is fate
    assert why in told.why
    assert step in {one.__name__ for one in STEPS}


def test_every_step_has_a_case():
    assert {row[0] for row in FATES} == {step.__name__ for step in STEPS}


def test_the_rules_and_overrides_are_those_of_the_day():
    now = foresee(Asked(url=f"{HOME}/old/7", outlet=OUTLET, today=TODAY, robots=OPEN))
    then = foresee(Asked(url=f"{HOME}/old/7", outlet=OUTLET, today=date(2019, 5, 1), robots=OPEN))

    assert (now.fate, then.fate) == (Fate.NO_RULE, Fate.FETCH)
    assert now.override == "overrides[2] (2026-01-01 to …): body \"//div[@id='zoom']\""
    assert then.why == r"article by overrides[1].urls.article[1] '/old/\d+'"
    assert OUTLET.classify(f"{HOME}/old/7") is None
    assert OUTLET.classify(f"{HOME}/old/7", date(2019, 5, 1)) == "article"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration web, and the file of one of its outlets at this port."""
    folder = tmp_path_factory.mktemp("outlets")
    with serve(0) as web:
        base = f"http://news.huaize.localhost:{web.port}"
        sources = f'[[sources]]\ntype = "column"\nurl = "{base}/mssh/"\nnext = "下一页"\n'
        rules = "[urls]\narticle = ['/\\d{4}/\\d{2}/\\d{2}/c_\\d+\\.html$']\nlist = ['/mssh/']\nnever = ['/about/']\n"
        head = f'name = "槐泽新闻网"\nhome = "{base}/"\nkind = "portal"\nprivate = true\ndelay = 0\n'
        (folder / "news.toml").write_text(head + sources + rules, "utf-8")
        yield folder, base


def run(*words, folder, cwd):
    command = [sys.executable, "-m", "fangzhi", "outlets", "try", "--folder", str(folder), *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


def test_an_outlet_with_a_file_is_tried_by_it_before_and_after_a_crawl(demo, tmp_path):
    folder, base = demo
    before = json.loads(run("--outlet", "news", "--json", folder=folder, cwd=tmp_path).stdout)
    fates = {row["url"]: row["fate"] for row in before["addresses"]}
    crawl = [sys.executable, "-m", "fangzhi", "crawl", "--folder", str(folder), "--no-build"]
    subprocess.run(crawl, cwd=tmp_path, capture_output=True, timeout=60, check=True)
    after = run("--outlet", "news", folder=folder, cwd=tmp_path)

    assert before["file"] == str(folder / "news.toml")
    assert (fates[f"{base}/mssh/"], fates[f"{base}/about/"]) == ("list", "never")
    articles = [url for url, fate in fates.items() if fate == "fetch"]
    assert len(articles) >= 5
    assert "fetch" not in after.stderr
    assert f"by the rules of {folder / 'news.toml'}: {len(articles)} held" in after.stderr


def test_an_address_of_an_outlet_that_has_a_file_is_tried_by_that_file(demo, tmp_path):
    folder, base = demo
    done = run(f"{base}/2026/03/11/c_1.html", f"{base}/about/", "http://a.example/", folder=folder, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["fetch", "never", "off-site"]
    assert r"article by urls.article[1] '/\d{4}/\d{2}/\d{2}/c_\d+\.html$'" in done.stdout
