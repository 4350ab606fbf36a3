"""`fangzhi crawl` killed with -9 at a random moment and started again: every article of the web is archived once."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

from fangzhi.demo import PORT, serve, truth
from fangzhi.demo.web import OUTLETS

KILLS = 3


def test_a_killed_crawl_is_taken_up_again_and_every_article_is_archived_once(tmp_path):
    with serve(0) as web:
        folder = tmp_path / "outlets"
        folder.mkdir()
        for path in OUTLETS.glob("*.toml"):
            moved = path.read_text("utf-8").replace(f".localhost:{PORT}", f".localhost:{web.port}")
            (folder / path.name).write_text(moved, "utf-8")
        command = [sys.executable, "-m", "fangzhi", "crawl", "--folder", str(folder)]
        for _ in range(KILLS):
            crawl = subprocess.Popen(
                [*command, "--no-build"], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            before = sum(web.requests.values())
            while crawl.poll() is None and sum(web.requests.values()) == before:
                time.sleep(0.02)
            time.sleep(random.uniform(0.05, 1.5))  # any moment of some three seconds of crawling
            crawl.send_signal(signal.SIGKILL)
            crawl.wait()
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        wanted = sorted(one.url for one in truth(1, web.port) if one.readable)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database:
        found = [row[0] for row in database.execute("SELECT url FROM articles ORDER BY url")]
        versions = database.execute("SELECT count(*) FROM versions").fetchone()[0]

    assert done.returncode == 0, done.stderr
    assert found == wanted
    assert versions == len(wanted)
