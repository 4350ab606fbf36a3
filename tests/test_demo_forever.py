"""`fangzhi crawl --forever`: it polls, it builds while it crawls, and it ends when it is told to."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

from fangzhi.demo import PORT, serve, truth
from fangzhi.demo.web import OUTLETS


def archived(path) -> set[str]:
    if not path.exists():
        return set()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        try:
            return {row[0] for row in database.execute("SELECT url FROM articles")}
        except sqlite3.OperationalError:  # the build is about to make the tables
            return set()


def test_a_crawl_without_end_builds_meanwhile_and_ends_on_one_interrupt(tmp_path):
    with serve(0) as web:
        (tmp_path / "outlets").mkdir()
        for path in OUTLETS.glob("*.toml"):
            moved = path.read_text("utf-8").replace(f".localhost:{PORT}", f".localhost:{web.port}")
            (tmp_path / "outlets" / path.name).write_text(moved, "utf-8")
        words = ["crawl", "--folder", "outlets", "--forever", "--build-every", "0.05"]
        crawl = subprocess.Popen([sys.executable, "-m", "fangzhi", *words], cwd=tmp_path, stderr=subprocess.PIPE)
        wanted = {one.url for one in truth(1, web.port) if one.readable}
        patience = time.monotonic() + 90
        while archived(tmp_path / "archive.db") != wanted and time.monotonic() < patience:
            assert crawl.poll() is None, crawl.stderr.read().decode()
            time.sleep(0.2)
        found = archived(tmp_path / "archive.db")
        crawl.send_signal(signal.SIGINT)
        _, told = crawl.communicate(timeout=60)

    assert found == wanted
    assert crawl.returncode == 130, told.decode()
    assert "Traceback" not in told.decode()
