"""The `fangzhi` command: a table of subcommands, and one place where an error becomes a line and an exit code."""

import sys
from importlib import import_module
from typing import Any

import click

from fangzhi import __version__

# the module of the same name under fangzhi.commands holds each; in the order of a day's work
COMMANDS = (
    "demo", "crawl", "add", "build", "serve", "search", "extract", "repair", "outlets",
    "status", "export", "recheck", "withdraw", "verify", "backup", "worker",
)  # fmt: skip

EXIT_CODES = """\b
Exit codes:
  0    all well
  1    something was lost or is wrong; the lines above say what
  2    the command was called wrongly
  3    an outlet file is wrong, no outlet has that name, or one needs a browser that is not there
  4    an input file cannot be read, or is not what it says it is
  5    a database is locked by another program
  6    a database was made by another release, is damaged, or is none of ours
  7    the disk is full
  8    the port is taken, or the host is no address of this machine
  9    a folder or file cannot be written, or is gone
  10   status --check: something needs a look
  11   a cluster or shared storage does not answer
  130  interrupted
"""


class LazyGroup(click.Group):
    """Import a subcommand when it is called: `fangzhi extract` need not wait for Scrapy or Datasette."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"fangzhi.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101  (for the type checker)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # click's own answer is "Aborted!" and exit code 1
            click.echo("interrupted; what was captured is kept, the same command goes on from here", err=True)
            ctx.exit(130)


@click.group(cls=LazyGroup, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fangzhi")
def cli() -> None:
    """Fangzhi 方志: fetch, clean, repair and search Chinese regional news and government reports."""


def main() -> None:
    """Run the command line; an error that a person can mend is one line and a code of its own, not a traceback."""
    try:
        cli.main(standalone_mode=True)
    except Exception as error:
        cause = import_module("fangzhi.errors").explain(error)
        if cause is None:
            raise  # a bug: its traceback is what helps
        click.echo(f"fangzhi: {cause.line}", err=True)
        sys.exit(cause.code)


if __name__ == "__main__":
    main()
