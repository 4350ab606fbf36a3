"""`fangzhi add`: bring in what others fetched."""

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from crawler.bring import Brought, ImportRefused, find_files
from crawler.imports import NAME
from crawler.outlet import OutletError
from crawler.reader import WarcError
from crawler.writer import WarcWriter
from fangzhi import __version__
from fangzhi.adding import Adding
from fangzhi.building import build_archive
from fangzhi.outletbook import known_outlets
from fangzhi.paths import ARCHIVE, CAPTURES


@click.command(
    epilog="""\b
Examples:
  fangzhi add old-crawl.warc.gz
  fangzhi add saved-pages/ --outlet zhoukou-net
  fangzhi add wanted.cdxj
  fangzhi add page.html --url http://www.example.cn/news/1.html
"""
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="The address that the page was saved from (for one PATH).")
@click.option("--outlet", help="The outlet that the pages are from, by its slug.")
@click.option("--captures", type=click.Path(path_type=Path), default=CAPTURES, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--no-build", is_flag=True, help="Bring the files in; build later.")
def add(
    paths: tuple[Path, ...], url: str | None, outlet: str | None, captures: Path, archive: Path, no_build: bool
) -> None:
    """Bring in WARC and WACZ files, what a CDX or CDXJ describes, saved HTML, text files, folders of them; build.

    The originals stay where they are. A file that cannot be brought in is named on stderr, the others are brought
    in all the same, and the exit code is 4. The same file is brought in only once. Where each came from is noted in
    the WARC and shown in the table `imports`.
    """
    check(paths, url, outlet, captures)
    refused = 0
    added: list[str] = []
    about = {"software": f"Fangzhi/{__version__}", "description": "files added, and notes on where they came from"}
    with WarcWriter(captures, about=about, name=NAME) as writer:
        adding = Adding(captures, writer, url=url, outlet=outlet)
        for path in paths:
            if not path.exists():
                click.echo(f"fangzhi: {path}: no such file or folder", err=True)
                refused += 1
                continue
            for file in find_files(path):
                try:
                    added += [say(brought) for brought in adding.bring(file)]
                except (ImportRefused, WarcError) as error:
                    click.echo(f"fangzhi: {error}", err=True)
                    refused += 1
    click.echo(f"{len(added)} files added to {captures}, {refused} refused")
    lost = False if no_build else build_archive(captures, archive).lost
    if refused or lost:
        sys.exit(4 if refused else 1)


def say(brought: Brought) -> str:
    """Tell on stderr what is odd about a file that came in; return the name of the WARC file that holds it."""
    if not brought.new:
        click.echo(f"fangzhi: {brought.source}: was brought in before; nothing to do", err=True)
    if brought.cut:
        click.echo(f"fangzhi: {brought.source}: its last record is torn; {brought.cut} bytes left behind", err=True)
    return brought.warc_file


def is_web_address(url: str) -> bool:
    """Say whether an address is absolute, of a host, over HTTP.

    >>> is_web_address("http://www.example.cn/1.html"), is_web_address("not a url"), is_web_address("http:///x")
    (True, False, False)
    """
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)


def check(paths: tuple[Path, ...], url: str | None, outlet: str | None, captures: Path) -> None:
    """Refuse what could not be found again: an address that is none, an outlet that nobody knows."""
    if url and len(paths) > 1:
        raise click.UsageError("--url goes with one PATH")
    if url and not is_web_address(url):
        raise click.UsageError(f"--url {url!r} is no address of a page; give one such as http://www.example.cn/1.html")
    if outlet and outlet not in (known := known_outlets(captures).known):
        raise OutletError(f"{outlet}: no such outlet; known: {', '.join(known)}")
