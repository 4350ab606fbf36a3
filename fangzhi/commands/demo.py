"""`fangzhi demo`: crawl the bundled demonstration web over real HTTP, build, serve."""

import sys
from datetime import timedelta
from pathlib import Path

import click

from crawler.plan import Plan
from fangzhi.building import build_archive
from fangzhi.commands.serve import probe_port, run_datasette
from fangzhi.crawling import run_crawl
from fangzhi.demo import PORT, load_demo_outlets
from fangzhi.demo import serve as serve_web
from fangzhi.demo.clock import clock, day_after, past
from fangzhi.demo.site import TODAY
from fangzhi.manners import LOOPBACK
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB
from fangzhi.summary import print_summary


@click.command(
    epilog="""\b
Examples:
  fangzhi demo
  fangzhi demo --no-serve
  fangzhi demo --day 1 --web-port 8500 --port 8002
"""
)
@click.option("--day", type=click.IntRange(1, max(TODAY)), help="Day of the demonstration web (default: the next).")
@click.option(
    "--web-port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Port of the demonstration web."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that Datasette listens on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port of Datasette.")
@click.option("--captures", type=click.Path(path_type=Path), default=CAPTURES, show_default=True)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--browser", is_flag=True, help="Crawl the outlet whose pages scripts make, too (the extra `browser`).")
@click.option("--no-serve", is_flag=True, help="Stop after the summary.")
def demo(
    day: int | None,
    web_port: int,
    host: str,
    port: int,
    captures: Path,
    crawl_db: Path,
    archive: Path,
    browser: bool,
    no_serve: bool,
) -> None:
    """Crawl an invented prefecture's web on loopback, build the archive, sum up, serve it.

    Each further run finds the web a day older, up to the fifth: articles edited, removed and back, sites that moved.
    It fetches what changed; captures bear the dates of the invented days.
    """
    outlets = load_demo_outlets(web_port) | (load_demo_outlets(web_port, scripted=True) if browser else {})
    probe_port("127.0.0.1", web_port, "--web-port")
    if not no_serve:
        probe_port(host, port)
    before = past(crawl_db)
    today = day or day_after(before)
    with serve_web(web_port, today):
        click.echo(f"the demonstration web, day {today}: {len(outlets)} outlets on 127.0.0.1:{web_port}", err=True)
        # a day passes between two runs
        plan = Plan(recheck=timedelta(0) if before.runs else None, resolve=LOOPBACK)
        report = run_crawl(outlets.values(), plan, captures=captures, crawl_db=crawl_db, clock=clock(today, before))
        if report.exit_code == 130:
            raise KeyboardInterrupt
        lost = build_archive(captures, archive, crawl_db=crawl_db).lost
        print_summary(archive)
        if report.exit_code or lost:
            sys.exit(1)
        if not no_serve:
            run_datasette(archive, captures=captures, host=host, port=port)
