"""Photograph the pages of an archive for the README.

`python benchmarks/screenshots.py` crawls the demonstration web, two days of it, and takes the pictures of that;
`--archive archive.db` takes them of another archive.
"""

import argparse
import contextlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright
from serving import serving

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ROOT = Path(__file__).parents[1]
DESKTOP, PHONE = {"width": 1200, "height": 860}, {"width": 390, "height": 844}
WORD = "督查"  # what the pictures search for

# an article that shows what each picture is about, most telling first
TELLING = "select id from articles where {} order by cluster is null, chars desc limit 1"


def pictures(archive: Path) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Yield the name, the address and the size of each picture that this archive can show."""
    found = f"/search?q={quote(WORD)}"
    yield "home", "/", DESKTOP
    yield "home-phone", "/", PHONE
    yield "search", found, DESKTOP
    yield "search-phone", found, PHONE
    yield (
        "table",
        f"/archive/articles?_search={quote(WORD)}&_col=title&_col=outlet&_col=day&_col=source&_col=text",
        DESKTOP,
    )
    yield "coverage", "/coverage", DESKTOP
    with contextlib.closing(sqlite3.connect(archive)) as connection:
        for name, condition, path, size in (
            ("article", "id in (select article from documents)", "/article/{}", DESKTOP),
            ("article-phone", "id in (select article from documents)", "/article/{}", PHONE),
            ("article-repairs", "repairs > 3 and title is not null", "/article/{}?repairs=1", DESKTOP),
            ("versions", "status = 'changed'", "/article/{}/versions", DESKTOP),
        ):
            row = connection.execute(TELLING.format(condition)).fetchone()
            if row:
                yield name, path.format(row[0]), size
        outlet = connection.execute("select outlet from articles group by 1 order by count(*) desc").fetchone()
        cluster = connection.execute("select cluster from reprints group by 1 order by count(*) desc").fetchone()
    if outlet and outlet[0]:
        yield "outlet", f"/outlet/{quote(outlet[0])}", DESKTOP
    if cluster:
        yield "cluster", f"/cluster/{cluster[0]}", DESKTOP


def shoot(browser: Browser, address: str, size: dict[str, int], target: Path, language: str) -> None:
    """Save one picture: the first screen of a page."""
    context = browser.new_context(viewport=size, device_scale_factor=1, locale=language)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=target)
    context.close()


@contextlib.contextmanager
def demonstration() -> Iterator[Path]:
    """Crawl the demonstration web on its first and its second day; give the archive of both."""
    with tempfile.TemporaryDirectory() as folder:
        places = {"--captures": "captures", "--crawl-db": "crawl.db", "--archive": "archive.db"}
        options = [part for option, name in places.items() for part in (option, str(Path(folder, name)))]
        for _ in range(2):
            subprocess.run([sys.executable, "-m", "fangzhi", "demo", "--no-serve", *options], check=True)
        yield Path(folder, "archive.db")


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="an archive to show (usually the demonstration's)")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images", help="where the pictures go")
    parser.add_argument("--language", default="en-GB")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        archive = arguments.archive or stack.enter_context(demonstration())
        address = stack.enter_context(serving(archive))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, path, size in pictures(archive):
            target = arguments.folder / f"{name}.png"
            shoot(browser, address + path, size, target, arguments.language)
            print(target)
        browser.close()


if __name__ == "__main__":
    main()
