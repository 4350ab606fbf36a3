"""A charset that was decided wrongly is overridden in the outlet's file, and the WARC is read again by it."""

import json
import sqlite3

from pipelines.build import build
from tests.two_days import exchange, outlet, write

# Chinese in the Korean charset, declared as gb2312: valid as that too, and read as that
TITLE = "縣衛生局昨日召開會議"
LINES = (
    "縣衛生局昨日召開會議,部署秋季防疫工作。各鄕負責人要下到村中,發現問題及時報告。",
    "醫院從本月起開放新門診,檢査項目增加到三十項。群衆有疑問可以電話連絡,由專人接聽。",
)
BODY = "".join(f"<p>{line}</p>" for line in LINES)
PAGE = (
    f"<html><head><meta charset=gb2312><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{BODY}</body></html>"
).encode("euc-kr")


def read(archive):
    connection = sqlite3.connect(archive)
    found = connection.execute("SELECT charset, charset_evidence FROM captures").fetchall()
    text = connection.execute("SELECT text FROM articles").fetchall()
    connection.close()
    return found, text


def test_an_override_is_decided_by_from_the_bytes_that_were_kept(tmp_path):
    captures = write(tmp_path / "captures", [exchange("http://daily.example/1.html", PAGE)])
    archive = tmp_path / "archive.db"
    build(captures, archive, {"daily": outlet()}, workers=0)
    [(charset, _)], _ = read(archive)

    told = {"daily": outlet(overrides=[{"charset": "euc-kr", "valid_until": "2026-12-31"}])}
    report = build(captures, archive, told, workers=0)
    [(again, evidence)], [(text,)] = read(archive)

    assert charset == "gb18030"
    assert report.captures == 1
    assert again == "cp949"
    assert json.loads(evidence)[0]["rule"] == "override"
    assert all(line in text for line in LINES)
