"""Run one crawl as told by a JSON object on the command line; die inside it where that is asked for."""

import json
import os
import re
import signal
import sys
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crawler import frontier, writer
from crawler.crawl import crawl
from crawler.outlet import Outlet


def die_in_write(number: int) -> None:
    """Be killed in the middle of the `number`-th write to a WARC file, half of it on disk."""
    append, calls = writer.WarcWriter._append, [0]

    def torn(self: writer.WarcWriter, file: Any, data: bytes) -> int:
        calls[0] += 1
        if calls[0] == number:
            file.write(data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return append(self, file, data)

    writer.WarcWriter._append = torn


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
    outlets = [Outlet.model_validate(outlet) for outlet in given.pop("outlets")]
    if seconds := given.pop("lifetime", None):
        signal.alarm(seconds)  # a crawl that does not end is killed, and fails its test
    report = crawl(outlets, captures=Path(given.pop("captures")), crawl_db=Path(given.pop("crawl_db")), **given)
    told = {name: value for name, value in asdict(report).items() if name != "outlets"}
    counts = {slug: asdict(one) for slug, one in report.outlets.items()}
    # not ru_maxrss, which a process inherits from the one that started it
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1000
    sys.stdout.write(json.dumps({**told, "outlets": counts, "peak_mb": peak}) + "\n")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
