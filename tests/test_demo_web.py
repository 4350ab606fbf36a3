"""The demonstration web keeps its promises: real HTTP over loopback, from the outside, as a crawl sees it."""

import gzip
import http.client
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from crawler.outlet import UrlClass
from fangzhi.demo import DemoServer, load_demo_outlets, serve, truth, web
from fangzhi.demo.damage import converted

READINGS = "a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ"
CHARSETS = {"huaize-ribao": "gb18030", "huaize-qiaosheng": "big5hkscs", "wensun-fanwen": "gb18030"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def fetch(server: DemoServer, url: str, **headers: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": parts.netloc, **named})
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def read(server: DemoServer, record) -> str:
    return fetch(server, record.url).body.decode(CHARSETS.get(record.outlet, "utf-8"))


def squeeze(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def server():
    with serve(port=0) as running:
        yield running


@pytest.fixture(autouse=True)
def first_day(server):
    server.day = 1


@pytest.fixture(scope="module")
def records(server):
    return truth(1, server.port)


def of_kind(records, *kinds):
    return [record for record in records if record.kind in kinds]


def test_there_are_at_least_eight_outlets_and_120_pages_and_90_articles(records):
    pages = of_kind(records, "article", "notice", "list", "disallowed", "soft-404")

    assert len({record.outlet for record in records}) >= 8
    assert len({record.url for record in pages}) >= 120
    assert len({record.url for record in records if record.readable}) >= 90


def test_every_recorded_address_answers_with_the_status_of_its_kind(server, records):
    statuses = {"gone": {404}, "missing": {404}, "blocked": {412, 521}, "redirect": {301, 302}}
    wrong = [
        (record.url, answer.status)
        for record in records
        if (answer := fetch(server, record.url)).status not in statuses.get(record.kind, {200})
    ]

    assert wrong == []


def test_no_address_is_recorded_twice(records):
    twice = [url for url, count in Counter(record.url for record in records).items() if count > 1]

    assert twice == []


@pytest.mark.parametrize("day", [1, 2, 3, 5])
def test_truth_covers_every_page_that_is_served(server, day):
    recorded = {one.url for kind in (False, True) for one in truth(day, server.port, scripted=kind)}
    served = {site.url(path) for site in web(day, server.port).values() for path in site.resources}

    assert recorded == served


def test_every_text_of_an_article_stands_on_its_page(server, records):
    lacking = []
    for record in records:
        if not record.readable or record.outlet in {"lanzuo-jixie", "wensun-fanwen"}:
            continue
        page = squeeze(html.document_fromstring(read(server, record)).text_content())
        wanted = (*record.paragraphs, *record.optional, *record.authors, *record.editors, record.title, record.source)
        lacking += [(record.url, text) for text in wanted if text and squeeze(text) not in page]

    assert lacking == []


def test_the_daily_declares_its_charset_nowhere_and_is_gb18030(server, records):
    for record in of_kind(records, "article", "list"):
        if record.outlet != "huaize-ribao":
            continue
        answer = fetch(server, record.url)

        assert answer.headers["Content-Type"] == "text/html"
        assert b"charset" not in answer.body
        assert "槐泽日报" in answer.body.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            answer.body.decode("utf-8")


def test_the_traditional_outlet_is_big5_and_says_gb2312(server, records):
    for record in of_kind(records, "article"):
        if record.outlet != "huaize-qiaosheng":
            continue
        answer = fetch(server, record.url)

        assert b"charset=gb2312" in answer.body
        assert b"&#" not in answer.body  # every character has its place in Big5
        assert record.paragraphs[0] in answer.body.decode("big5hkscs")


def test_one_outlet_answers_in_gzip_to_whoever_accepts_it(server):
    url = f"http://www.chenyu-kuaixun.localhost:{server.port}/kx/"
    plain = fetch(server, url)
    packed = fetch(server, url, Accept_Encoding="gzip, deflate")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body


@pytest.mark.parametrize(
    "url", ["http://news.huaize.localhost:{}/2026/03/02/c_100231.html", "http://wjw.shitang.localhost:{}/zwgk/tzgg/"]
)
def test_an_unchanged_page_is_answered_with_304(server, url):
    url = url.format(server.port)
    first = fetch(server, url)

    assert fetch(server, url, If_None_Match=first.headers["ETag"]).status == 304
    assert fetch(server, url, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert fetch(server, url, If_None_Match='"other"').status == 200


def test_a_notice_is_still_unchanged_on_the_second_day_but_a_portal_page_is_not(server, records):
    notice, page = (
        next(record.url for record in records if record.readable and record.outlet == outlet)
        for outlet in ("shitang-wjw", "huaize-news")
    )
    notice = next(record.url for record in records if "t20260302_5011" in record.url)
    tags = {url: fetch(server, url).headers["ETag"] for url in (notice, page)}
    server.day = 2

    assert fetch(server, notice, If_None_Match=tags[notice]).status == 304
    assert fetch(server, page, If_None_Match=tags[page]).status == 200


def test_every_host_has_robots_and_a_disallowed_address_is_linked(server, records):
    linked = links_of(server, [record for record in records if record.kind in {"list", "article"}])
    for host in web(1, server.port):
        rules = RobotFileParser()
        rules.parse(fetch(server, f"http://{host}:{server.port}/robots.txt").body.decode().splitlines())
        for record in of_kind(records, "disallowed", "article", "list", "notice"):
            if urlsplit(record.url).hostname == host:
                assert rules.can_fetch("Fangzhi", record.url) == (record.kind != "disallowed"), record.url

    assert {record.url for record in of_kind(records, "disallowed")} & linked


def test_one_host_asks_for_a_crawl_delay(server):
    body = fetch(server, f"http://www.wensun-fanwen.localhost:{server.port}/robots.txt").body.decode()

    assert "Crawl-delay: 0.5" in body


def links_of(server, records) -> set[str]:
    found = set()
    for record in records:
        tree = html.document_fromstring(read(server, record))
        found |= {urljoin(record.url, href) for href in tree.xpath("//a/@href | //area/@href")}
    return {url for url in found if url.startswith("http")}


@pytest.mark.parametrize("day", [1, 2, 3, 5])
def test_lists_link_to_nothing_that_is_not_there(server, day):
    server.day = day
    records = truth(day, server.port)
    known = {record.url: record.kind for record in records}
    hosts = set(web(day, server.port))
    linked = {url for url in links_of(server, of_kind(records, "list")) if urlsplit(url).hostname in hosts}

    assert {url for url in linked if url not in known} == set()
    assert {known[url] for url in linked} >= {"article", "notice", "list", "soft-404", "redirect", "blocked"}
    assert "gone" not in {known[url] for url in linked}


@pytest.mark.parametrize("day", [1, 2, 3, 5])
def test_every_article_can_be_found_from_its_outlets_sources(server, day):
    server.day = day
    records = truth(day, server.port)
    outlets = load_demo_outlets(server.port)
    linked = links_of(server, of_kind(records, "list"))
    unfound = [record.url for record in records if record.readable and record.url not in linked]
    unclassed = [
        record.url
        for record in records
        if record.readable and outlets[record.outlet].classify(record.url) is not UrlClass.ARTICLE
    ]

    assert unfound == []
    assert unclassed == []


def test_outlet_files_move_to_any_port_and_own_their_hosts(server, records):
    outlets = load_demo_outlets(server.port)

    assert set(outlets) == {record.outlet for record in records}
    for record in records:
        assert outlets[record.outlet].owns(record.url)
    for outlet in outlets.values():
        assert outlet.private
        assert all(urlsplit(source.url).port == server.port for source in outlet.sources)


def test_feed_and_sitemap_name_articles_that_answer(server):
    base = f"http://news.huaize.localhost:{server.port}"
    feed = ET.fromstring(fetch(server, f"{base}/rss/news.xml").body)
    index = ET.fromstring(fetch(server, f"{base}/sitemap.xml").body)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    child = ET.fromstring(fetch(server, index.findtext(f"{space}sitemap/{space}loc")).body)
    named = {item.findtext("link") for item in feed.iter("item")} | {loc.text for loc in child.iter(f"{space}loc")}

    assert len(named) >= 20
    assert {fetch(server, url).status for url in named} == {200, 412}


def test_one_edition_of_the_epaper_is_missing(server, records):
    outlet = load_demo_outlets(server.port)["huaize-shuzibao"]
    source = outlet.sources[0]
    days = [source.since.replace(day=day) for day in range(source.since.day, source.until.day + 1)]
    statuses = {day.day: fetch(server, day.strftime(source.url)).status for day in days}

    assert statuses == {6: 200, 7: 200, 8: 200, 9: 404, 10: 200, 11: 200}


def test_vanished_pages_answer_200_and_say_that_they_are_not_there(server, records):
    texts = [read(server, record) for record in of_kind(records, "soft-404")]

    assert len(texts) == 2
    assert all("页面不存在" in text for text in texts)


def test_blocked_articles_answer_with_a_script_and_no_text(server, records):
    blocked = of_kind(records, "blocked")
    answers = [fetch(server, record.url) for record in blocked]

    assert sorted(answer.status for answer in answers) == [412, 521]
    assert all(b"document.cookie" in answer.body for answer in answers)


def test_redirects_lead_to_articles(server, records):
    readable = {record.url for record in records if record.readable}
    for record in of_kind(records, "redirect"):
        target = urljoin(record.url, fetch(server, record.url).headers["Location"])

        assert target in readable


def test_the_second_day_edits_one_article_removes_two_and_adds_some(server):
    first, second = ({record.url: record for record in truth(day, server.port)} for day in (1, 2))
    shared = [url for url in first if url in second and first[url].readable and second[url].readable]
    edited = [url for url in shared if first[url].paragraphs != second[url].paragraphs]
    gone = [url for url in first if first[url].readable and second[url].kind == "gone"]
    added = {record.outlet for url, record in second.items() if record.readable and url not in first}

    assert [urlsplit(url).path for url in edited] == ["/2026/03/04/c_100233.html"]
    assert [urlsplit(url).path for url in gone] == ["/xianqu/2026/0310/21018.html", "/minsheng/2026/0310/21016.html"]
    assert added == {"huaize-ribao", "huaize-news", "huaize-qiaosheng", "shitang-wjw", "chenyu-kuaixun"}


def test_a_page_changes_around_an_article_that_does_not(server, records):
    record = next(record for record in records if record.outlet == "huaize-ribao" and record.readable)
    before = read(server, record)
    server.day = 2
    after = read(server, record)

    assert before != after
    assert all(line in before and line in after for line in record.paragraphs)


def test_the_server_refuses_a_day_that_it_does_not_have(server):
    with pytest.raises(ValueError, match="days 1 to 5"):
        server.day = 6


def test_a_taken_port_is_an_error_at_once(server):
    with pytest.raises(OSError, match="in use"):
        serve(server.port)


def test_a_host_that_is_not_there_is_answered_with_404(server):
    assert fetch(server, f"http://nowhere.localhost:{server.port}/").status == 404


def test_the_same_day_is_the_same_bytes_again(server):
    web.cache_clear()
    before = {host: site.resources for host, site in web(1, server.port).items()}
    web.cache_clear()
    after = {host: site.resources for host, site in web(1, server.port).items()}

    assert before == after


def test_the_mirror_shows_readings_on_character_boundaries_and_across_them(server, records):
    pages = [read(server, record) for record in records if record.outlet == "lanzuo-jixie" and record.readable]
    aligned = [re.findall(rf"[一-鿿]\([{READINGS}]+\)", page) for page in pages]
    across = [re.findall(rf"\?[{READINGS}]+\)", page) for page in pages]

    assert len(pages) >= 12
    assert all(len(found) > 50 for found in aligned)
    assert sum(map(len, across)) > 40
    assert all("某某娛樂城" in html.document_fromstring(page).findtext(".//title") for page in pages)


def test_a_narrower_list_leaves_its_characters_alone(server, records):
    pages = [read(server, record) for record in records if record.damage == "toned-without-國時會"]

    assert len(pages) >= 3
    assert all(re.search(rf"[國時會](?!\([{READINGS}])", page) for page in pages)
    assert not any(re.search(r"[國時會]\(", page) for page in pages)


def test_the_mirrors_truth_is_the_original_turned_traditional(records):
    originals = {record.url: record for record in records}
    for record in records:
        if record.outlet == "lanzuo-jixie" and record.readable:
            original = originals[record.original]

            assert record.paragraphs == tuple(map(converted, original.paragraphs))


def test_the_mill_breaks_lines_and_prints_a_section_twice(server, records):
    documents = [record for record in records if record.outlet == "wensun-fanwen" and record.readable]

    assert len(documents) >= 5
    for record in documents:
        tree = html.document_fromstring(read(server, record))
        body = tree.get_element_by_id("content")
        pieces = [piece.strip() for piece in body.itertext() if piece.strip()]
        text = "".join(pieces)
        section = [line for line in record.paragraphs if line.startswith("三、")]

        assert max(map(len, pieces)) < 40
        assert all(text.count(heading) == 2 for heading in section)
        assert "".join(record.paragraphs) in text


def test_the_farm_reposts_the_daily_under_other_headlines(server, records):
    originals = {record.url: record for record in records}
    for record in records:
        if record.outlet == "chenyu-kuaixun" and record.readable:
            page = read(server, record)
            original = originals[record.original]

            assert record.date > original.date
            assert record.paragraphs == original.paragraphs
            assert "猜你喜欢" in page
            assert "资料图片仅供参考" in page


def test_notices_have_boxes_tables_and_attachments_of_three_kinds(server, records):
    notices = of_kind(records, "notice")
    files = [url for record in notices for url in record.attachments]

    assert any("发文字号" in read(server, record) and record.number for record in notices)
    assert any("<td>" in read(server, record) for record in notices)
    marks = {url.rpartition(".")[2]: fetch(server, url).body[:4] for url in files}
    assert marks == {"pdf": b"%PDF", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}
