"""Say how Datasette is started for an archive: read-only, while a crawl may be writing to it."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

PLUGINS = Path(__file__).parent / "plugins"

# Only departures from Datasette's defaults, each with its reason.
SETTINGS = (
    ("suggest_facets", "off"),  # guessing facets over a million rows runs into the time limit on every page
    ("sql_time_limit_ms", "3000"),  # ranking 50,000 hits takes under a second; leave room on slow disks
    ("facet_time_limit_ms", "1000"),
    ("truncate_cells_html", "160"),
    ("default_page_size", "50"),
)


def serve_args(
    archive: Path, metadata: Path | None = None, host: str = "127.0.0.1", port: int = 8001, extra: Sequence[str] = ()
) -> list[str]:
    """Return the arguments of the `datasette` command that serves an archive; `extra` comes last and so wins.

    The archive is opened read-only. In a folder where SQLite cannot make its side files (a read-only disk), it is
    opened as immutable, which is right there: nobody can be writing to it.
    """
    opened = [str(archive)] if _opens_shared(archive) else ["--immutable", str(archive)]
    args = ["serve", *opened, "--host", host, "--port", str(port), "--plugins-dir", str(PLUGINS), "--cors"]
    if metadata is not None:
        args += ["--metadata", str(metadata)]
    for name, value in SETTINGS:
        args += ["--setting", name, value]
    return [*args, *extra]


def _opens_shared(archive: Path) -> bool:
    try:
        connection = sqlite3.connect(f"{archive.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return True  # Datasette will say what is wrong with it
    try:
        connection.execute("select 1 from sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return "unable to open" not in str(error) and "readonly" not in str(error)
    except sqlite3.DatabaseError:
        return True
    finally:
        connection.close()
    return True
