"""Write datasette_metadata.json: the descriptions of the schema, and how Datasette shows each table.

`python -m browse.metadata` prints it; a test holds the file in the repository to it.
"""

import json
import sys
from typing import Any

from pipelines.schema import DESCRIPTIONS

DATABASE = "archive"  # the name Datasette gives to archive.db; the plugin lends it to an archive of another name

TITLE = "Fangzhi 方志"
DESCRIPTION = (
    "An archive of Chinese regional news and government reports: fetched, cleaned, repaired, searchable. "
    "Texts belong to their publishers."
)

# How each table opens: title, sort, facets, label of a row. The searched table names its index and its key.
TABLES: dict[str, dict[str, Any]] = {
    "absences": {"title": "Absences 消失与恢复", "sort_desc": "missing_at"},
    "aliases": {"title": "Addresses 其他网址", "sort_desc": "since", "facets": ["how"]},
    "articles": {
        "title": "Articles 文章",
        "sort_desc": "key",
        "facets": ["outlet", "region", "status", "script"],
        "label_column": "title",
        "fts_table": "articles_fts",
        "fts_pk": "key",
        "size": 25,
    },
    "builds": {"title": "Builds", "sort_desc": "id"},
    "captures": {
        "title": "Captures 抓取",
        "sort_desc": "fetched_at",
        "facets": ["outlet", "outcome", "mime"],
        "label_column": "url",
    },
    "conduct": {"title": "Conduct of outlets 媒体行为", "sort_desc": "copies", "facets": ["kind", "acts_as"]},
    "coverage": {"title": "Coverage 覆盖", "sort_desc": "day", "facets": ["outlet"]},
    "documents": {"title": "Government documents 公文", "facets": ["issuer", "topic", "validity"]},
    "edits": {"title": "Edits 改动", "facets": ["kind"]},
    "failures": {"title": "Failures"},
    "links": {"title": "Links between copies", "sort_desc": "similarity"},
    "masks": {"title": "Masked numbers 遮盖", "facets": ["rule"]},
    "outlets": {"title": "Outlets 媒体", "sort": "id", "facets": ["kind", "region"], "label_column": "name"},
    "parts": {"title": "Parts read on a cluster", "sort_desc": "noted"},
    "places": {"title": "Places 所涉地区", "facets": ["region"]},
    "regions": {"title": "Regions 行政区划", "sort": "code", "facets": ["level"], "label_column": "name"},
    "repairs": {"title": "Repairs 修复", "facets": ["rule", "part", "certain"]},
    "origins": {"title": "Named originals 所注原文", "facets": ["rule"]},
    "reprints": {"title": "Reprints 转载", "sort": "cluster", "facets": ["is_original"]},
    "settings": {"title": "Settings"},
    "sketches": {"title": "Sketches of texts"},
    "sketches_newest": {"title": "Sketches of texts, newest"},
    "sketches_recent": {"title": "Sketches of texts, recent"},
    "skips": {"title": "Skipped captures", "facets": ["reason", "stage"]},
    "sources": {"title": "Named sources 来源", "facets": ["outlet"]},
    "trimmed": {"title": "Trimmed lines", "facets": ["rule"]},
    "upheavals": {"title": "Upheavals 整站变动", "sort_desc": "since"},
    "version_texts": {"title": "Texts of versions 版本文本"},
    "versions": {"title": "Versions 版本", "sort_desc": "seen_at"},
    "wanted": {"title": "Wanted originals 待寻原文", "sort_desc": "copies"},
    "withdrawals": {"title": "Withdrawals 撤下", "sort_desc": "at", "facets": ["level"]},
    "warcs": {"title": "WARC files", "sort": "file"},
}


def metadata() -> dict[str, Any]:
    """Return the metadata as Datasette reads it."""
    tables = {
        name: {**TABLES.get(name, {}), "description": described.row, "columns": dict(described.columns)}
        for name, described in sorted(DESCRIPTIONS.items())
    }
    database = {"title": TITLE, "description": DESCRIPTION, "tables": tables}
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "plugins": {"fangzhi": {"captures": {"$env": "FANGZHI_CAPTURES"}}},
        "license": "each text under its publisher's rights",
        "databases": {DATABASE: database},
    }


if __name__ == "__main__":
    json.dump(metadata(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
