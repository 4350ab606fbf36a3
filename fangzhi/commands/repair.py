"""`fangzhi repair`: text in, repaired text out."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from crawler.bring import read_saved
from pipelines.decode import decode_bytes
from pipelines.repair import repair_text


@click.command(
    epilog="""\b
Examples:
  fangzhi repair damaged.txt > repaired.txt
  echo '思想?yún)R報(bào)' | fangzhi repair
  fangzhi repair --explain damaged.txt 2> repairs.jsonl
"""
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True, help="Print each repair as one JSON object a line on stderr.")
def repair(file: Path | None, explain: bool) -> None:
    """Read a text (FILE or standard input, any Chinese charset), print it with its damage undone.

    Line structure stays as it is. Each repair can be reversed from its record: see --explain.
    """
    body = sys.stdin.buffer.read() if file is None or str(file) == "-" else read_saved(file)
    repaired = repair_text(decode_bytes(body).text)
    click.echo(repaired.text, nl=not repaired.text.endswith("\n"))
    if explain:
        for record in repaired.repairs:
            click.echo(json.dumps(asdict(record), ensure_ascii=False), err=True)
