"""`fangzhi extract`: read saved pages, print one JSON object a line, touch no database."""

import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from crawler.bring import ImportRefused
from crawler.parts import part_of
from fangzhi.files import capture_of
from pipelines.flow import read
from pipelines.places import name_path, places_of
from pipelines.records import Article, Evidence, Skip

POOL_PAYS_FROM = 8  # files; starting workers costs about a second, a page some 30 ms


@click.command(
    epilog="""\b
Examples:
  fangzhi extract saved/page.html
  fangzhi extract pages/*.html.gz > articles.jsonl
  fangzhi extract --explain notice.html | python -m json.tool
"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="The address that the page was saved from (for one FILE).")
@click.option("--explain", is_flag=True, help="Add where each field came from, what was trimmed and what was repaired.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; by default as many as there are processors.")
def extract(files: tuple[Path, ...], url: str | None, explain: bool, workers: int | None) -> None:
    """Read saved pages (.html, .html.gz, .txt) and print one JSON object a line.

    Pages of one article (991.html, 991_2.html) become one object, joined in order; "missing" names the pages that
    are not among the FILES. A page that holds no article has "text": null and a "skip" that says why. A file that
    cannot be read is named on stderr, the others are read all the same, and the exit code is 4.
    """
    if url and len(files) > 1:
        raise click.UsageError("--url goes with one FILE")
    lost = 0
    jobs = [(path, url, explain) for path in files]
    if workers == 1 or len(files) < POOL_PAYS_FROM:
        lost += print_rows(joined(map(row_of, jobs)))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            lost += print_rows(joined(pool.map(row_of, jobs, chunksize=4)))
    if lost:
        sys.exit(4)


def print_rows(rows: Any) -> int:
    """Print each row as a line of JSON, each ImportRefused on stderr; return how many files were not read."""
    lost = 0
    for row in rows:
        if isinstance(row, ImportRefused):
            click.echo(f"fangzhi: {row}", err=True)
            lost += 1
        else:
            click.echo(json.dumps(row, ensure_ascii=False))
    return lost


def row_of(job: tuple[Path, str | None, bool]) -> dict[str, Any] | ImportRefused:
    """Read one file; an unreadable one is returned as its error, so that the pool goes on with the others."""
    path, url, explain = job
    try:
        capture = capture_of(path, url=url)
    except ImportRefused as error:
        return error
    try:
        article = read(capture)
    except Skip as skip:
        return {
            "file": name_of(path),
            "url": capture.url,
            "text": None,
            "skip": skip.reason.value,
            "detail": skip.detail,
        }
    return as_row(path, article, explain=explain)


def joined(rows: Iterable[dict[str, Any] | ImportRefused]) -> Iterator[dict[str, Any] | ImportRefused]:
    """Join the rows of one article's pages into one, in the place and with the fields of its first page."""
    waiting: dict[str, list[dict[str, Any]]] = {}
    order: list[dict[str, Any] | ImportRefused | str] = []
    for row in rows:
        if isinstance(row, ImportRefused) or "part" not in row:
            order.append(row)
            continue
        article = part_of(row["url"]).first
        if article not in waiting:
            order.append(article)
        waiting.setdefault(article, []).append(row)
    for entry in order:
        yield _join(waiting[entry]) if isinstance(entry, str) else entry


def _join(pages: list[dict[str, Any]]) -> dict[str, Any]:
    pages = sorted(pages, key=lambda row: int(row["part"]))
    there = {number for page in pages for number, _ in page["parts"]}
    here = [page["part"] for page in pages]
    wanted = set(range(1, max(*here, *there, 1) + 1))
    whole = {**pages[0], "text": [line for page in pages for line in page["text"]]}
    whole["part"], whole["parts"] = here, [page["url"] for page in pages]
    return whole | {"files": [page["file"] for page in pages], "missing": sorted(wanted - set(here))}


def name_of(path: Path) -> str:
    """Return the path of the page itself: without the `.gz` that it is packed in.

    >>> name_of(Path("pages/a.html.gz"))
    'pages/a.html'
    """
    return str(path).removesuffix(".gz")


def as_row(path: Path, article: Article, *, explain: bool) -> dict[str, Any]:
    """Flatten an article into what JSON can hold; `date` is as exact as it was printed, with its offset."""
    date = None
    if article.published_at is not None:
        exact = article.published_at.isoformat(timespec="seconds")
        date = exact[:10] if article.precision == "day" else exact
    document = article.document
    places = places_of(article.text, article.title)
    row: dict[str, Any] = {
        "file": name_of(path),
        "url": article.url,
        "title": article.title,
        "date": date,
        "source": article.source,
        "authors": list(article.authors),
        "editors": list(article.editors),
        "text": list(article.paragraphs),
        "lead": article.lead,
        "section": article.section,
        "keywords": list(article.keywords),
        "captions": list(article.captions),
        "place": name_path(places[0].code) if places else None,
        "script": article.script,
        "flags": list(article.flags),
        "charset": article.charset,
        "document": None
        if document is None
        else {
            "发文字号": document.number,
            "索引号": document.index,
            "发布机构": document.issuer,
            "成文日期": document.dated,
            "发布日期": document.released,
            "主题分类": document.topic,
            "有效性": document.validity,
            "attachments": [list(pair) for pair in document.attachments],
        },
    }
    if article.part > 1 or article.parts:
        row["part"] = article.part
        row["parts"] = article.parts
    if explain:
        row["evidence"] = [evidence_row(one) for one in (*article.charset_evidence, *article.evidence)]
        row["pruned"] = [{"rule": one.rule, "block": one.line} for one in article.pruned]
        row["trimmed"] = [{"rule": one.rule, "line": one.line} for one in article.trimmed]
        row["repairs"] = [
            {
                "rule": one.rule,
                "part": one.part,
                "start": one.start,
                "end": one.end,
                "before": one.before,
                "after": one.after,
                "certain": one.certain,
            }
            for one in article.repairs
        ]
    return row


def evidence_row(one: Evidence) -> dict[str, Any]:
    """Return one piece of evidence as plain JSON."""
    return {"field": one.field, "rule": one.rule, "value": one.value, "won": one.won}
