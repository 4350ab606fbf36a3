"""Every kind of page in a real browser, at desktop and phone width, by a reader who clicks."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from .test_pages_inert import PAGES, PAYLOADS, SHOWING

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing; `pip install -e .[dev]` brings it")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = {"desktop": {"width": 1200, "height": 860}, "phone": {"width": 390, "height": 844}}

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing; `apt install chromium` brings it"
)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=WIDTHS)
def page(browser, live, request) -> Iterator:
    """A page that fails the test on any error in it, and on any request to elsewhere."""
    yield from opened(browser, live, viewport=WIDTHS[request.param])


@pytest.fixture
def desktop(browser, live) -> Iterator:
    yield from opened(browser, live, viewport=WIDTHS["desktop"])


def opened(browser, live, **options) -> Iterator:
    context = browser.new_context(base_url=live.address, locale="en-GB", accept_downloads=True, **options)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (troubles.append("dialog"), dialog.dismiss()))
    page.on("request", lambda sent: None if sent.url.startswith(live.address) else troubles.append(sent.url))
    yield page
    context.close()
    assert [trouble for trouble in troubles if "the server responded with a status of 4" not in trouble] == []


def fits(page) -> bool:
    """Say whether the page is no wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


EVERY_KIND = (
    "/",
    "/search",
    "/search?q=%E7%9D%A3%E6%9F%A5",
    "/search?since=x",
    "/outlets",
    "/outlet/yunpu-ribao",
    "/clusters",
    "/changes",
    "/coverage",
    "/regions",
    "/region/411700",
    "/health",
    "/repairs",
    "/api",
    "/article/{notice}",
    "/article/{notice}?repairs=1",
    "/article/{notice}/capture",
    "/article/{edited}/versions",
    "/article/{undated}",
    "/nothing",
)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_kind_of_page_opens_fits_every_window_and_shuts_nobody_out(desktop, ids, path):
    desktop.goto(path.format(**ids))

    assert desktop.locator("h1").count() == 1
    assert desktop.locator("h1").inner_text().strip()
    for size in WIDTHS.values():
        desktop.set_viewport_size(size)
        assert fits(desktop), size
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing; pip install -e .[dev]")
    wrong = [one for one in axe.Axe().run(desktop).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["html"]) for one in wrong] == []


@pytest.mark.parametrize("path", ["/archive", "/archive/articles?_search=%E7%9D%A3%E6%9F%A5", "/archive?sql=select+1"])
def test_pages_of_datasette_keep_working_under_our_policy(page, path):
    page.goto(path)

    assert page.locator(".fz-brand").is_visible()
    assert page.locator("h1").count() >= 1


def test_a_table_is_searched_in_its_own_box(desktop):
    desktop.goto("/archive/articles")
    desktop.fill("input[name=_search]", "診所")
    desktop.press("input[name=_search]", "Enter")
    desktop.wait_for_url("**_search=*")

    assert desktop.locator("td.col-title a").count() == 5
    assert desktop.locator("td.col-text mark").count() >= 3


def test_who_wrote_about_inspections_is_found_narrowed_and_read(page):
    page.goto("/")
    page.fill("main input[name=q]", "督查 诊所")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url("**/search?**")
    assert page.locator(".entry").count() == 2
    page.locator(".finder-bars a[href*='region=411700']").click()
    page.wait_for_url("**region=411700**")
    page.locator(".timeline a").first.click()
    page.wait_for_url("**since=2026-03-09**")
    assert page.locator(".entry").count() == 1
    page.locator(".entry h2 a").click()
    page.wait_for_url("**/article/*")

    assert "专项督查的通知" in page.locator("h1").inner_text()


def test_who_copied_a_notice_and_who_wrote_it_first(desktop, ids):
    desktop.goto(f"/article/{ids['copy']}")
    desktop.get_by_text("All copies and why").click()
    desktop.wait_for_url("**/cluster/*")
    first = desktop.locator("tbody tr", has=desktop.get_by_text("probable original"))

    assert desktop.locator("tbody tr").count() == 3
    assert "云浦市卫生健康委员会" in first.inner_text()


def test_what_a_page_said_before_it_was_edited(page, ids):
    page.goto(f"/article/{ids['edited']}")
    page.get_by_role("link", name="2 versions").click()
    page.wait_for_url("**/versions")

    assert page.locator(".diff del").all_inner_texts() == ["86", "86", "17"]
    assert page.locator(".diff ins").all_inner_texts()[:3] == ["82", "82", "9"]


def test_which_articles_of_an_outlet_vanished(desktop, ids):
    desktop.goto("/outlet/suxi-shizheng")

    assert desktop.locator(f"aside a[href='/article/{ids['gone']}']").count() == 1


def test_what_is_written_of_one_region_is_followed_by_its_feed(desktop, live, ids):
    desktop.goto("/regions")
    for region in ("410000", "411700"):
        desktop.locator(f"aside a[href='/region/{region}']").click()
        desktop.wait_for_url(f"**/region/{region}")
    desktop.fill("main input[name=q]", "疫苗")
    desktop.press("main input[name=q]", "Enter")
    desktop.wait_for_url("**/search?region=411700**")
    feed = live.get(desktop.locator("link[type='application/atom+xml']").get_attribute("href"))

    assert feed.status_code == 200
    assert feed.text.count("<entry>") == 1
    assert ids["undated"] in feed.text


def test_a_text_is_read_in_the_other_script_and_its_repairs_in_place(page, ids):
    page.goto(f"/article/{ids['notice']}")
    page.get_by_role("link", name="Read in traditional characters").click()
    page.wait_for_url("**script=zh-Hant")
    assert "不打招呼、直奔現場" in page.locator("#text").inner_text()
    page.get_by_role("link", name="Show the repairs").click()
    page.wait_for_url("**repairs=1")

    assert page.locator("#text mark.repair").count() == 2
    assert page.locator("#text del").first.inner_text() == "疫(yì)情"


def test_the_replay_shows_the_page_and_runs_nothing(desktop, ids):
    desktop.goto(f"/article/{ids['evil']}/capture")
    frame = desktop.frame_locator("iframe.replay")

    assert "长长长" in frame.locator("body").inner_text()
    assert "长长长" in desktop.locator(".cleaned").inner_text()
    assert desktop.title() != "hacked"
    assert desktop.evaluate("document.documentElement.dataset.hacked ?? null") is None


def test_a_hostile_article_runs_nothing_and_fits_wherever_it_is_shown(desktop, ids):
    desktop.set_viewport_size(WIDTHS["phone"])
    for path in (one.format(ids["evil"]) for one in SHOWING):
        desktop.goto(path, wait_until="domcontentloaded")

        assert desktop.evaluate("document.documentElement.dataset.hacked ?? null") is None, path
        assert path.startswith("/archive") or fits(desktop), path


def test_a_hostile_address_runs_nothing_wherever_it_leads(desktop):
    shown = [
        one for one in PAGES if not one.startswith(("/search.csv", "/search.parquet", "/search.wacz"))
    ]  # downloads
    payload = quote("".join(PAYLOADS[2::-1]), safe="")  # a link that would run, an element that would, a script
    for path in (one.format(payload) for one in shown):
        desktop.goto(path, wait_until="domcontentloaded")

        assert desktop.evaluate("document.documentElement?.dataset?.hacked ?? null") is None, path


def test_everything_is_readable_without_javascript(browser, live, ids):
    context = browser.new_context(base_url=live.address, java_script_enabled=False, viewport=WIDTHS["phone"])
    page = context.new_page()
    page.goto("/")
    page.fill("main input[name=q]", "督查")
    page.locator("main button").first.click()
    page.wait_for_url("**/search?**")
    page.locator(".entry h2 a").first.click()
    page.wait_for_url("**/article/*")
    shown = page.locator("#text").inner_text()
    context.close()

    assert "诊所" in shown


def test_the_interface_is_chinese_for_a_chinese_browser_and_can_be_changed(browser, live):
    context = browser.new_context(base_url=live.address, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    chinese = page.locator("main button").first.inner_text()
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**lang=en**")
    english = page.locator("main button").first.inner_text()
    page.goto("/outlets")
    kept = page.locator("h1").inner_text()
    context.close()

    assert (chinese, english, kept) == ("检索", "Search", "Outlets")
