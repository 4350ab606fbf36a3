"""`fangzhi outlets`: list the outlets, check their files, look at a site that has none yet."""

import json
import sys
from pathlib import Path

import click
from rich.table import Table

from crawler.address import is_front
from crawler.outlet import HERE, Outlet, OutletError, load_outlet, load_outlets
from crawler.tryout import try_out
from fangzhi.console import console
from fangzhi.manners import needs_contact
from fangzhi.paths import CRAWL_DB
from fangzhi.probing import LOCAL, fates_as_json, foretell, look_at, show

FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default=HERE, help="Folder of outlet files (default: the bundled)."
)


@click.group(
    epilog="""\b
Examples:
  fangzhi outlets list
  fangzhi outlets check my-outlets/county-paper.toml
  fangzhi outlets try http://www.example.cn/ --contact archive@example.org
  fangzhi outlets new http://www.example.cn/ --contact archive@example.org > example.toml
"""
)
def outlets() -> None:
    """List outlets, check outlet files, look at a site and write its file."""


@outlets.command("list", epilog="Example: fangzhi outlets list --json | jq '.[] | select(.checked | not) | .slug'")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_(folder: Path, as_json: bool) -> None:
    """List the outlets with what is known of them; "no" under checked means: never tried on the live site."""
    found = load_outlets(folder)
    if as_json:
        click.echo(json.dumps([row_of(outlet) for outlet in found.values()], ensure_ascii=False, indent=2))
        return
    table = Table("outlet", "name", "kind", "region", "sources", "checked", "home", box=None)
    for outlet in found.values():
        row = row_of(outlet)
        kinds = ", ".join(sorted({source.type for source in outlet.sources}))
        checked = "yes" if outlet.checked else "no"
        table.add_row(outlet.slug, outlet.name, outlet.kind.value, outlet.region or "–", kinds, checked, row["home"])
    console().print(table)


def row_of(outlet: Outlet) -> dict[str, str]:
    """Return what a list of outlets shows of one, as plain JSON."""
    return outlet.model_dump(mode="json", include={"slug", "name", "kind", "region", "home", "checked", "note"})


@outlets.command(epilog="Example: fangzhi outlets check crawler/outlets/*.toml")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check outlet FILES (default: all bundled ones); name file, key, what was given and what is allowed."""
    wrong = 0
    paths = files or tuple(sorted(HERE.glob("*.toml")))
    for path in paths:
        try:
            load_outlet(path)
        except OutletError as error:
            click.echo(str(error), err=True)
            wrong += 1
    click.echo(f"{len(paths) - wrong} of {len(paths)} outlet files are right")
    if wrong:
        sys.exit(3)


CONTACT = click.option("--contact", help="How a webmaster reaches you; it stands in the user agent.")
PRIVATE = click.option("--private", is_flag=True, help="The site is on this machine or network.")


@outlets.command(
    "try",
    epilog="""\b
Examples:
  fangzhi outlets try http://www.example.cn/ --contact archive@example.org
  fangzhi outlets try --outlet zhoukou-net --contact archive@example.org
  fangzhi outlets try http://www.zhld.com/content/2020-09/22/content_1.html --contact archive@example.org
""",
)
@click.argument("urls", metavar="[URL]...", nargs=-1)
@click.option("--outlet", "slug", help="Go by the file of this outlet; without URLs its sources are asked once.")
@FOLDER
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--all", "every", is_flag=True, help="Show every address, not the first dozen of each fate.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; with --outlet or addresses of an outlet.")
@CONTACT
@PRIVATE
def try_(
    urls: tuple[str, ...],
    slug: str | None,
    folder: Path,
    crawl_db: Path,
    every: bool,
    as_json: bool,
    contact: str | None,
    private: bool,
) -> None:
    """Dry run: look at the home page URL of a new site, or say what a crawl would do with addresses, and why.

    Of a new site: feeds, sitemaps, columns, e-papers, what articles look like. Of an outlet that has a file: for each
    address the rule of the file that decides, the line of robots.txt, and whether it is held already.
    """
    known = load_outlets(folder)
    if slug is not None and slug not in known:
        raise OutletError(f"{slug}: no such outlet in {folder}; known: {', '.join(known) or 'none'}")
    outlet = known[slug] if slug else next((one for one in known.values() if urls and _knows(one, urls[0])), None)
    if outlet is not None:
        needs_contact(contact, private=outlet.private)
        tried = try_out(outlet, urls, crawl_db=crawl_db, resolve=LOCAL, contact=contact)
        if as_json:
            click.echo(fates_as_json(tried, folder / f"{outlet.slug}.toml"))
        else:
            foretell(tried, folder / f"{outlet.slug}.toml", every=every or bool(urls))
        return
    if len(urls) != 1:
        raise click.UsageError("name one home page URL, or an outlet with --outlet")
    needs_contact(contact, private=private)
    show(look_at(urls[0], contact=contact, private=private))


def _knows(outlet: Outlet, url: str) -> bool:
    """Say whether an address other than a home page is one of an outlet: its file is what to go by."""
    return outlet.owns(url) and not is_front(url)


@outlets.command(epilog="Example: fangzhi outlets new http://www.example.cn/ --contact a@example.org > example.toml")
@click.argument("url")
@CONTACT
@PRIVATE
def new(url: str, contact: str | None, private: bool) -> None:
    """Look at the home page URL and print an outlet file for it; read it before you use it."""
    needs_contact(contact, private=private)
    found = look_at(url, contact=contact, private=private)
    text = found.toml()
    click.echo(text.replace("checked = false\n", "checked = false\nprivate = true\n") if private else text, nl=False)
