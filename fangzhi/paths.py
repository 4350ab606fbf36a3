"""Say where things lie when nobody says otherwise: in the folder that the command is called from."""

from pathlib import Path

ARCHIVE = Path("archive.db")
CAPTURES = Path("captures")
CRAWL_DB = Path("crawl.db")
METADATA = Path(__file__).parent.parent / "datasette_metadata.json"
