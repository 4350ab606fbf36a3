"""`fangzhi search`: find articles from the command line."""

import json
from pathlib import Path

import click

from fangzhi.console import console
from fangzhi.paths import ARCHIVE
from fangzhi.searching import found_in, read_search, search_archive
from pipelines.snippet import snippet

MARKS = ("[bold red]", "[/bold red]")


@click.command(
    context_settings={"ignore_unknown_options": True},  # -word excludes a word
    epilog="""\b
Examples:
  fangzhi search 疫情 督查
  fangzhi search '"专项督查" -学校' --since 2026-03-01 --newest
  fangzhi search 疫苗 --region 410000 --json | jq .url
""",
)
@click.argument("words", nargs=-1, required=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--outlet", help="Only this outlet (slug).")
@click.option("--kind", help="Only outlets of this kind, e.g. commission.")
@click.option("--region", help="Only this region and what lies in it (GB/T 2260 code).")
@click.option("--since", help="Published on this day or later (YYYY-MM-DD).")
@click.option("--until", help="Published on this day or earlier.")
@click.option("--newest", is_flag=True, help="Newest first, in place of best first.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Show at most so many.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object a line.")
def search(
    words: tuple[str, ...],
    archive: Path,
    outlet: str | None,
    kind: str | None,
    region: str | None,
    since: str | None,
    until: str | None,
    newest: bool,
    limit: int,
    json_: bool,
) -> None:
    """Find articles that hold all WORDS, in either script; "…" is a phrase, -word excludes, OR means either.

    Says so where more was found than is shown. Exit code 0 also where nothing was found.
    """
    if unknown := next((word for word in words if word.startswith("--")), None):
        raise click.NoSuchOption(unknown)
    asked = read_search(
        " ".join(words),
        outlet=outlet,
        kind=kind,
        region=region,
        since=since,
        until=until,
        order="date" if newest else None,
    )
    out = console()
    shown = 0
    for row in search_archive(archive, asked, limit=limit + 1):
        if shown == limit:
            click.echo(f"more was found than these {limit}; --limit shows more", err=True)
            return
        shown += 1
        text = f"{row['title'] or ''}\n{row['text']}"
        file = found_in(archive, row["id"], text, asked.question.words)
        if json_:
            told = {name: row[name] for name in ("id", "url", "outlet", "title", "published_local", "source", "status")}
            click.echo(json.dumps({**told, "found_in": file.name if file else None}, ensure_ascii=False))
            continue
        found = snippet(file.text if file else text, asked.question.words, marks=MARKS, escape=plain)
        out.print(f"[bold]{plain(row['title'] or '(no headline)')}[/bold]")
        out.print(
            plain(f"  {row['published_local'] or 'undated'}  {row['outlet'] or ''}  {row['url']}"), soft_wrap=True
        )
        inside = f"[dim]in the attachment {plain(file.name)}:[/dim] " if file else ""
        out.print(f"  {inside}{found.replace(chr(10), ' ')}", soft_wrap=True)
    if not shown:
        click.echo("nothing was found", err=True)


def plain(text: str) -> str:
    """Return text in which no bracket is taken for a style of the console."""
    return text.replace("[", "\\[")
