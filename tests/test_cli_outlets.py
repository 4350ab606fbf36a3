"""`fangzhi outlets` on a site that has no file yet: the demonstration web, over real HTTP."""

import subprocess
import sys

import pytest

from fangzhi.demo import serve


def outlets(*words, cwd):
    command = [sys.executable, "-m", "fangzhi", "outlets", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def port():
    with serve(0) as web:
        yield web.port


def test_a_look_tells_sources_articles_and_what_a_crawl_would_ask_for(tmp_path, port):
    done = outlets("try", f"http://wjw.shitang.localhost:{port}/", "--private", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert f"http://wjw.shitang.localhost:{port}/zwgk/tzgg/" in done.stdout
    assert "articles look like" in done.stdout
    assert "a first crawl would ask for" in done.stdout


def test_the_file_that_is_written_passes_the_check_and_crawls(tmp_path, port):
    home = f"http://news.huaize.localhost:{port}/"
    (tmp_path / "mine").mkdir()
    written = outlets("new", home, "--private", cwd=tmp_path).stdout
    (tmp_path / "mine" / "news.toml").write_text(f"delay = 0\n{written}", "utf-8")  # loopback needs no manners

    checked = outlets("check", "mine/news.toml", cwd=tmp_path)
    crawl = [sys.executable, "-m", "fangzhi", "crawl", "--folder", "mine", "--limit", "3", "--no-build"]
    crawled = subprocess.run(crawl, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert checked.returncode == 0, checked.stderr
    assert crawled.returncode == 0, crawled.stderr
    assert list((tmp_path / "captures").glob("*.warc.gz"))


def test_a_site_that_does_not_answer_is_said_not_to_answer(tmp_path):
    done = outlets("try", "http://nowhere.localhost:1/", "--private", cwd=tmp_path)

    assert done.returncode == 4
    assert "nowhere.localhost" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stranger_is_not_visited_without_a_contact(tmp_path):
    done = outlets("try", "http://paper.example/", cwd=tmp_path)

    assert done.returncode == 2
    assert "--contact" in done.stderr
