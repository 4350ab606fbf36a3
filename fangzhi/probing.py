"""Show what a look at a site found, and what a crawl would do with addresses: for `outlets try` and `outlets new`."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from crawler.foresee import Fate, Foreseen
from crawler.probe import Probe, probe
from crawler.tryout import Tried
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
    why = {finding.url: f"{finding.type}: {finding.why}" for finding in found.findings}
    why |= {url: f"article by '{shape.rule}': {shape.why}" for shape in found.shapes for url in shape.examples}
    for url in found.would_fetch[:SHOWN]:
        out.print(f"  {url}  {why[url]}", markup=False, soft_wrap=True)
    if len(found.would_fetch) > SHOWN:
        out.print(f"  … and {len(found.would_fetch) - SHOWN} more")


def foretell(tried: Tried, file: Path, *, every: bool) -> None:
    """Print what a crawl by an outlet's file would do with each address; of each fate the first dozen, or `every` one.

    How many met which fate, and what could not be had, goes to stderr.
    """
    fates = Counter(one.fate for one in tried.foreseen)
    for fate in (fate for fate in Fate if fates[fate]):
        lines = [line_of(one) for one in tried.foreseen if one.fate is fate]
        shown = len(lines) if every else SHOWN
        click.echo("\n".join(lines[:shown]))
        if len(lines) > shown:
            click.echo(f"{fate:<11}… and {len(lines) - shown} more; --all shows them")
    told = ", ".join(f"{fates[fate]} {fate}" for fate in Fate if fates[fate]) or "no address"
    click.echo(f"by the rules of {file}: {told}", err=True)
    for note in tried.notes:
        click.echo(note, err=True)


def fates_as_json(tried: Tried, file: Path) -> str:
    """Return the same as JSON, the same names as in the code."""
    rows = [{**asdict(one), "rule": one.rule._asdict() if one.rule else None} for one in tried.foreseen]
    return json.dumps({"file": str(file), "addresses": rows, "notes": tried.notes}, ensure_ascii=False, indent=2)


def line_of(one: Foreseen) -> str:
    """Return the fate of an address as one line."""
    read = f"; read with {one.override}" if one.override and one.fate in (Fate.FETCH, Fate.HELD) else ""
    return f"{one.fate:<11}{one.url}  {one.why}{read}"
