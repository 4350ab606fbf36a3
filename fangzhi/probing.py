"""Show what a look at a site found: for `outlets try` and `outlets new`."""

from rich.table import Table

from crawler.probe import Probe, probe
from fangzhi.console import console
from fangzhi.errors import NothingFound

LOCAL = {"localhost": "127.0.0.1"}  # names below it never leave the machine
SHOWN = 12  # addresses that a crawl would fetch


def look_at(url: str, *, contact: str | None, private: bool) -> Probe:
    """Look at a site; raise NothingFound where there is nothing to see."""
    try:
        return probe(url, resolve=LOCAL, private=private, contact=contact)
    except ValueError as error:
        raise NothingFound(str(error)) from None


def show(found: Probe) -> None:
    """Print what was found, why, and what a first crawl would ask for."""
    out = console()
    out.print(f"{found.title or '(no title)'}  {found.home}", markup=False)
    table = Table("source", "address", "articles", "why", box=None)
    for finding in found.findings:
        table.add_row(finding.type, finding.url, str(finding.articles or "?"), finding.why)
    if found.findings:
        out.print(table)
    else:
        out.print("no feed, sitemap, column or e-paper was found: the home page itself would be the column")
    for shape in found.shapes:
        out.print(f"articles look like {shape.rule}, for instance {shape.examples[0]}", markup=False, soft_wrap=True)
    for note in found.notes:
        out.print(note, markup=False, soft_wrap=True)
    out.print(f"a first crawl would ask for {len(found.would_fetch)} addresses:")
    for url in found.would_fetch[:SHOWN]:
        out.print(f"  {url}", markup=False, soft_wrap=True)
    if len(found.would_fetch) > SHOWN:
        out.print(f"  … and {len(found.would_fetch) - SHOWN} more")
