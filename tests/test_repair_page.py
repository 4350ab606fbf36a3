"""Pages are repaired node by node, decided by the whole page, and the log finds its place in the article."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from crawler.capture import Capture
from pipelines.decode import decode
from pipelines.extract import lay_out
from pipelines.parse import parse
from pipelines.records import Repair
from pipelines.repair import locate, repair_lines, repair_page, undo
from pipelines.repair.locate import placed

DAMAGED = """<html><head><title>雲溪縣(xiàn)衛(wèi)生局召開(kāi)會(huì)議(yì)</title>
<meta name="description" content="縣(xiàn)衛(wèi)生局召開(kāi)會(huì)議(yì)"></head><body>
<div class="nav"><a href="/">首頁(yè)</a> <a href="/news">新聞(wén)</a></div>
<h1>雲溪縣(xiàn)衛(wèi)生局召開(kāi)會(huì)議(yì)</h1>
<p>雲溪縣(xiàn)<b>衛(wèi)生局</b>昨日召開(kāi)會(huì)議(yì),部署防控工作。</p>
<p>群眾(zhòng)如有疑問(wèn),請(qǐng)與我們?nèi)〉寐?lián)系,
電(diàn)話由專(zhuān)人接聽(tīng)。</p>
<script>var text = "縣(xiàn)";</script></body></html>"""
PARAGRAPHS = ("雲溪縣衛生局昨日召開會議,部署防控工作。", "群眾如有疑問,請與我們取得聯系,電話由專人接聽。")
LINES = ("雲溪縣(xiàn)衛(wèi)生局昨日召開(kāi)會(huì)議(yì),部署防控工作。",
         "群眾(zhòng)如有疑問(wèn),請(qǐng)與我們?nèi)〉寐?lián)系,電(diàn)話由專(zhuān)人接聽(tīng)。")  # fmt: skip


def page(source: str, content_type: str = "text/html"):
    capture = Capture(
        url="http://news.yunxi.example/1.html", fetched_at=datetime(2026, 3, 4, 5, 6, tzinfo=UTC), status=200,
        headers=(("Content-Type", content_type),), body=source.encode(), sha256="", warc_file="a", warc_offset=0,
    )  # fmt: skip
    parsed = parse(decode(capture))
    return repair_page(parsed, lay_out(parsed).text)


def test_every_text_of_a_page_is_repaired_and_scripts_are_not():
    repaired = page(DAMAGED)

    assert repaired.tree is not None
    assert repaired.tree.findtext(".//title") == "雲溪縣衛生局召開會議"
    assert repaired.tree.xpath("//meta/@content") == ["縣衛生局召開會議"]
    assert ["".join(one.text_content().split()) for one in repaired.tree.iter("p")] == list(PARAGRAPHS)
    assert repaired.tree.findtext(".//script") == 'var text = "縣(xiàn)";'


def test_the_log_finds_its_place_in_the_article_and_leads_back():
    log = locate(page(DAMAGED).repairs, PARAGRAPHS)
    text = "\n".join(PARAGRAPHS)

    assert undo(text, log).split("\n") == list(LINES)
    assert all(text[one.start : one.end] == one.after for one in log)


def test_a_title_has_a_log_of_its_own():
    log = locate(page(DAMAGED).repairs, ("雲溪縣衛生局召開會議",), "title")

    assert undo("雲溪縣衛生局召開會議", log) == "雲溪縣(xiàn)衛(wèi)生局召開(kāi)會(huì)議(yì)"
    assert {one.part for one in log} == {"title"}


def test_repairs_outside_the_article_are_left_out():
    assert locate(page(DAMAGED).repairs, ("別處的一段文字,與本頁無關。",)) == ()


def test_a_repair_that_ends_a_line_is_found_where_the_line_end_was_folded():
    node = "最佳售后服務廠商獎”。\n“最佳手機設計獎”由評審團選出。"
    guess = Repair(rule="undo_pinyin", before="?jù)薄?", after="”。\n", start=9, end=12, certain=False)

    [found] = locate([placed(guess, node)], [node.replace("\n", " ")])

    assert (found.after, found.start, found.certain) == ("”。 ", 9, False)


def test_a_plain_text_page_is_repaired_as_a_whole():
    repaired = page("\n".join(LINES), "text/plain")

    assert repaired.text.split("\n") == list(PARAGRAPHS)
    assert undo("\n".join(PARAGRAPHS), locate(repaired.repairs, PARAGRAPHS)).split("\n") == list(LINES)


def test_a_page_without_damage_has_an_empty_log():
    clean = page("<p>云溪县召开会议,部署防汛工作。</p>")

    assert clean.repairs == ()


def test_looking_for_damage_leaves_the_tree_as_it_was():
    source = (
        "<html><head><style>p{}</style><script>var a='，，';</script><script src='a.js'></script></head><body>"
        "前文<script>b()</script>尾文一<script>c()</script>尾文二<p>云溪县召开会议。<script>d()</script></p>末文</body></html>"
    )
    looked_at = page(source)
    untouched = parse(looked_at)

    assert etree.tostring(looked_at.tree) == etree.tostring(untouched.tree)


def test_damage_behind_a_script_is_seen():
    repaired = page("<body><p>云溪县</p><script>d()</script>卫\u200b生局召开会议</body>")

    assert repaired.tree is not None
    assert repaired.tree.find(".//script").tail == "卫生局召开会议"


SECTION = (
    "(一)加强领导。县里成立了防汛领导小组,县长任组长,各乡镇负责人为成员,明确了职责,把任务落实到人。",
    "(二)排查隐患。各乡镇对辖区内的水库、堤防、学校逐一检查,共检查二百一十三处,发现隐患四十七处。",
    "(三)备足物资。县里调拨编织袋三万条、冲锋舟十二艘,存放在五个乡镇的仓库,由专人看管。",
    "(四)加强值守。各单位实行二十四小时值班,领导带班,有情况第一时间上报,不得迟报、瞒报、漏报。",
    "(五)严肃纪律。对工作不力、造成后果的,依法依规追究责任,并在全县范围内通报批评。",
    "(六)总结经验。汛期结束后,各乡镇要把好的做法写成材料,报县防汛办公室汇总,供来年参考。",
)


@pytest.mark.parametrize("width", [17, 29])
def test_wrapped_lines_and_repeated_sections_are_undone_in_one_log(width):
    text = SECTION[1]
    wrapped = (*SECTION[:1], text[:width], text[width:], *SECTION[2:], *SECTION)

    lines, repairs = repair_lines(wrapped)

    assert lines == SECTION
    assert undo("\n".join(lines), locate(repairs, lines)).split("\n") == list(wrapped)


def test_the_log_of_nodes_and_the_log_of_lines_become_one():
    damaged = [line.replace("防汛", "防\u200b汛") for line in (*SECTION, *SECTION)]
    repaired = page("\n".join(damaged), "text/plain")
    lines, repairs = repair_lines(repaired.text.split("\n"))

    log = locate((*repaired.repairs, *repairs), lines)

    assert lines == SECTION
    assert undo("\n".join(lines), log).split("\n") == damaged


def test_a_tag_whose_beginning_was_swallowed_is_a_tag_again():
    # 聯系人 out of step up to its paragraph's end: the last byte and "<" became one "?"
    source = (
        "<p>雲溪縣(xiàn)衛(wèi)生局召開(kāi)會(huì)議(yì),請(qǐng)與我們?nèi)〉寐?/p>"
        "<p>電(diàn)話由專(zhuān)人接聽(tīng)。</p>"
    )

    repaired = page(f"<html><body>{source}</body></html>")

    assert repaired.tree is not None
    first, second = (one.text_content() for one in repaired.tree.iter("p"))
    assert first.startswith("雲溪縣衛生局召開會議,請與我們取得")
    assert second == "電話由專人接聽。"
