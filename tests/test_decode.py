"""Bytes become the right text, whatever is declared, and damage costs only what it destroyed."""

from datetime import UTC, datetime

import pytest

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.decode import decode, decode_bytes
from pipelines.records import Page, Reason, Skip

HANS = (
    "云溪县人民医院新门诊楼昨日启用。县卫生健康局负责人介绍,门诊楼共六层,设二十三个科室,每天可以接待病人一千二百人次。"
    "“过去看病要去市里,现在家门口就能做检查。”家住河西街道的退休教师何先生说。"
)
HANT = (
    "雲溪縣人民醫院新門診樓昨日啟用。縣衛生局負責人介紹,門診樓共六層,設二十三個科室,每天可以接待病人一千二百人次。"
    "「過去看病要去市裡,現在家門口就能做檢查。」家住河西街道的退休教師何先生說。"
)
FAMILY = {
    "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "utf-8": "utf-8",
    "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
}  # fmt: skip


def page(text: str, declared: str | None = None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}<title>{text[:15]}</title></head><body><p>{text}</p><div>{text}</div></body></html>"


def capture(body: bytes, content_type: str = "text/html") -> Capture:
    return Capture(
        url="http://news.yunxi.example/1.html", fetched_at=datetime(2026, 3, 4, 5, 6, tzinfo=UTC), status=200,
        headers=(("Content-Type", content_type),), body=body, sha256="", warc_file="a.warc.gz", warc_offset=0,
    )  # fmt: skip


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "big5", "iso-8859-1", "utf-16", "no-such-charset"])
@pytest.mark.parametrize("charset", FAMILY)
def test_the_bytes_decide_whatever_the_page_declares(charset, declared):
    source = page(HANT if charset == "big5" else HANS, declared)

    read = decode_bytes(source.encode(charset))

    assert (read.text, read.charset, read.bad_bytes) == (source, FAMILY[charset], 0)


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5"])
@pytest.mark.parametrize("charset", ["gbk", "big5", "utf-8"])
def test_a_lying_header_loses_against_the_bytes(charset, declared):
    source = page(HANT if charset == "big5" else HANS)

    read = decode_bytes(source.encode(charset), header=f"text/html; charset={declared}")

    assert read.text == source
    assert [(item.rule, item.value, item.won) for item in read.evidence if item.rule == "header"] == [
        ("header", declared, FAMILY[{"gb2312": "gbk"}.get(declared, declared)] == FAMILY[charset])
    ]


@pytest.mark.parametrize("charset", ["gbk", "big5", "utf-8"])
def test_eight_characters_tell_their_charset_and_need_no_other_page(charset):
    text = HANT if charset == "big5" else HANS
    lines = [text[place : place + 8] for place in range(len(text) - 8)]

    read = [decode_bytes(f"<p>{line}</p>".encode(charset)) for line in lines]

    assert [one.text for one in read] == [f"<p>{line}</p>" for line in lines]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides_and_is_no_text(charset):
    read = decode_bytes(page(HANS, "gb2312").encode(charset))

    assert read.text == page(HANS, "gb2312")
    assert read.evidence[0].rule == "bom"


@pytest.mark.parametrize("charset", ["gbk", "big5", "utf-8"])
@pytest.mark.parametrize("place", range(0, 60, 7))
def test_one_bad_byte_costs_one_mark_and_nothing_else(charset, place):
    body = (HANT if charset == "big5" else HANS).encode(charset)
    starts = [len((HANT if charset == "big5" else HANS)[:n].encode(charset)) for n in range(len(HANS))]
    broken = body[: starts[place]] + b"\xff" + body[starts[place] :]

    read = decode_bytes(broken)

    assert read.text.replace("\ufffd", "") == body.decode(charset)
    assert read.bad_bytes == 1


@pytest.mark.parametrize("charset", ["gbk", "big5", "utf-8"])
def test_a_page_cut_in_mid_character_keeps_the_rest(charset):
    text = (HANT if charset == "big5" else HANS) + "报" if charset != "big5" else HANT + "報"
    read = decode_bytes(text.encode(charset)[:-1])

    assert read.text == text[:-1] + "\ufffd"
    assert read.bad_bytes == len(text[-1].encode(charset)) - 1


def test_latin_1_means_windows_1252():
    read = decode_bytes("<p>It’s a café – naïve</p>".encode("cp1252"), header="text/html; charset=iso-8859-1")

    assert (read.text, read.charset) == ("<p>It’s a café – naïve</p>", "cp1252")


def test_gb2312_means_gb18030():
    source = page("朱镕基总理视察。一九九八年,他说要“勇往直前”。𠮷祥街。" + HANS, "gb2312")

    assert decode_bytes(source.encode("gb18030")).text == source


def test_an_outlets_override_wins():
    outlet = Outlet.model_validate(
        {
            "slug": "yunxi", "name": "云溪网", "home": "http://news.yunxi.example/", "kind": "paper",
            "sources": [{"type": "feed", "url": "http://news.yunxi.example/rss.xml"}],
            "overrides": [{"charset": "big5", "valid_until": "2026-12-31"}],
        }
    )  # fmt: skip
    read = decode(capture(page(HANT).encode("big5"), "text/html; charset=utf-8"), outlet)

    assert isinstance(read, Page)
    assert (read.charset, read.charset_evidence[0].rule) == ("big5hkscs", "override")
    assert read.text == page(HANT)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.4 \x00", "application/pdf", Reason.NOT_TEXT),
        (b"%PDF-1.4 \x00", "text/html", Reason.NOT_TEXT),
        (bytes(range(256)) * 8, "text/html", Reason.NOT_TEXT),
        (b" \r\n ", "text/html", Reason.EMPTY),
        (b"\xff\x00\xff" * 400, "", Reason.NOT_TEXT),
        (b"\xff" * 4000, "text/html; charset=utf-8", Reason.UNDECODABLE),
        (b'<?xml version="1.0"?>\n<rss version="2.0"></rss>', "text/xml", Reason.LISTING),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason(body, content_type, reason):
    with pytest.raises(Skip) as refused:
        decode(capture(body, content_type))

    assert refused.value.reason is reason


def test_a_text_file_is_plain_text_and_markup_is_html():
    assert decode(capture(HANS.encode(), "text/plain")).media == "text/plain"
    assert decode(capture(page(HANS).encode(), "application/octet-stream")).media == "text/html"


@pytest.mark.parametrize(("template", "comment"), [("gb18030", "utf-8"), ("utf-8", "gb18030")])
def test_two_charsets_in_one_page_are_each_read_as_written(template, comment):
    said = "<p>楼主说得对,希望门诊早点开到乡镇来。</p>"
    top, bottom = page(HANS, "gb2312").split("<div>")

    read = decode_bytes(top.encode(template) + said.encode(comment) + b"<div>" + bottom.encode(template))

    assert read.text == top + said + "<div>" + bottom
    assert read.bad_bytes == 0
    assert [item.rule for item in read.evidence if item.rule == "mixed"] == ["mixed"]


@pytest.mark.parametrize("place", range(200, 260, 2))
def test_a_byte_slipped_into_utf_16_costs_one_character(place):
    body = page(HANS).encode("utf-16-le")

    read = decode_bytes(body[:place] + b"\xff" + body[place:])

    assert read.text == page(HANS)
    assert read.bad_bytes == 1


@pytest.mark.parametrize("space", ["\u2003", "\u2002", "\u00a0", "\u3000"])
def test_a_byte_slipped_in_behind_a_typesetters_indent_costs_one_character(space):
    source = page(HANS).replace("<div>", "<p>" + 2 * space + "随着道路修通,集市又热闹了。</p><div>")
    place = len(source[: source.index("随")].encode("utf-16-le")) + 1
    body = source.encode("utf-16-le")

    read = decode_bytes(body[:place] + b"\xff" + body[place:])

    assert len(read.text) == len(source)
    assert sum(one != other for one, other in zip(source, read.text, strict=True)) == 1
    assert read.bad_bytes == 1
