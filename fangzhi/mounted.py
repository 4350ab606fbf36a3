"""Notice that a folder of captures is gone of which a crawl knows: a disk may not be mounted."""

from pathlib import Path

from crawler.active import CapturesGone
from fangzhi.status.memory import remembered


def still_there(captures: Path, crawl_db: Path) -> None:
    """Raise CapturesGone where a crawl remembers captures whose folder is not there."""
    if captures.exists() or not crawl_db.is_file():
        return
    with remembered(crawl_db) as memory:
        if memory.execute("SELECT 1 FROM urls WHERE warc_file IS NOT NULL LIMIT 1").fetchone():
            raise CapturesGone(
                f"{captures}: the folder is gone, but {crawl_db} remembers captures in it: mount or restore it; "
                f"to begin anew, delete {crawl_db} too"
            )
