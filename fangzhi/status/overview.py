"""Ask both databases what happened, per outlet: what a person wants to know in the morning."""

from pathlib import Path

from fangzhi.status.archived import ask_archive, ask_imports
from fangzhi.status.memory import ask_crawl, is_held, last_looks, last_runs, remembered
from fangzhi.status.records import OutletStatus, Overview
from pipelines.opened import opened


def overview(crawl_db: Path, archive: Path) -> Overview:
    """Return what both databases know; a database that is not there contributes nothing."""
    found = Overview()
    outlets: dict[str | None, OutletStatus] = {}
    looks: dict[str, float] = {}
    if crawl_db.is_file():
        with remembered(crawl_db) as database:
            found.runs, found.running = last_runs(database), is_held(crawl_db)
            looks = last_looks(database)
            ask_crawl(database, outlets)
    if archive.is_file():
        with opened(archive) as database:
            ask_archive(database, outlets, looks)
            found.imports = ask_imports(database)
    found.outlets = [outlets[slug] for slug in sorted(outlets, key=lambda slug: slug or "")]
    return found
