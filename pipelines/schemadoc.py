"""Write docs/schema.md out of the schema itself: `python -m pipelines.schemadoc docs/schema.md`."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from pipelines.migrations import STEPS, found
from pipelines.schema import DESCRIPTIONS

HEAD = """# The archive's schema

`archive.db` is one SQLite file. It is made from the WARC files alone and can be deleted and made again; article ids
stay the same. Times are UTC, ISO 8601, to the second; lists and objects are JSON. This page is made by
`python -m pipelines.schemadoc docs/schema.md` from the recorded schema steps and the descriptions in
`pipelines/schema.py` and `schema_articles.py`, and a test holds it to them.

Schema steps: {steps}.

Search the index `articles_fts` (FTS5, contentless, columns `text`, `title` and `attachments`, row number
`articles.key`) with an expression from `pipelines.query.query`, which cuts what was typed by the same rules as the
text:

```python
import sqlite3
from pipelines.query import query

db = sqlite3.connect("archive.db")
sql = "SELECT title FROM articles WHERE key IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
print(db.execute(sql, [query("疫情")]).fetchall())
```
"""


def document() -> str:
    """Return the page: each table with what a row is, its columns, types, references and descriptions."""
    db = sqlite3.connect(":memory:")
    found(db)
    head = HEAD.format(steps=", ".join(f"`{step}`" for step in STEPS))
    page = "\n".join((head, *("\n".join(_section(db, name)) for name in sorted(DESCRIPTIONS))))
    db.close()
    return page


def _section(db: sqlite3.Connection, name: str) -> Iterator[str]:
    described = DESCRIPTIONS[name]
    references = {row[3]: f"{row[2]}.{row[4]}" for row in db.execute(f"PRAGMA foreign_key_list({name})")}
    yield f"## {name}\n"
    yield f"{described.row}\n"
    yield "| column | type | | |"
    yield "|---|---|---|---|"
    for _, column, kind, needed, _, key in db.execute(f"PRAGMA table_info({name})").fetchall():
        notes = ["key"] if key else ["always set"] if needed else []
        if column in references:
            notes.append(f"→ {references[column]}")
        yield f"| {column} | {kind} | {', '.join(notes)} | {described.columns[column]} |"
    yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
