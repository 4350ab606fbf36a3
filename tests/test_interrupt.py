"""Ctrl-C while the archive is built after a crawl: it ends at once, with one line and a code of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from tests.ports import free_port


@pytest.mark.parametrize("after", [0.05, 0.8], ids=["while the readers start", "while they read"])
def test_an_interrupt_ends_the_build_after_a_crawl(tmp_path, after):
    words = ["demo", "--no-serve", "--web-port", str(free_port())]
    demo = subprocess.Popen(
        [sys.executable, "-m", "fangzhi", *words],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    too_long = threading.Timer(90, demo.kill)
    too_long.start()
    told = []
    for line in demo.stderr:
        told.append(line)
        if line.startswith("crawl finished"):
            time.sleep(after)
            os.killpg(demo.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    demo.wait()
    too_long.cancel()
    demo.stderr.close()

    assert demo.returncode == 130, "".join(told)
    assert "Traceback" not in "".join(told)
    assert told[-1].startswith("interrupted; what was captured is kept")
    assert not any(line.startswith("built") for line in told)
    build = subprocess.run(
        [sys.executable, "-m", "fangzhi", "build"], cwd=tmp_path, capture_output=True, timeout=90, check=False
    )
    assert build.returncode == 0, build.stderr
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone()[0] > 100
