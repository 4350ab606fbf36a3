"""`fangzhi withdraw`: take an article out, as far as is decided, and keep account of it."""

import getpass
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from crawler.ban import agree
from crawler.purge import Purged
from crawler.withdrawal import Level, Withdrawal, standing
from fangzhi.console import console
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB, PlaceType
from fangzhi.withdrawing import Stores, carry_out
from fangzhi.withdrawing import withdraw as withdraw_one

LEVELS = [level.value for level in Level if level is not Level.LIFT]


@click.command(
    epilog="""\b
Levels:
  hide     nothing of it is shown, found or exported; the bytes stay
  embargo  the same until a day, then it comes back with the next build
  purge    its bytes in the WARC files are destroyed as well
  never    nor is its address ever fetched again

\b
Examples:
  fangzhi withdraw http://daily.example/a.html --level hide --reason "asked for by the person named"
  fangzhi withdraw http://daily.example/a.html --level embargo --until 2027-01-01 --reason "court order 12"
  fangzhi withdraw http://daily.example/a.html --lift --reason "order 12 was set aside"
  fangzhi withdraw --list
"""
)
@click.argument("what", metavar="[URL|ID]", required=False)
@click.option("--level", type=click.Choice(LEVELS), help="How far.")
@click.option("--reason", help="Why; kept in the journal, shown to nobody else.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Day on which an embargo ends (0:00 UTC).")
@click.option("--by", help="Who decided.  [default: the user]")
@click.option("--lift", is_flag=True, help="Let the article in again; destroyed bytes stay destroyed.")
@click.option("--list", "list_", is_flag=True, help="Print the journal, newest last, and do what is still to be done.")
@click.option("--captures", type=PlaceType(), default=CAPTURES, show_default=True, help="Folder of WARC files, or URL.")
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def withdraw(
    what: str | None,
    level: str | None,
    reason: str | None,
    until: datetime | None,
    by: str | None,
    lift: bool,
    list_: bool,
    captures: Path,
    archive: Path,
    crawl_db: Path,
    json_: bool,
) -> None:
    """Withdraw an article, named by its address or id: from pages, search, API, feeds, exports and archive.db itself.

    Each decision is journalled and outlives every rebuild. The same command again finishes what was interrupted.
    """
    stores = Stores(captures=captures, archive=archive, crawl_db=crawl_db)
    if list_:
        if what or level or lift:
            raise click.UsageError("--list prints everything; name no article and no level with it")
        decisions = agree(captures, crawl_db)
        tell_all(decisions, json_=json_)
        sys.exit(tell(carry_out(stores)) if decisions else 0)
    if what is None:
        raise click.UsageError("name the article by its address or its id, or give --list")
    if lift == bool(level):
        raise click.UsageError("say how far with --level, or take a decision back with --lift")
    if not (reason or "").strip():
        raise click.UsageError("--reason is missing: the journal says why")
    day = until_day(level, until)
    chosen = Level(level) if level else Level.LIFT
    with console(stderr=True).status("withdrawing") as status:
        decision, done = withdraw_one(
            stores,
            what,
            level=chosen,
            reason=(reason or "").strip(),
            by=by or getpass.getuser(),
            until=day,
            on_file=lambda path: status.update(f"reading {path.name}"),
        )
    click.echo(json.dumps(decision.row(), ensure_ascii=False) if json_ else line_of(decision))
    if lift:
        click.echo("`fangzhi build` reads it again", err=True)
    sys.exit(tell(done))


def until_day(level: str | None, until: datetime | None) -> date | None:
    """Return the day on which an embargo ends; raise UsageError where there is none, or one without an embargo."""
    if level != Level.EMBARGO:
        if until is not None:
            raise click.UsageError("--until belongs to --level embargo")
        return None
    if until is None:
        raise click.UsageError("--until is missing: an embargo ends on a day")
    if until.date() <= datetime.now(UTC).date():
        raise click.UsageError(f"--until {until.date()}: this day has come already")
    return until.date()


def line_of(decision: Withdrawal) -> str:
    """Return a decision as one line."""
    level = f"{decision.level} until {decision.until}" if decision.until else decision.level
    return f"{decision.at[:19]}Z {level} {decision.article} {decision.url} ({decision.by}: {decision.reason})"


def tell_all(decisions: list[Withdrawal], *, json_: bool) -> None:
    """Print every decision, and whether it stands."""
    stands = set(standing(decisions).values())
    if json_:
        click.echo(
            json.dumps([{**one.row(), "stands": one in stands} for one in decisions], ensure_ascii=False, indent=2)
        )
        return
    for one in decisions:
        click.echo(f"{'stands' if one in stands else 'past  '} {line_of(one)}")


def tell(done: Purged) -> int:
    """Print on stderr what was destroyed and what was not; return the exit code."""
    if done.records:
        click.echo(f"destroyed {done.records} records in {done.files} WARC files", err=True)
        click.echo("backups made before still hold them, each until the next `fangzhi backup` to it", err=True)
    if done.kept:
        click.echo(
            f"{done.kept} payloads stay: captures of other addresses that are not withdrawn have the same", err=True
        )
    for name in done.busy:
        click.echo(
            f"{name}: a crawl is writing this file; hidden now, destroyed by `fangzhi withdraw --list` afterwards",
            err=True,
        )
    return 1 if done.busy else 0
