"""`fangzhi export`: hand on what a search finds."""

import shutil
import sys
import tempfile
from pathlib import Path

import click

from browse.asking import Search
from browse.wacz import title_of
from fangzhi.exporting import FORMS, LINES, rows_of, write_wacz
from fangzhi.partitions import write_partitions
from fangzhi.paths import ARCHIVE, CAPTURES, PlaceType
from fangzhi.searching import read_search


@click.command(
    context_settings={"ignore_unknown_options": True},  # -word excludes a word
    epilog="""\b
Examples:
  fangzhi export 疫情 --since 2022-03-01 --until 2022-03-31 > march.jsonl
  fangzhi export --outlet zhoukou-net --output zhoukou.csv
  fangzhi export --since 2022-01-01 --output from-2022.parquet
  fangzhi export '"专项督查" -学校' --output pages.wacz
  fangzhi export --format partitions --output s3://fangzhi/articles
""",
)
@click.argument("words", nargs=-1)
@click.option("--output", type=PlaceType(), help="File to write (default: standard output); folder of partitions.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Default: as OUTPUT ends, else jsonl.")
@click.option("--outlet", help="Only this outlet (slug).")
@click.option("--kind", help="Only outlets of this kind, e.g. commission.")
@click.option("--region", help="Only this region and what lies in it (GB/T 2260 code).")
@click.option("--since", help="Published on this day or later (YYYY-MM-DD).")
@click.option("--until", help="Published on this day or earlier.")
@click.option("--status", help="Only articles that are alive, changed or gone.")
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--captures", type=click.Path(path_type=Path), default=CAPTURES, show_default=True, help="For WACZ.")
def export(
    words: tuple[str, ...],
    output: Path | None,
    form: str | None,
    outlet: str | None,
    kind: str | None,
    region: str | None,
    since: str | None,
    until: str | None,
    status: str | None,
    archive: Path,
    captures: Path,
) -> None:
    """Write every article that a search for WORDS finds (default: all articles), newest first, however many.

    JSONL, CSV and Parquet have the columns of the downloads of the search page; WACZ holds the pages as they were
    captured, for replay tools. A file appears under its name when it is complete. "partitions" is a new folder, here or
    at a URL, of Parquet files by outlet and month.
    """
    if unknown := next((word for word in words if word.startswith("--")), None):
        raise click.NoSuchOption(unknown)
    filters = {"outlet": outlet, "kind": kind, "region": region, "since": since, "until": until, "status": status}
    search = read_search(" ".join(words), **filters)
    form = form or form_of(output)
    if form == "partitions":
        if output is None:
            raise click.UsageError("partitions are a folder: name it with --output")
        count = write_partitions(rows_of(archive, search), output)
    elif form == "wacz":
        count = to_wacz(search, output, archive, captures)
    else:
        count = to_lines(search, output, archive, form)
    click.echo(f"{count} articles exported" if count else "nothing was found", err=True)


def form_of(output: Path | None) -> str:
    """Return the form that a file's name asks for; raise BadParameter for a name that asks for none.

    >>> form_of(Path("a.csv")), form_of(None)
    ('csv', 'jsonl')
    """
    if output is None:
        return "jsonl"
    ending = output.suffix.lower().removeprefix(".")
    if ending not in FORMS:
        raise click.BadParameter(f"{output}: ends with none of {', '.join(FORMS)}; say which with --format")
    return ending


def to_lines(search: Search, output: Path | None, archive: Path, form: str) -> int:
    """Write lines to a file or to standard output; return how many articles."""
    write = LINES[form]
    if output is None:
        if form == "parquet" and sys.stdout.isatty():
            raise click.UsageError("Parquet is no text: name a file with --output, or lead the output into one")
        return write(rows_of(archive, search), sys.stdout.buffer)
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as out:
            count = write(rows_of(archive, search), out)
        part.replace(output)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return count


def to_wacz(search: Search, output: Path | None, archive: Path, captures: Path) -> int:
    """Write a WACZ, to standard output where no file is given; return how many articles, but those that are sealed."""
    if output is None and sys.stdout.isatty():
        raise click.UsageError("a WACZ is no text: name a file with --output, or lead the output into one")
    with tempfile.TemporaryDirectory(dir=output.parent if output else None) as folder:
        target = Path(folder) / "export.wacz"
        count = write_wacz(rows_of(archive, search), target, archive, captures, title=title_of(search))
        if count and output is not None:
            target.replace(output)
        elif count:
            with target.open("rb") as whole:
                shutil.copyfileobj(whole, sys.stdout.buffer)
    return count
