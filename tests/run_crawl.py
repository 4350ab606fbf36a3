"""Run one crawl as told by a JSON object on the command line; die inside it where that is asked for."""

import json
import os
import re
import signal
import sys
import time
import traceback
from dataclasses import asdict, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crawler import active, frontier
from crawler.crawl import crawl
from crawler.outlet import Outlet
from crawler.plan import Plan
from crawler.report import Progress
from crawler.watch import OutletFiles


def die_in_write(number: int) -> None:
    """Be killed in the middle of the `number`-th write to a WARC file, half of it on disk."""
    append, calls = active.ActiveFile.append, [0]

    def torn(self: active.ActiveFile, data: bytes) -> tuple[str, int]:
        calls[0] += 1
        if calls[0] == number:
            self._file.write(data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return append(self, data)

    active.ActiveFile.append = torn


def die_in_acknowledgement(number: int) -> None:
    """Be killed inside the `number`-th acknowledgement: its links are written, its transaction is not."""
    add, calls = frontier.Frontier._add, [0]

    def torn(self: frontier.Frontier, *given: Any) -> int:
        calls[0] += 1
        new = add(self, *given)
        if calls[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return new

    frontier.Frontier._add = torn


def tell_notes(progress: Progress) -> None:
    """Print on standard error what a person should know, as soon as it is known."""
    told = tell_notes.__dict__.setdefault("told", [])
    for note in progress.notes[len(told) :]:
        sys.stderr.write(f"{note}\n")
        sys.stderr.flush()
        told.append(note)


def main(given: dict[str, Any]) -> int:
    """Crawl, print the report as the last line, return its exit code."""
    if number := given.pop("die_in_write", None):
        die_in_write(number)
    if number := given.pop("die_in_acknowledgement", None):
        die_in_acknowledgement(number)
    for name in ("since", "until"):
        if given.get(name):
            given[name] = date.fromisoformat(given[name])
    if "recheck" in given:
        given["recheck"] = timedelta(seconds=given["recheck"])
    given.setdefault("resolve", {"localhost": "127.0.0.1"})
    given.setdefault("patience", 0.0)
    if rate := given.pop("haste", None):  # so many seconds of the crawl go by in one
        began = time.time()
        given["clock"] = lambda: began + rate * (time.time() - began)
    outlets = [Outlet.model_validate(outlet) for outlet in given.pop("outlets")]
    if folder := given.pop("files", None):
        given["files"] = OutletFiles(Path(folder), every=0.05)
        given["on_progress"] = tell_notes
    if seconds := given.pop("lifetime", None):
        signal.alarm(seconds)  # a crawl that does not end is killed, and fails its test
    plan = Plan(**{one.name: given.pop(one.name) for one in fields(Plan) if one.name in given})
    report = crawl(outlets, plan, captures=Path(given.pop("captures")), crawl_db=Path(given.pop("crawl_db")), **given)
    told = {name: value for name, value in asdict(report).items() if name != "outlets"}
    counts = {slug: asdict(one) for slug, one in report.outlets.items()}
    # not ru_maxrss, which a process inherits from the one that started it
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1000
    sys.stdout.write(json.dumps({**told, "outlets": counts, "peak_mb": peak}) + "\n")
    return report.exit_code


def serve() -> None:
    """Run a crawl for every line of standard input, each in a fork of this process, whose imports are done.

    A line is {"given": …, "output": …, "errors": …}, the last two being files; the exit code is the answer.
    """
    assert "twisted.internet.reactor" not in sys.modules, "a reactor cannot be shared by forks"
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            for number, name in ((1, "output"), (2, "errors")):
                os.dup2(os.open(wanted[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
            code = 1
            try:
                code = main(wanted["given"])
            except BaseException:  # noqa: BLE001  (what a process of its own would print)
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        status = os.waitpid(child, 0)[1]
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        # what Scrapy would load by name, once for all forks
        from crawler import guard, keep, robots, unpack, wire  # noqa: F401

        serve()
    else:
        sys.exit(main(json.loads(sys.argv[1])))
