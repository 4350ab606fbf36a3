"""No page reads the articles or captures of the whole archive from their table: in a large one that takes minutes."""

import re
import sqlite3
from urllib.parse import quote

import pytest

from browse import archive as archives
from browse.archive import Archive
from browse.functions import install

LARGE = ("articles", "captures", "repairs", "trimmed", "versions", "places")
PATHS = (
    "/", "/outlets", "/outlet/yunpu-ribao", "/regions", "/region/410000", "/clusters", "/changes", "/coverage",
    "/health",
    "/search", "/search?outlet=kuaixun", "/search?region=411700", "/search?status=gone", "/search?q=" + quote("督查"),
    "/search?q=" + quote("2026-03"), "/search?q=" + quote("来源:日报"), "/search?flag=hijacked", "/search?source=x",
    "/search.atom", "/api/outlets", "/api/changes", "/api/coverage", "/api/search", "/article/{notice}",
    "/article/{edited}/versions",
)  # fmt: skip


def scanned(connection: sqlite3.Connection, sql: str, params: object) -> list[str]:
    """Return the steps of a question that read a large table from end to end, or sort it."""
    aliases = dict(re.findall(rf"\b({'|'.join(LARGE)}) (?!where|group|order|join|left|indexed|limit)(\w+)\b", sql))
    large = {*LARGE, *aliases.values()}
    steps = [row[3] for row in connection.execute(f"explain query plan {sql}", params)]
    scans = [step for step in steps if step.startswith("SCAN ") and step.split()[1] in large]
    return [step for step in scans if " INDEX " not in step]


@pytest.mark.parametrize("path", PATHS)
async def test_no_page_reads_a_large_table_whole(served, sample, ids, monkeypatch, path):
    asked: list[tuple[str, object]] = []
    rows = Archive.rows

    async def noted(self, sql, params=(), *, within=None):
        asked.append((sql, params))
        return await rows(self, sql, params, within=within)

    monkeypatch.setattr(archives, "KEPT", -1)
    monkeypatch.setattr(Archive, "rows", noted)
    response = await served.client.get(path.format(**ids))
    connection = sqlite3.connect(sample[0])
    install(connection)
    found = [(step, " ".join(sql.split())) for sql, params in asked for step in scanned(connection, sql, params)]
    connection.close()

    assert response.status_code == 200
    assert asked
    assert found == []
